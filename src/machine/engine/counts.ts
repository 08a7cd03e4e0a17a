import * as L from '../state/layout.ts';
import type { CpuState } from '../state/state.ts';
import { BLOCK_COUNT, BLOCK_KEY, BLOCK_LENGTH, ENTRY_BYTES, ENTRY_COUNT, ENTRY_START } from './entry.ts';

/** Takes how often the instruction at a physical address ran. */
export type CountSink = (physical: number, count: number) => void;

/**
 * How often each instruction ran. Generated code counts blocks only; what differs within one stands in its entries, and what ran in blocks that are no more is
 * kept here.
 */
export class ExecutionCounts {
  readonly #state: CpuState;
  /** Of blocks that are no more, by physical address. */
  readonly #kept = new Map<number, number>();

  constructor(state: CpuState) {
    this.#state = state;
  }

  readonly #keep: CountSink = (physical, count) => {
    this.#kept.set(physical, (this.#kept.get(physical) ?? 0) + count);
  };

  /** A block was left at an entry: the ones from there on did not run, though the block was counted. @param gone it has been dropped since it began */
  leftAt(block: number, entry: number, gone: boolean): void {
    const { i32, u16, u32 } = this.#state;
    const start = u32[(block + BLOCK_KEY) >> 2] - L.RAM;
    const end = block + (u16[(block + BLOCK_LENGTH) >> 1] + 1) * ENTRY_BYTES;
    for (let at = entry; at < end; at += ENTRY_BYTES) {
      if (gone) this.#keep(start + u16[(at + ENTRY_START) >> 1], -1);
      else i32[(at + ENTRY_COUNT) >> 2]--;
    }
  }

  /** A repeated instruction that a limit cut in two goes on. Its block counts it once more, so that is taken back. */
  goesOn(physical: number): void {
    this.#keep(physical, -1);
  }

  /** A block is about to go. */
  keep(block: number): void {
    this.#collect(block, this.#keep);
  }

  /** All blocks are about to go. */
  keepAll(blocks: Iterable<number>): void {
    this.take(blocks, this.#keep);
  }

  /** Hands out what was counted since the last call; an address may come more than once. */
  take(blocks: Iterable<number>, sink: CountSink): void {
    const kept = [...this.#kept];
    this.#kept.clear();
    for (const [physical, count] of kept) if (count !== 0) sink(physical, count);
    for (const block of blocks) if (this.#state.u32[(block + BLOCK_COUNT) >> 2] !== 0) this.#collect(block, sink);
  }

  #collect(block: number, sink: CountSink): void {
    const { u32, i32, u16 } = this.#state;
    const start = u32[(block + BLOCK_KEY) >> 2] - L.RAM;
    const base = u32[(block + BLOCK_COUNT) >> 2];
    const count = u16[(block + BLOCK_LENGTH) >> 1];
    for (let i = 1; i <= count; i++) {
      const at = block + i * ENTRY_BYTES;
      const runs = base + i32[(at + ENTRY_COUNT) >> 2];
      if (runs !== 0) sink(start + u16[(at + ENTRY_START) >> 1], runs);
      i32[(at + ENTRY_COUNT) >> 2] = 0;
    }
    u32[(block + BLOCK_COUNT) >> 2] = 0;
  }
}
