import type { AssemblerContext } from './context.ts';
import type { Handler } from './directives.ts';
import { constantOf } from './expressions.ts';
import type { Section } from './object.ts';
import type { Scanner } from './scanner.ts';

function subsectionNumber(rest: Scanner): number {
  if (rest.end) return 0;
  const value = constantOf(rest.expression()) ?? rest.fail('subsection must be a constant');
  if (value < 0n || value > 8192n) rest.fail(`subsection ${value} is out of range`);
  return Number(value);
}

const standard =
  (name: string): Handler =>
  (assembler, rest) => {
    const number = subsectionNumber(rest);
    rest.expectEnd();
    assembler.enter(assembler.sectionNamed(name), number);
  };

/** `name [, subsection] [, "flags" [, @type [, entsize]]]`. */
function named(assembler: AssemblerContext, rest: Scanner): { section: Section; subsection: number } {
  const name = /^"[^"]*"|^[^\s,"]+/.exec(rest.rest())?.[0] ?? rest.fail('missing section name');
  rest.space();
  rest.at += name.length;
  let flags: string | null = null;
  let nobits = false;
  let subsection = 0;
  if (rest.take(',')) {
    if (rest.peek() !== '"') {
      subsection = subsectionNumber(rest);
      rest.take(',');
    }
    if (rest.peek() === '"') {
      flags = String.fromCharCode(...rest.string());
      if (/[^aewxMSGTolo?]/.test(flags)) rest.fail(`unknown section flag in "${flags}"`);
      if (rest.take(',')) {
        const type = /^[@%]?("?)([a-z_0-9]+)\1/.exec(rest.rest()) ?? rest.fail('missing section type');
        rest.space();
        rest.at += type[0].length;
        nobits = type[2] === 'nobits';
        if (rest.take(',')) rest.at = rest.text.length;
      }
    }
  }
  rest.expectEnd();
  return { section: assembler.sectionNamed(name.replace(/"/g, ''), flags, nobits), subsection };
}

export const SECTION_DIRECTIVES: Readonly<Record<string, Handler>> = {
  '.text': standard('.text'),
  '.data': standard('.data'),
  '.bss': standard('.bss'),
  '.section': (assembler, rest) => {
    const to = named(assembler, rest);
    assembler.enter(to.section, to.subsection);
  },
  '.pushsection': (assembler, rest) => {
    const { section, subsection, previous } = assembler;
    const to = named(assembler, rest);
    assembler.stack.push({ section, subsection, previous });
    assembler.enter(to.section, to.subsection);
  },
  '.popsection': (assembler, rest) => {
    rest.expectEnd();
    const saved = assembler.stack.pop() ?? rest.fail('.popsection without .pushsection', 0);
    assembler.section = saved.section;
    assembler.subsection = saved.subsection;
    assembler.previous = saved.previous;
  },
  '.previous': (assembler, rest) => {
    rest.expectEnd();
    const back = assembler.previous ?? rest.fail('.previous without an earlier section', 0);
    assembler.enter(back.section, back.subsection);
  },
  '.subsection': (assembler, rest) => {
    const number = subsectionNumber(rest);
    rest.expectEnd();
    assembler.enter(assembler.section, number);
  },
};
