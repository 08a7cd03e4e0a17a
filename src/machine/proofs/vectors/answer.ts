import type { Case } from './case.ts';
import { CODE, END, FLAT, USER_CODE, USER_DATA } from './places.ts';

/** What a case came to: the processor's state where it ended, by the UD2 at its end or by an exception of its own. */
export interface Answer {
  vector: number;
  /** The exception's error code, 0 where it has none. */
  error: number;
  /** A page fault's address. */
  cr2: number;
  eip: number;
  /** EAX, ECX, EDX, EBX, EBP, ESI, EDI. */
  registers: number[];
  esp: number;
  flags: number;
  /** ES, CS, SS, DS, FS, GS. */
  segments: number[];
  /** {@link MEMORY_WORDS} from {@link MEMORY_BEFORE} bytes below the data. */
  memory: number[];
}

export const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'] as const;
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];
export const MEMORY_BEFORE = 32;
export const MEMORY_WORDS = 40;
/** The six arithmetic flags and DF; the rest is as every user program has it. */
export const FLAGS_SHOWN = 0xcd5;

/** EIP at a case's first instruction. */
export function entryOf(c: Case): number {
  return c.place.cs === USER_CODE ? c.place.code : 0;
}

/** The jump to the end that follows a case's code. */
export function withEnd(c: Case): number[] {
  return [...c.code, ...(c.place.code16 ? [0x66] : []), 0xea, END & 0xff, (END >> 8) & 0xff, END >> 16, 0, USER_CODE, 0];
}

/** An answer as a line: the exception if there was one, and what changed. An error code of a page fault is without the bit for a fetch, which needs PAE. */
export function tell(c: Case, answer: Answer): string {
  const words: string[] = [];
  const hex = (value: number): string => (value >>> 0).toString(16);
  const { place } = c;
  const ended = answer.vector === 6 && answer.segments[1] === USER_CODE && answer.eip === END;
  if (!ended) {
    const from = answer.segments[1] === USER_CODE ? CODE : 0;
    words.push(`trap ${answer.vector}/${hex(answer.vector === 14 ? answer.error & ~0x10 : answer.error)} at ${answer.eip - from}`);
    if (answer.vector === 14) words.push(`cr2=${hex(answer.cr2)}`);
  }
  REGISTERS.forEach((name, n) => {
    if (answer.registers[n] !== c.registers[n] >>> 0) words.push(`${name}=${hex(answer.registers[n])}`);
  });
  words.push(`flags=${hex(answer.flags & FLAGS_SHOWN)}`);
  if (answer.esp !== c.esp >>> 0) words.push(`esp=${hex(answer.esp)}`);
  const before = [USER_DATA, ended ? FLAT.cs : place.cs, place.ss, USER_DATA, 0, 0];
  SEGMENTS.forEach((name, n) => {
    if (answer.segments[n] !== before[n]) words.push(`${name}=${hex(answer.segments[n])}`);
  });
  answer.memory.forEach((word, n) => {
    const at = n * 4 - MEMORY_BEFORE;
    if (c.undefined && at + 4 > c.undefined[0] && at < c.undefined[1]) return;
    if (word !== (c.memory[at / 4] ?? 0) >>> 0) words.push(`${at}=${hex(word)}`);
  });
  return words.join(' ');
}
