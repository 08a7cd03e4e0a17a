/** The instructions around the one that comes next, each with the line of the chapter that has it. */
import { disassemble } from '#asm';
import { MAX_LENGTH } from '#machine';
import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { CodeMap } from '../lines/code_map.ts';

/** Instructions shown before the next one, where it is known how they begin, and behind it. */
const BEFORE = 5;
const AHEAD = 9;

/** An instruction, and where it comes from. */
export interface ListedInstruction {
  /** Offset in the code segment. */
  readonly address: number;
  /** Bytes. */
  readonly length: number;
  /** In AT&T syntax. */
  readonly text: string;
  /** Null: no chapter has it. */
  readonly place: LinePosition | null;
}

/** A piece of code. */
export interface ListingView {
  /** Where the next instruction is. */
  readonly address: number;
  /** In the order in which they lie; none where nothing is mapped. */
  readonly code: readonly ListedInstruction[];
}

/** What this view looks at. */
export interface ListingSight {
  readonly machine: Pick<Machine, 'readCode' | 'physicalOfCode'> & { readonly cpu: Pick<Machine['cpu'], 'eip'> };
  readonly kernel: Kernel;
  readonly code: Pick<CodeMap, 'lineOf'>;
}

/** Backwards, one can only tell where an instruction begins if a chapter has it: any bytes before may be the end of many. */
export function viewListing({ machine, kernel, code }: ListingSight): ListingView {
  const { eip } = machine.cpu;
  const placeOf = (address: number): LinePosition | null => {
    const physical = machine.physicalOfCode(address);
    return physical === null ? null : code.lineOf(physical, kernel);
  };
  const before: ListedInstruction[] = [];
  for (let end = eip; before.length < BEFORE; end = before[0].address) {
    const one = instructionBefore(machine, placeOf, end);
    if (one === null) break;
    before.unshift(one);
  }
  const ahead: ListedInstruction[] = [];
  const bytes = machine.readCode(eip, MAX_LENGTH * (AHEAD + 1));
  for (let done = 0; done < bytes.length && ahead.length <= AHEAD; ) {
    const address = (eip + done) >>> 0;
    const { text, length } = disassemble(bytes.subarray(done), address);
    ahead.push({ address, length, text, place: placeOf(address) });
    done += length;
  }
  return { address: eip, code: [...before, ...ahead] };
}

/** The instruction of a chapter that ends where another begins; null where no chapter has one. */
export function instructionBefore(
  machine: Pick<Machine, 'readCode'>,
  placeOf: (address: number) => LinePosition | null,
  end: number,
): ListedInstruction | null {
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const address = (end - length) >>> 0;
    const place = placeOf(address);
    if (place === null) continue;
    const decoded = disassemble(machine.readCode(address, MAX_LENGTH), address);
    if (decoded.length === length) return { address, length, text: decoded.text, place };
  }
  return null;
}
