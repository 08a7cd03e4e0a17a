/**
 * Somebody watches from outside: each back end stops at the very same instructions and accesses, however the run is cut; they are those that a machine run step by step
 * has; and the machine never knows. `LGUEST_FUZZ=n` runs n times as many random programs.
 */
import { describe, expect, test } from 'vitest';
import { boot, CODE, DATA, generator, program, STACK, HANDLERS } from '../proofs/fuzzing.ts';
import { Machine, type MachineOptions } from '../machine.ts';
import { decode } from '../opcodes/index.ts';
import * as L from '../state/layout.ts';
import { PTE_A } from './page_bits.ts';
import type { CodeStops, WatchedRange } from './observer.ts';

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);
const BACK_ENDS: readonly [string, Partial<MachineOptions>][] = [
  ['interpreter', { translate: false }],
  ['translator', { translate: 20 }],
  ['translator, without short ways', { translate: 20, short: false }],
];
type Dice = (below: number) => number;

/** Where a run stopped: instructions, deliveries since, and what for. */
interface Stop {
  at: number;
  deliveries: number;
  what: string;
  /** The interrupt that waits. */
  line: number;
  hash: string;
}

const TABLES = 0x4000;
/** INTERRUPT_LINE where nothing waits. */
const NONE = 0xffffffff;

/** A machine with a random program in it. */
function start(seed: number, options: Partial<MachineOptions>): Machine {
  const next = generator(seed);
  const machine = new Machine({ ramBytes: 1 << 17, ...options });
  const code = program(next);
  boot(machine, code, { ring: [0, 1, 3][seed % 3], handlers: true, paging: seed % 4 !== 0 }, next);
  machine.onInterruptTaken = () => machine.setInterruptLine(null);
  return machine;
}

/** Interrupts come at the same counts in each run. */
function interruptBefore(machine: Machine, at: number): number {
  const period = 211;
  if (at % period === 0) machine.setInterruptLine(32 + (at % 13));
  return (Math.floor(at / period) + 1) * period;
}

/** Runs to a limit, and on over each stop; in pieces if dice are given. */
function stopsOf(machine: Machine, limit: number, dice: Dice | null): Stop[] {
  const stops: Stop[] = [];
  while (machine.cpu.instructions < limit) {
    const at = machine.cpu.instructions;
    const upTo = Math.min(interruptBefore(machine, at), limit, dice === null ? Infinity : at + 1 + dice(dice(3) === 0 ? 3 : 300));
    for (;;) {
      const exit = machine.run(upTo);
      if (exit.reason === 'limit') break;
      if (exit.reason !== 'stop') return stops;
      const { access } = machine;
      stops.push({
        at: machine.cpu.instructions,
        deliveries: machine.deliveries,
        what:
          exit.by === 'data' && access
            ? `${access.write ? 'writes' : 'reads'} ${access.physical.toString(16)}`
            : `at ${machine.cpu.eip.toString(16)}`,
        line: machine.cpu.u32[L.INTERRUPT_LINE >> 2],
        hash: machine.stateHash(),
      });
    }
  }
  return stops;
}

/** Stops before each instruction at one of these linear addresses, later than the last stop. */
function codeStops(machine: Machine, addresses: readonly number[]): CodeStops {
  let last = '';
  return {
    offsets: new Set(addresses.map((address) => address & 0xfff)),
    here(linear) {
      const place = `${machine.cpu.instructions} ${machine.deliveries}`;
      if (place === last || !addresses.includes(linear)) return false;
      last = place;
      return true;
    },
  };
}

/** What a machine does, looked at between any two instructions. */
interface Step {
  /** Count before it. */
  at: number;
  /** Address of the instruction that retired. */
  address: number;
  /** It goes on with a repeated instruction that the step before was part of. */
  goesOn: boolean;
  before: number[];
  after: number[];
}

function stepByStep(machine: Machine, limit: number, words: readonly number[]): Step[] {
  const steps: Step[] = [];
  // Accessed bits of page tables come with the fetch, too, which is no access.
  const contents = (): number[] => words.map((at) => machine.ram.read32(at) & (at >= TABLES && at < HANDLERS ? ~PTE_A : -1));
  machine.takeHits(() => {});
  while (machine.cpu.instructions < limit) {
    const at = machine.cpu.instructions;
    interruptBefore(machine, at);
    const step: Step = { at, address: -1, goesOn: false, before: contents(), after: [] };
    const code = machine.readCode(machine.cpu.eip, 15);
    const eip = machine.cpu.eip;
    if (machine.step().reason !== 'limit') break;
    machine.takeHits((physical, count) => {
      if (count > 0) step.address = physical;
    });
    step.after = contents();
    const last = steps.at(-1);
    if (last?.address === step.address && code.length > 0) {
      const instruction = decode((index) => code[index] ?? 0x90, true);
      step.goesOn =
        instruction.rep !== 0 &&
        instruction.form?.attributes.has('branch') !== true &&
        isString(instruction.form?.name) &&
        eip === eipOf(last, eip);
    }
    steps.push(step);
  }
  return steps;
}

/** The stops again, with the states that a machine has there which nobody watches. */
function statesAt(machine: Machine, stops: readonly Stop[]): Stop[] {
  return stops.map((stop) => {
    while (machine.cpu.instructions < stop.at) machine.run(Math.min(stop.at, interruptBefore(machine, machine.cpu.instructions)));
    if (machine.deliveries < stop.deliveries) {
      interruptBefore(machine, stop.at);
      machine.run(stop.at + 1, stop.deliveries);
    }
    machine.setInterruptLine(stop.line === NONE ? null : stop.line);
    return { ...stop, hash: machine.stateHash() };
  });
}

/** The address where the last step's instruction stands, as far as it can be told: linear is physical in the code's pages. */
const eipOf = (last: Step, eip: number): number => (last.address === eip ? eip : last.address);
const isString = (name: string | undefined): boolean => /^(movs|cmps|stos|lods|scas|ins|outs)$/.test(name ?? '');

const LIMIT = 1200;
const seeds = Array.from({ length: 8 * TIMES }, (_, i) => i + 1);

describe('stops before instructions', () => {
  test.each(seeds)('random program %i', (seed) => {
    const dice = generator(seed + 1000);
    const plain = start(seed, { translate: false });
    const from = plain.cpu.instructions;
    const steps = stepByStep(plain, from + LIMIT, []);
    const met = [...new Set(steps.map(({ address }) => address))].filter(
      (address) => (address >= CODE && address < CODE + 0x1000) || (address >= HANDLERS && address < HANDLERS + 0x1000),
    );
    const addresses = Array.from({ length: 5 }, () => met[dice(met.length)]);
    const runs = BACK_ENDS.flatMap(([name, options]) =>
      [null, generator(seed)].map((pieces) => {
        const machine = start(seed, options);
        machine.observe(codeStops(machine, addresses), []);
        const stops = stopsOf(machine, from + LIMIT, pieces);
        return { name: `${name}${pieces ? ', in pieces' : ''}`, stops, end: machine.stateHash() };
      }),
    );
    for (const { name, stops, end } of runs) {
      expect(stops, name).toEqual(runs[0].stops);
      expect(end, name).toBe(plain.stateHash());
    }
    const retired = steps.filter(({ address, goesOn }) => addresses.includes(address) && !goesOn);
    const found = new Set(runs[0].stops.map(({ at, what }) => `${at} ${what}`));
    for (const { at, address } of retired) expect(found).toContain(`${at} at ${address.toString(16)}`);
    expect(statesAt(start(seed, { translate: false }), runs[0].stops)).toEqual(runs[0].stops);
  });
});

describe('stops behind accesses', () => {
  test.each(seeds)('random program %i', (seed) => {
    const dice = generator(seed + 2000);
    const words = [
      STACK - 4 * dice(12),
      DATA + 4 * dice(64),
      DATA + 0x1000 + 4 * dice(64),
      STACK - 0x1000 - 4 * dice(8),
      0x5000 + 4 * dice(16),
      0x3004,
    ];
    const ranges: WatchedRange[] = words.map((physical, n) => ({ physical, length: 4, reads: n % 2 === 0, writes: true }));
    const plain = start(seed, { translate: false });
    const from = plain.cpu.instructions;
    const steps = stepByStep(plain, from + LIMIT, words);
    const runs = BACK_ENDS.flatMap(([name, options]) =>
      [null, generator(seed)].map((pieces) => {
        const machine = start(seed, options);
        machine.observe(null, ranges);
        const stops = stopsOf(machine, from + LIMIT, pieces);
        machine.observe(null, []);
        return { name: `${name}${pieces ? ', in pieces' : ''}`, stops, end: machine.stateHash(), saved: machine.save().translations };
      }),
    );
    for (const { name, stops, end, saved } of runs) {
      expect(stops, name).toEqual(runs[0].stops);
      expect([end, saved], name).toEqual([plain.stateHash(), plain.save().translations]);
    }
    // Each change was told: behind its instruction, or behind the delivery that made it.
    const found = new Set(runs[0].stops.map(({ at }) => at));
    for (const { at, before, after } of steps) {
      if (before.some((word, n) => word !== after[n])) expect(found.has(at + 1) || found.has(at), `the change at ${at}`).toBe(true);
    }
    expect(statesAt(start(seed, { translate: false }), runs[0].stops)).toEqual(runs[0].stops);
  });
});

/** One instruction each; it reads, and perhaps writes, words of the page at {@link PAGE}. */
const PAGE = 0xb000;
const ACCESSES: readonly [string, string, string][] = [
  ['mov m, %eax', 'a1 00 b0 00 00', 'reads'],
  ['mov m, %al', 'a0 03 b0 00 00', 'reads'],
  ['movzwl m, %ecx', '0f b7 0d 02 b0 00 00', 'reads'],
  ['mov m over the page’s start, %eax', 'a1 fe af 00 00', 'reads'],
  ['add m, %eax', '03 05 00 b0 00 00', 'reads'],
  ['cmp %eax, m', '39 05 00 b0 00 00', 'reads'],
  ['incl m', 'ff 05 00 b0 00 00', 'reads'],
  ['mov %eax, m', 'a3 00 b0 00 00', 'writes'],
  ['mov the same, m', 'c7 05 00 b0 00 00 11 11 11 11', 'writes'],
  ['pushl m', 'ff 35 00 b0 00 00', 'reads'],
  ['popl m', '8f 05 00 b0 00 00', 'writes'],
  ['fldl m', 'dd 05 00 b0 00 00', 'reads'],
  ['fsts m', 'd9 15 00 b0 00 00', 'writes'],
  ['fnsave m', 'dd 35 00 b0 00 00', 'writes'],
  ['lgdt m', '0f 01 15 00 b0 00 00', 'reads'],
  ['lodsl', 'ad', 'reads'],
  ['scasb', 'ae', 'reads'],
  ['rep stosl', 'f3 ab', 'writes'],
  ['rep movsl', 'f3 a5', 'writes'],
  ['call', 'e8 00 00 00 00', 'writes'],
  ['ret', 'c3', 'reads'],
];

describe.each(BACK_ENDS)('one access after the other, %s', (_, options) => {
  test.each(ACCESSES)('%s', (_name, bytes, first) => {
    // Nothing before, the access, and something behind that must not run.
    const code = Uint8Array.from([0x90, ...bytes.split(' ').map((byte) => Number.parseInt(byte, 16)), 0x90, 0x90]);
    const machine = new Machine({ ramBytes: 1 << 20, ...options });
    const { cpu, ram } = machine;
    boot(machine, code, { ring: 0, handlers: true, paging: true }, generator(5));
    cpu.eflags = 2;
    const range: WatchedRange = { physical: PAGE, length: 8, reads: true, writes: true };
    for (let again = 0; again < 3; again++) {
      cpu.eip = CODE;
      cpu.eax = 0x12345678;
      cpu.ecx = 9;
      cpu.esi = bytes === 'ad' ? PAGE + 4 : DATA;
      cpu.edi = PAGE - (bytes.startsWith('f3') ? 4 : 0);
      cpu.esp = first === 'writes' && bytes.startsWith('e8') ? PAGE + 8 : bytes === 'c3' ? PAGE : STACK;
      ram.write32(PAGE, bytes === 'c3' ? CODE + 2 : 0x11111111);
      machine.observe(null, [range]);
      const from = cpu.instructions;
      expect(machine.run(from + 100)).toEqual({ reason: 'stop', by: 'data' });
      expect(cpu.instructions - from).toBe(bytes.startsWith('f3') ? 3 : 2);
      expect(machine.access).toMatchObject({ write: first === 'writes' });
      machine.observe(null, []);
    }
  });
});

describe('accesses by others', () => {
  test('are told at once', () => {
    const machine = new Machine({ ramBytes: 1 << 20 });
    let heard = 0;
    machine.observe(null, [{ physical: 0x5ffe, length: 4, reads: false, writes: true }], () => heard++);
    machine.ram.write32(0x5000, 1);
    machine.ram.read32(0x5ffe);
    expect([heard, machine.access]).toEqual([0, null]);
    machine.ram.fill(0x4000, 0x3000, 0);
    expect(machine.access).toMatchObject({ write: true, physical: 0x5000, size: 4096 });
    machine.ram.write8(0x6001, 2);
    expect(heard).toBe(3);
    machine.observe(null, []);
    machine.ram.write8(0x6001, 3);
    expect(heard).toBe(3);
  });
});

describe('deliveries', () => {
  test('are places of their own', () => {
    const machine = new Machine({ ramBytes: 1 << 20 });
    boot(machine, Uint8Array.of(0xcc, 0x0f, 0x0b, 0x90), { ring: 0, handlers: true, paging: false }, generator(5));
    machine.cpu.eip = CODE + 1;
    const at = machine.cpu.instructions;
    expect(machine.run(at + 1, 1)).toEqual({ reason: 'stop', by: 'delivery' });
    expect([machine.cpu.instructions, machine.deliveries]).toEqual([at, 1]);
    expect(machine.cpu.eip).toBe(HANDLERS + 6 * 32);
    const hash = machine.stateHash();
    const again = machine.checkpoint();
    expect(machine.run(at + 1)).toEqual({ reason: 'limit' });
    expect(machine.deliveries).toBe(0);
    machine.goTo(again);
    expect([machine.stateHash(), machine.deliveries]).toEqual([hash, 1]);
  });
});
