/** A small language for what a chapter's JSON may say: nobody would notice a misspelt name, or half a character. */
import type { JsonPath } from '#tangle';

/** What cannot be right, and where: at a value, or at its name. */
export interface Complaint {
  readonly path: JsonPath;
  readonly part: 'name' | 'value';
  /** Goes on after the name of what it is about: “scene x”. */
  readonly sentence: string;
}

export type Complain = (path: JsonPath, sentence: string, part?: 'name' | 'value') => void;
export type Check = (value: unknown, path: JsonPath, complain: Complain) => void;

export const shown = (value: unknown): string => (typeof value === 'string' ? `“${value}”` : JSON.stringify(value));
const nameOf = (path: JsonPath): string => path.filter((step) => typeof step === 'string').join('.');

export function rule(wanted: string, isRight: (value: unknown) => boolean): Check {
  return (value, path, complain) => {
    if (!isRight(value)) complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no ${wanted}`);
  };
}

export function listOf(each: Check): Check {
  return (value, path, complain) => {
    if (!Array.isArray(value)) complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no list`);
    else for (const [index, item] of value.entries()) each(item, [...path, index], complain);
  };
}

export function mapOf(each: Check): Check {
  return (value, path, complain) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      complain(path, `has ${shown(value)} as its ${nameOf(path)}: that is no object`);
    else for (const [name, item] of Object.entries(value)) each(item, [...path, name], complain);
  };
}

export function fields(known: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, path, complain) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      complain(path, `has ${shown(value)} ${path.length === 0 ? 'in all' : `as its ${nameOf(path)}`}: that is no object`);
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      if (Object.hasOwn(known, name)) known[name](item, [...path, name], complain);
      else complain([...path, name], `speaks of “${name}”, which nobody reads`, 'name');
    }
    for (const name of required) if (!Object.hasOwn(value, name)) complain(path, `does not say its ${name}`);
  };
}

export const text = rule('text', (value) => typeof value === 'string');
