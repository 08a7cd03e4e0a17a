import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { disassemble } from './index.ts';
import { gnuDisassemble, gnuLines, hasGnuAs, missingTools, ourLines, SLOT } from './testing/gnu_as.ts';
import { instructionLines } from './testing/instruction_lines.ts';
import { FORMS, decode } from './opcodes.ts';

/**
 * What GNU as and objdump made of every generated line: `bytes <tab> line <tab> objdump's text`, the i-th disassembled at i * SLOT.
 * Written anew with UPDATE_VECTORS=1 where binutils is.
 */
const FILE = new URL('./vectors/instructions.txt', import.meta.url);
const lines = instructionLines();

function record(): string {
  const bytes = gnuLines(lines);
  const refused = lines.filter((_, i) => bytes[i] === null);
  if (refused.length) throw new Error(`GNU as refuses: ${refused.join('; ')}`);
  const texts = gnuDisassemble(bytes.map((b) => b ?? ''));
  return lines.map((line, i) => `${bytes[i]}\t${line}\t${texts[i]}\n`).join('');
}

if (process.env.UPDATE_VECTORS && hasGnuAs) writeFileSync(FILE, record());
const recorded = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((row) => row.split('\t'));

/** objdump's ways that ours does not follow: CET's NOTRACK, which an i586 has not, and remarks on coprocessors of old. */
const theirs = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\((8087|287) only\)/, '')
    .trim();
const notrack = (text: string): boolean => text.startsWith('notrack ');

describe('every instruction of the table, operands varied', () => {
  it('has recorded vectors for exactly the generated lines', () => {
    expect(recorded.map((r) => r[1])).toEqual(lines);
  });

  it.skipIf(!hasGnuAs)(`recorded vectors are what GNU as says here ${missingTools}`, () => {
    expect(recorded.map((r) => r.join('\t')).join('\n')).toBe(record().trimEnd());
  });

  it('assembles to the bytes of GNU as', () => {
    const ours = ourLines(lines);
    const wrong = recorded.flatMap(([bytes, line], i) => (ours[i] === bytes ? [] : [`${line}: ${bytes}, ours ${ours[i]}`]));
    expect(wrong).toEqual([]);
  });

  it('disassembles to the text of objdump', () => {
    const wrong: string[] = [];
    recorded.forEach(([bytes, line, text], i) => {
      const whole = Uint8Array.from(Buffer.from(bytes, 'hex'));
      const { text: ours, length } = disassemble(whole, i * SLOT);
      if (length !== whole.length && bytes.startsWith('9b')) return; // FWAIT and an instruction
      if (!notrack(text) && (theirs(ours) !== theirs(text) || length !== whole.length))
        wrong.push(`${bytes} ${line}: ${theirs(text)}, ours ${theirs(ours)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('assembles the disassembly back to the same bytes', () => {
    const pairs = recorded.flatMap(([bytes], i) => {
      const { text, target } = disassemble(Uint8Array.from(Buffer.from(bytes, 'hex')), i * SLOT);
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
      recorded.map(([bytes]) => {
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
