import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AF, CF, OF, PF, SF, ZF } from '../state/flags.ts';
import { decode, decoderOf, FORMS, parseTable, type InstructionForm } from '../opcodes/index.ts';
import {
  casesFor,
  FLAGS_SHOWN,
  formGroups,
  inputsOf,
  readBook,
  REGISTERS,
  sequenceGroups,
  whyUnanswered,
  type Book,
  type Case,
  type CaseGroup,
} from './vectors/index.ts';
import { Runner } from './vectors/run.ts';

/** Instructions leave registers, memory and defined flags, or end in an exception, as on a real processor (an AMD EPYC, vectors/native.txt and sequences.txt). */

const ALL = CF | PF | AF | ZF | SF | OF;

/** Flags that the manual leaves undefined. */
function undefinedFlags(c: Case): number {
  if (!c.form) return 0;
  const { name } = c.form;
  const size = c.form.operands[0]?.size === 'b' ? 8 : c.operandSize;
  const cl = c.registers[1] & 31;
  const imm = c.code[c.code.length - 1] & 31;
  const counted = c.form.operands.find((o) => o.kind === 'one')
    ? 1
    : c.form.operands.some((o) => o.kind === 'reg' && o.reg === 1)
      ? cl
      : imm;
  switch (name) {
    case 'and':
    case 'or':
    case 'xor':
    case 'test':
      return AF;
    case 'shl':
    case 'shr':
    case 'sar':
      return counted === 0 ? 0 : AF | (counted > 1 ? OF : 0) | (counted >= size ? CF : 0);
    case 'rol':
    case 'ror':
    case 'rcl':
    case 'rcr':
      return counted > 1 ? OF : 0;
    case 'shld':
    case 'shrd':
      return counted === 0 ? 0 : counted > size ? ALL : AF | (counted > 1 ? OF : 0);
    case 'mul':
    case 'imul':
    case 'imulWide':
      return SF | ZF | AF | PF;
    case 'div':
    case 'idiv':
      return ALL;
    case 'bsf':
    case 'bsr':
      return ALL & ~ZF;
    case 'bt':
    case 'bts':
    case 'btr':
    case 'btc':
      return OF | SF | AF | PF;
    case 'aam':
    case 'aad':
      return OF | AF | CF;
    case 'daa':
    case 'das':
      return OF;
    case 'aaa':
    case 'aas':
      return OF | SF | ZF | PF;
    default:
      return 0;
  }
}

const runner = new Runner();
const book = (file: string): Book => readBook(readFileSync(new URL(`./vectors/${file}`, import.meta.url), 'utf8'));

/** Compares a case's answer with the processor's, undefined flags left out. */
function compare(c: Case, recorded: string, undefinedOnes: number): void {
  const defined = (line: string): string =>
    line.replace(/flags=([0-9a-f]+)/, (_, flags: string) => `flags=${(parseInt(flags, 16) & FLAGS_SHOWN & ~undefinedOnes).toString(16)}`);
  const got = defined(runner.run(c));
  const wanted = defined(recorded);
  if (got === wanted) return;
  const what = `${c.place.name}: ${c.name} | ${REGISTERS.map((r, k) => `${r}=${c.registers[k].toString(16)}`).join(' ')} flags=${c.flags.toString(16)} memory=${c.memory.map((w) => w.toString(16)).join(' ')}`;
  expect.soft(`${what} -> ${got}`).toBe(`${what} -> ${wanted}`);
}

/** A case and what the processor said to it. */
type Answered = readonly [Case, string];

/** All cases with their answers, by a name that they share with their like. */
function answered(groups: readonly CaseGroup[], recorded: Book, nameOf: (c: Case) => string): [string, Answered[]][] {
  const named = new Map<string, Answered[]>();
  for (const group of groups) {
    const answers = recorded.get(group.key)?.answers;
    if (!answers) continue;
    casesFor(group, recorded).forEach((c, n) => {
      const name = nameOf(c);
      const list = named.get(name);
      if (list) list.push([c, answers[n]]);
      else named.set(name, [[c, answers[n]]]);
    });
  }
  return [...named];
}

/** What must hold of a book and the groups it answers. */
function itIsWhole(groups: readonly CaseGroup[], recorded: Book): void {
  it('has a recording for every case, and none of other cases', () => {
    expect(groups.map((group) => whyUnanswered(group, casesFor(group, recorded), recorded)).filter(Boolean)).toEqual([]);
    const keys = new Set(groups.map(({ key }) => key));
    expect(keys.size, 'two groups with one key').toBe(groups.length);
    expect([...recorded.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });
}

describe('integer instructions against a processor', () => {
  const recorded = book('native.txt');
  const groups = formGroups();
  itIsWhole(groups, recorded);
  it.each(answered(groups, recorded, (c) => c.form?.mnemonic ?? ''))('%s', (_mnemonic, cases) => {
    for (const [c, answer] of cases) compare(c, answer, undefinedFlags(c));
  });
});

describe('the cases of one form', () => {
  const recorded = book('native.txt');
  const inputs = (forms: readonly InstructionForm[]): Map<string, number> =>
    new Map(formGroups(forms).map((group) => [group.key, inputsOf(casesFor(group, recorded))]));
  const all = inputs(FORMS);

  it.each(['twiddle | 0F 04 /r ib | Ev Gv Ib | lock', 'twiddle | F3 0F 04 /r | Gv Ev |'])('hang on no other: a form more, %s', (line) => {
    const [made] = parseTable(line);
    const more = inputs([made, ...FORMS.slice(0, 100), made, ...FORMS.slice(100)]);
    const added = [...more.keys()].filter((key) => !all.has(key));
    expect(added.length).toBeGreaterThan(0);
    expect(added.filter((key) => !key.startsWith(`${made.key} | `))).toEqual([]);
    expect([...all].filter(([key, value]) => more.get(key) !== value)).toEqual([]);
  });

  it('hang on no other: a form less', () => {
    const gone = FORMS.find((form) => form.key === '0f c1 /r Ev Gv');
    const less = inputs(FORMS.filter((form) => form !== gone));
    expect([...all].filter(([key, value]) => less.get(key) !== value).map(([key]) => key.split(' | ')[0])).toEqual(
      [...all.keys()].map((key) => key.split(' | ')[0]).filter((key) => key === gone?.key),
    );
    expect(less.size).toBeLessThan(all.size);
  });

  it('hang on no order', () => expect([...inputs([...FORMS].reverse())].sort()).toEqual([...all].sort()));

  it('are of that form: a later processor’s, behind a prefix of its own', () => {
    const forms = parseTable('twiddle | 0F 04 /r | Gv Ev |\ntwaddle | F3 0F 04 /r | Gv Ev |');
    const decodeLater = decoderOf(forms);
    for (const c of formGroups(forms).flatMap((group) => casesFor(group, new Map()))) {
      const insn = decodeLater((n) => c.code[n], !c.place.code16);
      expect([insn.form, insn.operandSize, insn.length], c.name).toEqual([c.form, c.operandSize, c.code.length]);
    }
  });

  it('of a new form come from its own name: the same ones for everybody, other ones for another', () => {
    const draw = (line: string): number[][] =>
      formGroups(parseTable(line)).map((group) => casesFor(group, new Map()).flatMap((c) => c.registers));
    const [same] = draw('twiddle | 0F 04 /r ib | Ev Gv Ib | lock');
    expect(same).toEqual(draw('twaddle | 0F 04 /r ib | Ev Gv Ib | lock')[0]);
    expect(same).not.toEqual(draw('twiddle | 0F 05 /r ib | Ev Gv Ib | lock')[0]);
  });
});

/** LAR: bits 16-19 of the result are the limit's to some processors and zero to others, this one among them (SDM vol. 2, LAR). */
function withoutLimit(line: string): string {
  return line.replace(/ecx=([0-9a-f]+)/, (_, value: string) => `ecx=${(parseInt(value, 16) & ~0xf0000).toString(16)}`);
}

/** Of a frame that cannot be popped to its end, the processor keeps the registers it has got so far, now these, now those; a fault undoes them (SDM vol. 3, 6.5). */
function withoutRegisters(line: string): string {
  return line.replace(/ (?:eax|ecx|edx|ebx|ebp|esi|edi)=[0-9a-f]+/g, '');
}

describe('sequences against a processor', () => {
  const recorded = book('sequences.txt');
  const groups = sequenceGroups();
  const kind = (c: Case): string => c.name.replace(/: [^:]*$/, '').replace(/ [0-9a-f]+ (to|in|at|of) .*| [0-9a-f]+$/, '');
  itIsWhole(groups, recorded);
  it.each(answered(groups, recorded, kind))('%s', (_what, cases) => {
    for (const [c, answer] of cases)
      compare(
        c,
        / lar [0-9a-f]+:/.test(c.name) ? withoutLimit(answer) : /: page fault of a frame/.test(c.name) ? withoutRegisters(answer) : answer,
        /: (page fault of|no instruction)/.test(c.name) ? undefinedFlags(c) : 0,
      );
  });
});

/** Not recorded: what tells of the processor itself, or of the system under a user program (which may be told a tale); INT1 did not survive the way through a hypervisor. */
const UNRECORDED = ['cpuid', 'rdtsc', 'sldt', 'str', 'sgdt', 'sidt', 'smsw', 'int1'];

it('every form of the opcode table has met a processor, but for a few', () => {
  const drawn = (groups: readonly CaseGroup[], recorded: Book): Case[] => groups.flatMap((group) => casesFor(group, recorded));
  const met = new Set(drawn(formGroups(), book('native.txt')).map((c) => c.form?.id ?? -1));
  for (const c of drawn(sequenceGroups(), book('sequences.txt'))) runner.run(c, met);
  for (const [opcode] of readFileSync(new URL('./fpu/silicon.txt', import.meta.url), 'utf8').matchAll(/^[0-9a-f]{3}(?= .* > )/gm)) {
    const code = [0xd8 | parseInt(opcode[0], 16), parseInt(opcode.slice(1), 16)];
    met.add(decode((n) => code[n] ?? 0, true).form?.id ?? -1);
  }
  expect([...new Set(FORMS.filter((form) => !met.has(form.id)).map((form) => form.name))].sort()).toEqual([...UNRECORDED].sort());
});
