import { describe, expect, test } from 'vitest';
import { boot, CODE, DATA, generator, operand, program } from '../proofs/fuzzing.ts';
import { Machine } from '../machine.ts';
import { workloadMachine } from '../proofs/workloads.ts';

/**
 * Both back ends give the same states, counts, events and execution counts, wherever the budgets end. `LGUEST_FUZZ=n` runs n times as many random
 * programs.
 */

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);

/** What happened up to here, and how often each instruction ran. */
function watch(machine: Machine): () => unknown {
  const events: string[] = [];
  machine.onTrap = (vector, error, kind) => {
    events.push(`${machine.cpu.instructions} ${kind} ${vector} ${error} at ${machine.cpu.eip.toString(16)}`);
  };
  return () => {
    const hits = new Map<number, number>();
    machine.takeHits((physical, count) => hits.set(physical, (hits.get(physical) ?? 0) + count));
    const counts = [...hits]
      .filter(([, count]) => count !== 0)
      .sort(([a], [b]) => a - b)
      .map(([at, count]) => `${at.toString(16)}: ${count}`);
    return {
      instructions: machine.cpu.instructions,
      eip: machine.cpu.eip.toString(16),
      hash: machine.stateHash(),
      events: events.splice(0),
      counts,
    };
  };
}

/** Runs two machines in the same random pieces. */
function compare(
  told: string,
  machines: readonly Machine[],
  limit: number,
  pieces: readonly number[],
  next: (below: number) => number,
): void {
  const views = machines.map(watch);
  for (let at = 0; at < limit; ) {
    at += 1 + next(pieces[next(pieces.length)]);
    const reasons = machines.map((machine) => machine.run(at).reason);
    const [a, b] = views.map((view) => view());
    expect({ told, at, reason: reasons[1], ...(b as object) }).toEqual({ told, at, reason: reasons[0], ...(a as object) });
    if (reasons[0] !== 'limit') return;
  }
}

const NAMES = [
  'core',
  'sieve',
  'sha',
  'mem',
  'vm',
  'fib',
  'nbody',
  'mandel',
  'page',
  'wide',
  'smcgen',
  'smcpatch',
  'smcdata',
  'pgflush',
  'pgmap',
  'pgfault',
  'trap',
  'ring',
];

describe('workloads', () => {
  test.each(NAMES)('%s', (name) => {
    const machines = [0, 20].map((translate) => workloadMachine(name, { ramBytes: 64 << 20, translate }));
    compare(name, machines, 1_000_000, [600_000, 600_000, 100], generator(name.length));
    expect(machines[1].statistics().units).toBeGreaterThan(0);
  });
});

/**
 * A program of nested loops, calls and short branches over arithmetic and memory, which now and then writes into itself.
 * @param lead it jumps so many bytes ahead first, at least five or none
 */
function loops(next: (below: number) => number, lead = 0): Uint8Array {
  const code: number[] = lead === 0 ? [] : [0xe9, (lead - 5) & 0xff, (lead - 5) >> 8, 0, 0, ...new Array<number>(lead - 5).fill(0x90)];
  const register = (): number => [0, 2, 3, 5, 6, 7][next(6)];
  const word = (value: number): void => {
    for (let i = 0; i < 4; i++) code.push((value >>> (i * 8)) & 0xff);
  };
  const memory = (reg: number): void => {
    if (next(3) === 0) {
      code.push((reg << 3) | 4, 0x8d);
      word(DATA + next(0x800));
    } // disp(,%ecx,4)
    else {
      code.push((reg << 3) | 5);
      word(DATA + next(0x1008));
    }
  };
  const places: number[] = [];
  const one = (): void => {
    const r = register();
    const q = register();
    switch (next(17)) {
      case 0:
      case 1:
        code.push(next(8) * 8 + 1, 0xc0 | (r << 3) | q);
        return;
      case 2:
        code.push(next(8) * 8 + [0, 2][next(2)], 0xc0 | (next(8) << 3) | next(4));
        if ((code[code.length - 1] & 0x38) === 0x08 || (code[code.length - 1] & 0x38) === 0x28 || (code[code.length - 1] & 7) === 1)
          code[code.length - 1] = 0xc0;
        return;
      case 3:
        places.push(code.length + 2);
        code.push(0x81, 0xc0 | (next(8) << 3) | r);
        word(operand(next));
        return;
      case 4:
        code.push([0xc1, 0xd1, 0xd3][next(3)], 0xc0 | (next(8) << 3) | r);
        if (code[code.length - 2] === 0xc1) code.push(next(256));
        return;
      case 5:
        code.push([0x40, 0x48][next(2)] + r);
        return;
      case 6:
        code.push(0x0f, 0x40 + next(16), 0xc0 | (r << 3) | q);
        return;
      case 7:
        code.push(0x0f, 0x90 + next(16), 0xc0 | [0, 2, 3, 4, 6, 7][next(6)]);
        return;
      case 8:
        code.push([0x8b, 0x89, 0x03, 0x31, 0x39, 0x11][next(6)]);
        memory(r);
        return;
      case 9:
        code.push(0x0f, [0xb6, 0xb7, 0xbe, 0xbf, 0xaf][next(5)]);
        memory(r);
        return;
      case 10:
        code.push(0x50 + r, 0x58 + q);
        return;
      case 11:
        code.push(0x70 + next(16), 2, 0x31 | (next(2) << 3), 0xc0 | (r << 3) | q);
        return;
      case 12:
        code.push(0x66, [0x01, 0x29, 0x89, 0x31][next(4)], 0xc0 | (r << 3) | q);
        return;
      case 13:
        code.push(0x0f, [0xa4, 0xac][next(2)], 0xc0 | (r << 3) | q, next(40));
        return;
      case 14:
        code.push([0xf7][0], 0xc0 | ([2, 3, 4, 5][next(4)] << 3) | r);
        return;
      case 15:
        code.push(0xff, (next(2) << 3) | 5);
        word(DATA + next(64) * 4);
        return;
      default:
        // Into an immediate of its own, or beside the code.
        if (places.length > 0 && next(2) === 0) {
          code.push(0x88, (next(4) << 3) | 5);
          word(CODE + places[next(places.length)]);
        } else {
          code.push(0xc7, 5);
          word(CODE + 0x600 + next(64));
          word(next(0xffffffff));
        }
    }
  };
  const some = (n: number): void => {
    for (let i = 0; i < n; i++) one();
  };
  for (let outer = 0; outer < 3; outer++) {
    some(3);
    code.push(0xb9);
    word(5 + next(60));
    const head = code.length;
    some(2 + next(6));
    if (next(2) === 0) {
      code.push(0x51, 0xb9);
      word(3 + next(20));
      const inner = code.length;
      some(1 + next(4));
      code.push(0x49, 0x75, (inner - code.length - 3) & 0xff, 0x59);
    }
    // A function in the way: jump over it, call it twice.
    if (next(2) === 0) {
      code.push(0xeb, 0);
      const jump = code.length;
      some(2);
      code.push(0xc3);
      code[jump - 1] = code.length - jump;
      for (let n = 0; n < 2; n++) {
        code.push(0xe8);
        word(jump - code.length - 4);
      }
    }
    if (next(2) === 0) code.push(0x49);
    else code.push(0x83, 0xe9, 0x01);
    code.push(0x0f, 0x85);
    word(head - code.length - 4);
  }
  code.push(0xe9);
  word(-code.length - 4);
  return Uint8Array.from(code);
}

describe('random programs', () => {
  const machines = [0, 2, 7].map((translate) => new Machine({ ramBytes: 1 << 20, translate }));
  const clean = machines[0].save();
  const pieces = [1, 5, 60, 2000];
  const run = (told: string, code: Uint8Array, seed: number, limit: number): number => {
    const next = generator(seed);
    const ring = [0, 1, 3][next(3)];
    const paging = next(3) !== 0;
    const second = machines[1 + next(2)];
    for (const machine of [machines[0], second]) {
      machine.restore(clean);
      boot(machine, code, { ring, handlers: true, paging }, generator(seed + 1));
      machine.takeHits(() => {});
    }
    compare(`${told} ${seed}`, [machines[0], second], limit, pieces, next);
    return second.statistics().units;
  };
  test.each([1, 2, 3, 4])(
    'loops that write into themselves, %i',
    (part) => {
      let units = 0;
      for (let n = 0; n < 25 * TIMES; n++) units = run('loops', loops(generator(part * 100_000 + n)), part * 100_000 + n, 15_000);
      expect(units).toBeGreaterThan(15);
    },
    120_000 * TIMES,
  );
  test(
    'the same across the end of a page',
    () => {
      let units = 0;
      for (let n = 0; n < 60 * TIMES; n++) units += run('across', loops(generator(900_000 + n), 0xf50 + (n % 0xa0)), 900_000 + n, 15_000);
      expect(units).toBeGreaterThan(400);
    },
    120_000 * TIMES,
  );
  test('an instruction whose second page is now this frame, now that', () => {
    const dword = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
    const [plain, second] = machines;
    const start = 0xfe4;
    const head = [0xb9, ...dword(4000), 0xe9, ...dword(start - 10)];
    const code = [
      ...head,
      ...new Array<number>(start - head.length).fill(0x90),
      0x49,
      0xf6,
      0xc1,
      0x3f,
      0x75,
      17, // dec %ecx; test $63, %cl; jnz
      0x81,
      0x35,
      ...dword(0x5024),
      ...dword(0x5000),
      0x0f,
      0x01,
      0x3d,
      ...dword(0x9000), // xorl $0x5000, the page's entry; invlpg 0x9000
      0x31,
      0xd2, // xor %edx, %edx
      0x05,
      ...dword(0x01020304), // add $0x1020304, %eax: its last two bytes lie in the second page
      0x09,
      0xc9,
      0x0f,
      0x85,
      ...dword(-38),
      0xeb,
      0xfe,
    ]; // or %ecx, %ecx; jnz back; jmp .
    for (const machine of [plain, second]) {
      machine.restore(clean);
      boot(machine, Uint8Array.from(code), { ring: 0, handlers: true, paging: true }, generator(7));
      const page = machine.ram.readBytes(0x9000, 0x1000);
      page[0] ^= 0x40;
      machine.ram.writeBytes(0xc000, page);
      machine.cpu.eax = 0;
      machine.takeHits(() => {});
    }
    compare('remapped', [plain, second], 30_000, [1, 5, 60, 2000], generator(1));
    let want = 0;
    for (let left = 3999, other = false; left >= 0; left--) {
      if ((left & 63) === 0) other = !other;
      want = (want + (other ? 0x01420304 : 0x01020304)) >>> 0;
    }
    expect(plain.cpu.eax >>> 0).toBe(want);
    expect(second.statistics().units).toBeGreaterThan(0);
  });
  test.each([1, 2])(
    'instructions of every form, %i',
    (part) => {
      for (let n = 0; n < 60 * TIMES; n++) run('forms', program(generator(part * 100_000 + n)), part * 100_000 + n, 4000);
    },
    120_000 * TIMES,
  );
});
