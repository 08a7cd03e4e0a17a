import { disassemble } from '#asm';
import type { Machine } from '#machine';

/** The longest instruction there is. */
const MOST_BYTES = 15;

/** The instruction to be executed next. */
export interface NextView {
  /** Linear address. */
  readonly address: number;
  /** In AT&T syntax; null where nothing is mapped. */
  readonly text: string | null;
}

/** Looks at what the processor will do next. */
export function viewNext({ machine }: { readonly machine: Machine }): NextView {
  const address = machine.cpu.eip;
  const bytes = machine.readCode(address, MOST_BYTES);
  return { address, text: bytes.length === 0 ? null : disassemble(bytes, address).text };
}
