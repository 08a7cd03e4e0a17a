/** Memory where the processor's registers point, as its page tables have it now. */
import type { Machine } from '#machine';

/** Registers that often point somewhere. */
const POINTERS = ['esp', 'ebp', 'esi', 'edi', 'eax', 'ebx', 'ecx', 'edx'] as const;

export type Pointer = (typeof POINTERS)[number];

const WORD = 4;
/** Words shown before the one that a register points to, and from there on: what a push wrote was in sight before it. */
const BEFORE = 4;
const FROM = 12;

/** What a register points to. */
export interface PointedView {
  readonly register: Pointer;
  /** Linear address of the first word, a multiple of 4. */
  readonly address: number;
  /** Words of 32 bits; null where nothing is mapped. */
  readonly words: readonly (number | null)[];
}

/** What this view looks at. */
export interface MemorySight {
  readonly machine: { readonly cpu: Readonly<Record<Pointer, number>> } & Pick<Machine, 'readLinear'>;
}

/** The words around each pointer, those being left out that have no memory at all around them. */
export function viewMemory({ machine }: MemorySight): PointedView[] {
  return POINTERS.flatMap((register) => {
    const address = (((machine.cpu[register] & ~(WORD - 1)) >>> 0) - BEFORE * WORD) >>> 0;
    const words = Array.from({ length: BEFORE + FROM }, (_, n) => {
      const bytes = machine.readLinear((address + n * WORD) >>> 0, WORD);
      return bytes.length < WORD ? null : new DataView(bytes.buffer).getUint32(0, true);
    });
    return words[BEFORE] === null ? [] : [{ register, address, words }];
  });
}
