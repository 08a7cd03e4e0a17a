import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { disassemble } from './index.ts';
import { gnuDisassemble, gnuLines, hasGnuAs, missingTools, ourLines, SLOT } from './testing/gnu_as.ts';
import { instructionLines } from './testing/instruction_lines.ts';
import { FORMS, decode, parseTable } from './opcodes.ts';

/**
 * What GNU as and objdump made of lines of assembly: `bytes <tab> line <tab> objdump's text <tab> address it was disassembled at`. A row stays right whatever
 * becomes of the table; UPDATE_VECTORS=1 asks, where binutils is, for the generated lines that have none.
 */
const FILE = new URL('./vectors/instructions.txt', import.meta.url);
const lines = instructionLines();

interface Row {
  bytes: string;
  line: string;
  text: string;
  address: number;
}

function readRows(): Row[] {
  return readFileSync(FILE, 'utf8')
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'))
    .map(([bytes, line, text, address]) => ({ bytes, line, text, address: parseInt(address, 16) }));
}

const formatRows = (rows: readonly Row[]): string =>
  rows.map(({ bytes, line, text, address }) => `${bytes}\t${line}\t${text}\t${address.toString(16)}\n`).join('');

/** Asks GNU as and objdump. */
function ask(asked: readonly string[]): Row[] {
  const bytes = gnuLines(asked);
  const refused = asked.filter((_, i) => bytes[i] === null);
  if (refused.length) throw new Error(`GNU as refuses: ${refused.join('; ')}`);
  const texts = gnuDisassemble(bytes.map((b) => b ?? ''));
  return asked.map((line, i) => ({ bytes: bytes[i] ?? '', line, text: texts[i], address: i * SLOT }));
}

if (process.env.UPDATE_VECTORS && hasGnuAs) {
  const known = readRows();
  const missing = lines.filter((line) => !known.some((row) => row.line === line));
  writeFileSync(FILE, formatRows([...known, ...ask(missing)]));
}
const recorded = readRows();

/** objdump's ways that ours does not follow: CET's NOTRACK, which an i586 has not, and remarks on coprocessors of old. */
const theirs = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\((8087|287) only\)/, '')
    .trim();
const notrack = (text: string): boolean => text.startsWith('notrack ');

describe('every instruction of the table, operands varied', () => {
  it('has recorded vectors for all generated lines, one a line', () => {
    const known = recorded.map(({ line }) => line);
    expect(lines.filter((line) => !known.includes(line))).toEqual([]);
    expect(known.filter((line, i) => known.indexOf(line) !== i)).toEqual([]);
  });

  it('a form more adds its lines, and leaves the others as they are', () => {
    const made = parseTable('madeup | 0F FF /3 | Ev Gv |');
    const more = instructionLines([...FORMS.slice(0, 7), ...made, ...FORMS.slice(7)]);
    expect(more.filter((line) => !line.includes('madeup'))).toEqual(lines);
    expect(more.length).toBeGreaterThan(lines.length);
  });

  it.skipIf(!hasGnuAs)(`recorded bytes are what GNU as says here ${missingTools}`, () => {
    const said = gnuLines(recorded.map(({ line }) => line));
    expect(recorded.filter(({ bytes }, i) => said[i] !== bytes)).toEqual([]);
  });

  it('assembles to the bytes of GNU as', () => {
    const ours = ourLines(recorded.map(({ line }) => line));
    const wrong = recorded.flatMap(({ bytes, line }, i) => (ours[i] === bytes ? [] : [`${line}: ${bytes}, ours ${ours[i]}`]));
    expect(wrong).toEqual([]);
  });

  it('disassembles to the text of objdump', () => {
    const wrong: string[] = [];
    recorded.forEach(({ bytes, line, text, address }) => {
      const whole = Uint8Array.from(Buffer.from(bytes, 'hex'));
      const { text: ours, length } = disassemble(whole, address);
      if (length !== whole.length && bytes.startsWith('9b')) return; // FWAIT and an instruction
      if (!notrack(text) && (theirs(ours) !== theirs(text) || length !== whole.length))
        wrong.push(`${bytes} ${line}: ${theirs(text)}, ours ${theirs(ours)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('assembles the disassembly back to the same bytes', () => {
    const pairs = recorded.flatMap(({ bytes, address }) => {
      const { text, target } = disassemble(Uint8Array.from(Buffer.from(bytes, 'hex')), address);
      return target === null && !bytes.startsWith('9b') ? [{ bytes, text }] : [];
    });
    const ours = ourLines(pairs.map((p) => p.text));
    // Several encodings of one instruction read alike; the assembler gives the shortest.
    const wrong = pairs.flatMap(({ bytes, text }, i) =>
      ours[i] !== null && (ours[i] ?? '').length <= bytes.length ? [] : [`${text}: ${bytes}, ours ${ours[i]}`],
    );
    expect(wrong).toEqual([]);
  });

  it('reaches every form that a program can name', () => {
    const reached = new Set(
      recorded.map(({ bytes }) => {
        const data = Buffer.from(bytes, 'hex');
        const from = bytes.startsWith('9b') && data.length > 1 ? 1 : 0;
        return decode((i) => data[from + i], true).form?.id;
      }),
    );
    // The short and the near jump are told apart by relaxation alone; bytes that another form has first are out of reach.
    const missing = FORMS.filter((f) => !reached.has(f.id) && !f.attributes.has('alias') && f.mnemonic !== 'salc');
    expect(missing.map((f) => `${f.mnemonic} ${f.opcode.toString(16)}`)).toEqual([]);
  });
});
