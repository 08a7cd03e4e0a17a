import type { AssemblerContext } from './context.ts';
import { constantOf } from './expressions.ts';
import { scrub } from './lines.ts';
import type { Scanner } from './scanner.ts';
import type { Location } from './types.ts';

/** An open `.if`: whether its present branch is assembled, and whether one has been. */
export interface Conditional {
  active: boolean;
  taken: boolean;
  otherwise: boolean;
  readonly location: Location;
}

const TESTS: Readonly<Record<string, (value: bigint) => boolean>> = {
  '.if': (v) => v !== 0n,
  '.ifne': (v) => v !== 0n,
  '.ifeq': (v) => v === 0n,
  '.ifge': (v) => v >= 0n,
  '.ifgt': (v) => v > 0n,
  '.ifle': (v) => v <= 0n,
  '.iflt': (v) => v < 0n,
};

function absolute(scanner: Scanner, word: string): bigint {
  const value = constantOf(scanner.expression());
  scanner.expectEnd();
  return value ?? scanner.fail(`'${word}' needs a constant expression`);
}

function test(assembler: AssemblerContext, word: string, scanner: Scanner): boolean | null {
  const numeric = TESTS[word];
  if (numeric) return numeric(absolute(scanner, word));
  switch (word) {
    case '.ifdef':
    case '.ifndef':
    case '.ifnotdef': {
      const name = scanner.name() || scanner.fail('missing symbol name');
      scanner.expectEnd();
      return assembler.symbols.isDefined(name) === (word === '.ifdef');
    }
    case '.ifb':
      return scanner.end;
    case '.ifnb':
      return !scanner.end;
    case '.ifc':
    case '.ifnc': {
      // Up to the comma, blanks within and all (GNU as, "If").
      const text = scrub(scanner.rest());
      const comma = text.indexOf(',');
      if (comma < 0) scanner.fail(`${word} compares two texts with a comma between`);
      return (text.slice(0, comma).trimEnd() === text.slice(comma + 1).trim()) === (word === '.ifc');
    }
    case '.ifeqs':
    case '.ifnes': {
      const a = scanner.string();
      scanner.expect(',');
      const b = scanner.string();
      scanner.expectEnd();
      return (a.join() === b.join()) === (word === '.ifeqs');
    }
    default:
      return null;
  }
}

/** Handles a directive of the `.if` family, also while skipping; false when it is none. */
export function conditionalDirective(assembler: AssemblerContext, word: string, scanner: Scanner): boolean {
  const open = assembler.conditionals;
  const top = open[open.length - 1];
  const opens = word in TESTS || /^\.if(def|ndef|notdef|b|nb|c|nc|eqs|nes)$/.test(word);
  if (opens) {
    const entry: Conditional = { active: false, taken: true, otherwise: false, location: assembler.location };
    if (!assembler.skipping) {
      open.push(entry);
      entry.active = entry.taken = false;
      entry.active = entry.taken = test(assembler, word, scanner) ?? false;
    } else open.push(entry);
    return true;
  }
  if (word !== '.else' && word !== '.elseif' && word !== '.endif') return false;
  if (!top) {
    assembler.report('error', `${word} without .if`);
    return true;
  }
  if (word === '.endif') {
    open.pop();
    scanner.expectEnd();
    return true;
  }
  if (top.otherwise) assembler.report('error', `${word} after .else`);
  const outer = open.slice(0, -1).some((c) => !c.active);
  const may = !top.taken && !outer;
  top.active = false;
  if (word === '.else') {
    top.otherwise = true;
    top.active = may;
  } else if (may) top.active = absolute(scanner, word) !== 0n;
  top.taken ||= top.active;
  if (word === '.else') scanner.expectEnd();
  return true;
}
