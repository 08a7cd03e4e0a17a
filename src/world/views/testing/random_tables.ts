/** Page tables as dice throw them, for a Guest whose memory is the machine's own, so that the machine can walk them, too. */
import { Machine } from '#machine';
import type { Kernel, Mm } from '#hostos';
import type { ProgramGuest } from '../../program.ts';
import type { PageTablesSight } from '../page_tables.ts';

const MB = 2 ** 20;
const PAGE = 4096;
/** Where the Guest's directory lies, and the shadow's; page tables lie behind. */
export const GUEST = MB;
export const SHADOW = 2 * MB;
const TABLES = 6;

/** Tables, the machine in whose memory they lie, and what looks at them. */
export interface Tables {
  readonly machine: Machine;
  readonly sight: PageTablesSight;
  /** The words that are not zero, by `directory` and `directory.index`. */
  readonly guest: ReadonlyMap<string, number>;
  readonly shadow: ReadonlyMap<string, number>;
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param only instead of random ones, a single entry, in directory entry 3 and its place 7 */
export function randomTables(seed: number, only?: { directory: number; entry: number; shadow: number }): Tables {
  const machine = new Machine({ ramBytes: 4 * MB });
  machine.cpu.cr0 |= 0x10000;
  const random = dice(seed);
  const below = (bound: number): number => Math.floor(random() * bound);
  const maps = { guest: new Map<string, number>(), shadow: new Map<string, number>() };
  const put = (side: 'guest' | 'shadow', key: string, at: number, entry: number): void => {
    if (entry === 0) return;
    machine.ram.write32(at, entry);
    maps[side].set(key, entry >>> 0);
  };
  const flags = (): number => {
    const bits = below(64);
    return (random() < 0.85 ? 1 : 0) | ((bits & 3) << 1) | ((bits & 12) << 3) | (random() < 0.1 ? 0x100 : 0) | (random() < 0.05 ? 0x18 : 0);
  };
  const base = { guest: GUEST, shadow: SHADOW };
  const indices = only ? [3] : [...new Set(Array.from({ length: TABLES }, () => (random() < 0.2 ? 1023 : below(1024))))];
  indices.forEach((directory, n) => {
    for (const side of ['guest', 'shadow'] as const) {
      const table = base[side] + (n + 1) * PAGE;
      if (only !== undefined) {
        put(side, '3', base[side] + 12, table | (side === 'guest' ? only.directory : 0x67));
        put(side, '3.7', table + 28, side === 'guest' ? only.entry : only.shadow);
        continue;
      }
      if (random() < 0.15) continue;
      put(side, String(directory), base[side] + directory * 4, table | flags());
      if (!((maps[side].get(String(directory)) ?? 0) & 1)) continue;
      for (let index = below(40); index < 1024; ) {
        const first = below(1024) * PAGE;
        const own = flags();
        const scattered = random() < 0.4;
        for (let left = random() < 0.5 ? 1 : below(60); left > 0 && index < 1024; left--, index++) {
          const page = scattered ? below(1024) * PAGE : (first + left * PAGE) % (4 * MB);
          put(side, `${directory}.${index}`, table + index * 4, page | own);
        }
        index += below(200);
      }
    }
  });
  const area = { start: 0, end: 4 * MB, frames: Array.from({ length: (4 * MB) / PAGE }, (_, frame) => frame) };
  const guest = {
    tty: 0,
    mm: { areas: [area] } as unknown as Mm,
    guestBase: 0,
    guestLimit: 4 * MB,
    devices: [],
    cpu: { cr3: GUEST, tables: SHADOW, shadows: [{ gpgdir: GUEST, pgdir: SHADOW }] },
  } as unknown as ProgramGuest;
  return { machine, sight: { program: { guests: () => [guest] }, machine, kernel: {} as Kernel }, ...maps };
}
