import { disassemble } from '#asm';
import { MAX_LENGTH } from '#machine';
import type { Machine } from '#machine';

/** Instructions shown behind the next one. */
const AHEAD = 6;

/** An instruction as text. */
export interface InstructionView {
  /** Offset in the code segment. */
  readonly address: number;
  /** In AT&T syntax. */
  readonly text: string;
}

/** The instruction to be executed next, and those that stand behind it. */
export interface NextView {
  /** Where it is, be anything mapped there or not: EIP. */
  readonly address: number;
  /** The next one first; none where nothing is mapped. */
  readonly code: readonly InstructionView[];
}

/** Looks at what the processor will do next. */
export function viewNext({ machine }: { readonly machine: Pick<Machine, 'cpu' | 'readCode'> }): NextView {
  const address = machine.cpu.eip;
  const bytes = machine.readCode(address, MAX_LENGTH * (AHEAD + 1));
  const code: InstructionView[] = [];
  for (let done = 0; done < bytes.length && code.length <= AHEAD; ) {
    const at = (address + done) >>> 0;
    const { text, length } = disassemble(bytes.subarray(done), at);
    code.push({ address: at, text });
    done += length;
  }
  return { address, code };
}
