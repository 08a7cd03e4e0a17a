import { decode } from '../../../opcodes/index.ts';
import { generator, picker, type Case, type CaseGroup } from '../case.ts';
import { CODE, FLAT, STACK16, type Place } from '../places.ts';

/**
 * What needs more than one instruction, or a certain one.
 *
 * The code is a line of hexadecimal bytes. `>` and `>>` are labels, `@` and `@@` their linear addresses, `&` and `%` the first one's offset in the code as
 * four and as two bytes. ESI and EDI point to the data, EBP 8 bytes on; ESP 16 below the end of what is recorded as the case's memory.
 */
export interface Sequence {
  place?: Place;
  name: string;
  code: string;
  times?: number;
  esp?: number;
  undefined?: readonly [number, number] | undefined;
}

export const hex = (value: number, bytes: number): string =>
  Array.from({ length: bytes }, (_, n) => ((value >>> (n * 8)) & 0xff).toString(16).padStart(2, '0')).join(' ');

/** How many bytes the words of a sequence make. */
function widthOf(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (word[0] === '>' ? 0 : '@&'.includes(word[0]) ? 4 : word === '%' ? 2 : 1), 0);
}

function assemble(text: string): number[] {
  const words = text.split(' ');
  const label = (name: string): number => widthOf(words.slice(0, words.indexOf(name)));
  const valueOf = (word: string): number => {
    if (word === '@') return CODE + label('>');
    if (word === '@@') return CODE + label('>>');
    return word === '&' || word === '%' ? label('>') : parseInt(word, 16);
  };
  return words.flatMap((word) => Array.from({ length: widthOf([word]) }, (_, i) => (valueOf(word) >>> (i * 8)) & 0xff));
}

/** The group of a sequence: its registers, flags and memory are drawn; see {@link drawCases} on what may change. */
export function sequenceGroup(sequence: Sequence): CaseGroup {
  const place = sequence.place ?? FLAT;
  const name = `${place.name}: ${sequence.name}: ${sequence.code}`;
  return { key: name, draw: (seed) => drawSequence(sequence, place, name, seed) };
}

function drawSequence(sequence: Sequence, place: Place, name: string, seed: number): Case[] {
  const next = generator(seed);
  const pick = picker(next);
  const code = assemble(sequence.code);
  const { form, operandSize } = decode((n) => code[n] ?? 0x90, !place.code16);
  return Array.from({ length: sequence.times ?? 2 }, () => {
    const registers = Array.from({ length: 7 }, pick);
    registers[4] = place.data + 8;
    registers[5] = place.data;
    registers[6] = place.data + 4;
    return {
      name,
      place,
      form,
      operandSize,
      code,
      registers,
      flags: 0x202 | (next() & 0x8d5),
      esp: sequence.esp ?? (place.ss === STACK16 ? 0x9abc0060 : place.data + 0x20),
      memory: Array.from({ length: 4 }, pick),
      undefined: sequence.undefined,
    };
  });
}
