import type { Machine } from '#machine';
import { callersOf } from '../stepping/callers.ts';
import type { Caller } from '../stepping/callers.ts';

/** Callers that are shown. */
const MOST = 24;
const WORD = 4;

/** Who has called the code at which the processor stands, and who called that, as far as the stack tells; the innermost first. */
export function viewCallers({ machine }: { readonly machine: Pick<Machine, 'cpu' | 'readLinear'> }): Caller[] {
  const { cpu } = machine;
  const word = (address: number): number | null => {
    const bytes = machine.readLinear(address >>> 0, WORD);
    return bytes.length < WORD ? null : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  };
  const bytes = (address: number, count: number): Uint8Array => machine.readLinear(address >>> 0, count);
  return callersOf({ registers: { eip: cpu.eip >>> 0, esp: cpu.esp >>> 0, ebp: cpu.ebp >>> 0, cs: cpu.selector(1) }, word, bytes }, MOST);
}
