/** Whether what a tab, an address or a file has kept is whole: each may be of another version of this book, and anybody can write one. */
import type { Breakpoint, KeptRun, Note, Notes, RunPlace } from './protocol.ts';

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
const isTextOrNone = (value: unknown): boolean => value === undefined || isText(value);
/** None that a run could not reach. */
const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
const isAddress = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff;
const isListOf = <T>(value: unknown, is: (one: unknown) => one is T): value is T[] => Array.isArray(value) && value.every(is);

/** Whether it is a list of texts. */
export function isTexts(value: unknown): value is string[] {
  return isListOf(value, isText);
}

/** Four counts. */
export function isPlace(value: unknown): value is RunPlace {
  return isRaw(value) && [value.at, value.step, value.time, value.line].every(isCount);
}

/** Whether it is a run that can be had again. */
export function isKeptRun(value: unknown): value is KeptRun {
  return isRaw(value) && isPlace(value.where) && isFlag(value.midway) && isTexts(value.inputs);
}

/** Whether each has all that its kind has. */
export function areBreakpoints(value: unknown): value is Breakpoint[] {
  return isListOf(value, isBreakpoint);
}

function isBreakpoint(value: unknown): value is Breakpoint {
  if (!isRaw(value) || !isCount(value.id) || !isFlag(value.on)) return false;
  switch (value.kind) {
    case 'line':
      return (
        isRaw(value.place) && isText(value.place.source) && isCount(value.place.line) && isText(value.note) && isTextOrNone(value.when)
      );
    case 'address':
      return isAddress(value.address) && isTextOrNone(value.when);
    case 'event':
      return isText(value.event) && isText(value.when);
    case 'data':
      return isAddress(value.address) && isFlag(value.physical) && isFlag(value.reads);
    default:
      return false;
  }
}

/** Whether they are what was noted at the hits of lines. */
export function areNotes(value: unknown): value is Notes[] {
  return isListOf(value, isNotes);
}

function isNotes(value: unknown): value is Notes {
  if (!isRaw(value) || !isCount(value.id) || !isText(value.note) || !isCount(value.count)) return false;
  const { fault, ended } = value;
  if (ended !== undefined && typeof ended !== 'boolean') return false;
  return isListOf(value.hits, isNote) && (fault === null || (isRaw(fault) && isText(fault.message) && isCount(fault.at)));
}

function isNote(value: unknown): value is Note {
  return isRaw(value) && isPlace(value.place) && isText(value.text);
}
