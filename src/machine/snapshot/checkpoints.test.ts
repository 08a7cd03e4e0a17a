/**
 * Checkpoints by the pages written: whoever writes, however, the pages that still count as clean are as the last checkpoint has them, and each checkpoint gives back
 * the very machine that it was made of. The other side is a full copy each time. `LGUEST_FUZZ=n` runs n times as many programs.
 */
import { describe, expect, test } from 'vitest';
import { boot, CODE, DATA, generator, operand, program } from '../proofs/fuzzing.ts';
import { workloadMachine } from '../proofs/workloads.ts';
import { Machine, type MachineOptions } from '../machine.ts';
import { MARK_CLEAN } from '../memory/marks.ts';
import type { MachineCheckpoint } from './checkpoints.ts';
import type { MachineSnapshot } from './snapshot.ts';

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);
const BACK_ENDS: readonly [string, Partial<MachineOptions>][] = [
  ['interpreter', { translate: false }],
  ['translator', { translate: 20 }],
  ['translator, without short ways', { translate: 20, short: false }],
];

/** A machine under watch: each of its checkpoints beside a full copy. */
class Watched {
  readonly machine: Machine;
  readonly places: { readonly mark: MachineCheckpoint; readonly copy: MachineSnapshot }[] = [];
  #ram = new Uint8Array();

  constructor(machine: Machine) {
    this.machine = machine;
    this.#ram = new Uint8Array(machine.ram.size);
  }

  /** Pages that count as clean and are not. */
  lies(): number[] {
    const { marks } = this.machine.internals;
    const pages: number[] = [];
    for (let page = 0; page < marks.length; page++) {
      const [from, to] = [page * 4096, (page + 1) * 4096];
      const same = Buffer.compare(this.machine.ram.bytes.subarray(from, to), this.#ram.subarray(from, to)) === 0;
      if ((marks[page] & MARK_CLEAN) !== 0 && !same) pages.push(page);
    }
    return pages;
  }

  mark(): void {
    this.places.push({ mark: this.machine.checkpoint(), copy: this.machine.save() });
    this.#ram = this.machine.ram.bytes.slice();
  }

  goTo(n: number): void {
    const { mark, copy } = this.places[n];
    this.machine.goTo(mark);
    expect(differences(this.machine.save(), copy)).toEqual([]);
    this.#ram = this.machine.ram.bytes.slice();
  }

  restore(n: number): void {
    this.machine.restore(this.places[n].copy);
    expect(this.lies()).toEqual([]);
  }

  forget(n: number): void {
    for (const { mark } of this.places.splice(n, 1)) this.machine.forget(mark);
  }
}

/** Members in which two snapshots differ. */
function differences(a: MachineSnapshot, b: MachineSnapshot): string[] {
  const bytes = (part: Uint8Array | Uint32Array): Uint8Array => new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  return (['state', 'pages', 'contents', 'translations'] as const).filter((part) => Buffer.compare(bytes(a[part]), bytes(b[part])) !== 0);
}

/** A write from outside of the processor. */
function write({ ram }: Machine, next: (below: number) => number): void {
  const at = next(4) === 0 ? (1 + next(200)) * 4096 - 1 - next(4) : DATA + next(0x6000);
  const length = next(3) === 0 ? next(9000) : next(64);
  switch (next(6)) {
    case 0:
      ram.write8(at, next(256));
      break;
    case 1:
      ram.write16(at, next(0x10000));
      break;
    case 2:
      ram.write32(at, operand(next));
      break;
    case 3:
      ram.writeBytes(
        at,
        Uint8Array.from({ length }, () => next(256)),
      );
      break;
    case 4:
      ram.fill(at, length, next(3));
      break;
    case 5:
      ram.copy(at, DATA + next(0x3000), length);
      break;
  }
}

/** One instruction for each way to memory, with the registers all numbered below; it writes to the page at {@link PAGE}. */
const PAGE = 0xb000;
const WRITERS: readonly [string, string][] = [
  ['mov %eax, m', 'a3 00 b0 00 00'],
  ['mov %ax, m', '66 a3 02 b0 00 00'],
  ['mov %al, m', 'a2 03 b0 00 00'],
  ['add %eax, m', '01 05 00 b0 00 00'],
  ['add %eax, m over the page’s start', '01 05 fe af 00 00'],
  ['mov %eax, m over the page’s start', 'a3 fd af 00 00'],
  ['xchg %eax, m', '87 05 00 b0 00 00'],
  ['btsl $3, m', '0f ba 2d 00 b0 00 00 03'],
  ['cmpxchg %ecx, m', '0f b1 0d 00 b0 00 00'],
  ['cmpxchg8b m', '0f c7 0d 00 b0 00 00'],
  ['push', '6a 77'],
  ['pusha', '60'],
  ['enter', 'c8 10 00 03'],
  ['call', 'e8 00 00 00 00'],
  ['pop m', '8f 05 00 b0 00 00'],
  ['sgdt m', '0f 01 05 00 b0 00 00'],
  ['int $0x21', 'cd 21'],
  ['lcall', '9a 00 80 00 00 08 00'],
  ['stosb', 'aa'],
  ['movsl', 'a5'],
  ['rep stosb', 'f3 aa'],
  ['rep stosw', '66 f3 ab'],
  ['rep stosl', 'f3 ab'],
  ['rep movsl', 'f3 a5'],
  ['rep movsb backwards', 'fd f3 a4'],
  ['fsts m', 'd9 15 00 b0 00 00'],
  ['fstl m', 'dd 15 00 b0 00 00'],
  ['fstpt m', 'db 3d 00 b0 00 00'],
  ['fistl m', 'db 15 00 b0 00 00'],
  ['fnstenv m', 'd9 35 00 b0 00 00'],
  ['fnsave m', 'dd 35 00 b0 00 00'],
];

describe.each(BACK_ENDS)('one way after the other, %s', (_, options) => {
  test.each(WRITERS)('%s', (_name, bytes) => {
    const code = Uint8Array.from(bytes.split(' '), (byte) => Number.parseInt(byte, 16));
    const machine = new Machine({ ramBytes: 1 << 20, ...options });
    const { cpu } = machine;
    boot(machine, code, { ring: 0, handlers: true, paging: true }, generator(5));
    while (cpu.eip !== CODE) machine.step();
    cpu.eflags = 2;
    for (const again of [1, 2, 3]) {
      const watched = new Watched(machine);
      cpu.eip = CODE;
      cpu.eax = 0x12345678 * again;
      cpu.ecx = 9;
      cpu.esi = DATA + 16 * again;
      cpu.edi = PAGE + 12;
      cpu.esp = PAGE + 100;
      cpu.ebp = PAGE + 200;
      watched.mark();
      machine.run(cpu.instructions + (bytes.startsWith('fd') || bytes.includes('f3 a') ? 9 : 1));
      expect(machine.internals.marks[PAGE >> 12] & MARK_CLEAN, 'it was written').toBe(0);
      expect(watched.lies()).toEqual([]);
      watched.goTo(0);
    }
  });
});

describe.each(BACK_ENDS)('random programs, %s', (name, options) => {
  const seeds = Array.from({ length: 8 * TIMES }, (_, i) => i + 1);
  test.each(seeds)('%i: writes by every path, forth and back, each place the same again and going on the same', (seed) => {
    const next = generator(seed * 7 + name.length);
    const machine = new Machine({ ramBytes: 1 << 20, ...options });
    boot(machine, program(next), { ring: [0, 1, 3][seed % 3], handlers: true, paging: seed % 4 !== 0 }, next);
    const watched = new Watched(machine);
    const goesOn = (): string => {
      machine.run(machine.cpu.instructions + 700);
      return machine.stateHash();
    };
    for (let i = 0; i < 60; i++) {
      const { length } = watched.places;
      switch (next(8)) {
        case 0:
        case 1:
          watched.mark();
          break;
        case 2:
          if (length > 0) watched.goTo(next(length));
          break;
        case 3:
          if (length > 6) watched.forget(next(length));
          break;
        case 4:
          if (length > 0 && next(3) === 0) watched.restore(next(length));
          break;
        case 5:
          write(machine, next);
          break;
        default:
          if (next(3) === 0) machine.setInterruptLine(next(2) === 0 ? null : 32 + next(16));
          machine.run(machine.cpu.instructions + 1 + next(1500));
      }
      expect(watched.lies(), `${i}`).toEqual([]);
    }
    watched.mark();
    const last = watched.places.length - 1;
    const after = goesOn();
    watched.goTo(next(last + 1));
    watched.goTo(last);
    expect(goesOn()).toBe(after);
    while (watched.places.length > 0) watched.forget(next(watched.places.length));
  });
});

describe.each(BACK_ENDS)('workloads, %s', (_, options) => {
  test.each(['vm', 'mem', 'smcpatch', 'smcdata', 'ring', 'nbody', 'pgmap'])('%s', (workload) => {
    const machine = workloadMachine(workload, { ramBytes: 8 << 20, ...options });
    const next = generator(workload.length);
    const watched = new Watched(machine);
    const ends: string[] = [];
    for (let i = 0; i < 8; i++) {
      machine.run(machine.cpu.instructions + 1 + next(60_000));
      expect(watched.lies()).toEqual([]);
      ends.push(machine.stateHash());
      watched.mark();
    }
    for (const n of [3, 6, 0, 5]) {
      watched.goTo(n);
      machine.run(instructionsOf(watched.places[n + 1].copy));
      expect(watched.lies()).toEqual([]);
      expect(machine.stateHash()).toBe(ends[n + 1]);
    }
  });
});

/** Where a snapshot was taken. */
function instructionsOf({ state }: MachineSnapshot): number {
  return new DataView(state.buffer).getFloat64(0x40, true);
}

describe('what checkpoints hold', () => {
  test('is what was written, and nothing when all are given up', () => {
    const machine = new Machine({ ramBytes: 64 << 20 });
    const first = machine.checkpoint();
    expect(machine.checkpointBytes).toBe(0);
    for (let page = 0; page < 10; page++) machine.ram.write32(page * 0x123000, 1 + page);
    const second = machine.checkpoint();
    const third = machine.checkpoint();
    expect(machine.checkpointBytes).toBe(10 * 4096);
    machine.ram.write32(0, 99);
    machine.goTo(second);
    expect(machine.ram.read32(0)).toBe(1);
    machine.goTo(first);
    for (const mark of [third, second]) machine.forget(mark);
    expect(machine.checkpointBytes).toBe(0);
    expect(machine.ram.read32(9 * 0x123000)).toBe(0);
  });
});
