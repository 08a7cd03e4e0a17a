import { describe, expect, it } from 'vitest';
import { Machine } from '../machine.ts';
import { setSegment } from './segments.ts';
import * as L from '../state/layout.ts';
import { descriptor } from '../proofs/testing.ts';

/**
 * A fault that is found after a task switch has committed happens in the new task, before its first instruction: the handler finds the new task's EIP (SDM
 * vol. 3, interrupts 10-14; table 7-1), whichever way the switch came about and whichever back end runs it.
 */

const CODE = 0x1000;
const NEW_TASK = 0x2345;
const GDT = 0x3000;
const IDT = 0x4000;
const OLD_TSS = 0x5000;
const NEW_TSS = 0x5100;
const HANDLER_TSS = 0x5200;
const HANDLER = 0x6000;
/** The handler's task has a stack of its own; its error code lies there. */
const HANDLER_STACK = 0x7000;
/** 8 and 10 flat code and data; 18, 20 and 28 the tasks; 58 a task gate; what is wrong with something from 30 on. */
const SEGMENTS = `8 code r a; 10 data w a; 18 tss32busy base=5000 limit=67; 20 tss32 base=5100 limit=67; 28 tss32 base=5200 limit=67;
  30 code r a limit=fff; 38 data w np; 40 data dpl3 w; 48 code np; 50 ldt np base=3000 limit=7; 58 task to=20:0`;

interface Selectors {
  cs?: number;
  ss?: number;
  ds?: number;
  ldt?: number;
}

function writeTask(machine: Machine, tss: number, eip: number, esp: number, { cs = 8, ss = 0x10, ds = 0x10, ldt = 0 }: Selectors): void {
  const fields = [
    [32, eip],
    [36, 2],
    [56, esp],
    [72, 0x10],
    [76, cs],
    [80, ss],
    [84, ds],
    [96, ldt],
  ];
  for (const [at, value] of fields) machine.ram.write32(tss + at, value);
}

/**
 * Runs an instruction that switches to a task with something wrong.
 *
 * @param gate the handler of faults is a gate into ring 0, which needs the new task's stack, or, without, a task
 * @returns vector, error code, and the CS:EIP that the handler finds
 */
function run(
  instruction: string,
  wrong: Selectors,
  gate: boolean,
  translate: boolean | number,
  start: (machine: Machine) => void = () => {},
): string {
  const machine = new Machine({ ramBytes: 1 << 20, translate });
  const { cpu, ram, internals } = machine;
  for (const line of SEGMENTS.split(';')) {
    const [selector, ...text] = line.trim().split(' ');
    const [low, high] = descriptor(text.join(' '));
    ram.write32(GDT + parseInt(selector, 16), low);
    ram.write32(GDT + parseInt(selector, 16) + 4, high);
  }
  for (let vector = 0; vector < 48; vector++) {
    const toNew = vector === 0x20 || vector === 6;
    ram.write32(IDT + vector * 8, toNew ? 0x200000 : gate ? 0x80000 | HANDLER : 0x280000);
    ram.write32(IDT + vector * 8 + 4, toNew || !gate ? 0xe500 : 0x8e00);
  }
  ram.write8(HANDLER, 0xf4);
  writeTask(machine, NEW_TSS, NEW_TASK, 0x9000, wrong);
  writeTask(machine, HANDLER_TSS, HANDLER, HANDLER_STACK, {});
  ram.writeBytes(CODE, Uint8Array.from(instruction.split(' ').map((byte) => parseInt(byte, 16))));
  Object.assign(cpu, { gdtBase: GDT, gdtLimit: 0x5f, idtBase: IDT, idtLimit: 0x17f, eip: CODE, esp: 0x8000, eflags: 0x202 });
  setSegment(internals, L.TR, 0x18, OLD_TSS, 0x67, 0x8b);
  start(machine);
  let last = '';
  machine.onTrap = (vector, _error, kind) => {
    if (kind === 'exception') last = `${vector}`;
  };
  expect(machine.run(100).reason).toBe('halt');
  const [error, eip, cs] = gate
    ? [ram.read32(cpu.esp), ram.read32(cpu.esp + 4), ram.read32(cpu.esp + 8)]
    : [ram.read32(HANDLER_STACK - 4), ram.read32(NEW_TSS + 32), ram.read32(NEW_TSS + 76)];
  return `${last}/${error.toString(16)} ${(cs & 0xffff).toString(16)}:${eip.toString(16)}`;
}

const WAYS: [string, string, (machine: Machine) => void][] = [
  ['JMP to a TSS', 'ea 00 00 00 00 20 00', () => {}],
  ['CALL to a TSS', '9a 00 00 00 00 20 00', () => {}],
  ['JMP through a task gate', 'ea 00 00 00 00 58 00', () => {}],
  ['CALL through a task gate', '9a 00 00 00 00 58 00', () => {}],
  ['INT through a task gate', 'cd 20', () => {}],
  [
    'IRET to the task before',
    'cf',
    (machine) => {
      machine.cpu.eflags = 0x4002;
      machine.ram.write32(OLD_TSS, 0x20);
      machine.ram.write32(GDT + 0x24, machine.ram.read32(GDT + 0x24) | 0x200);
    },
  ],
  // What comes from outside the program sets EXT (SDM vol. 3, 6.13).
  ['an exception through a task gate', '0f 0b', () => {}],
  ['an interrupt through a task gate', '90', (machine) => machine.setInterruptLine(0x20)],
];
const outside = (way: string): number => (way.startsWith('an ') ? 1 : 0);

// What is wrong | vector | error code | CS as the handler finds it | whether the new task has a stack by then
const WRONG: [string, Selectors, number, number, number, boolean][] = [
  ['DS that is not present', { ds: 0x38 }, 11, 0x38, 8, true],
  ['DS beyond the table', { ds: 0x1000 }, 10, 0x1000, 8, true],
  ['EIP beyond the limit', { cs: 0x30 }, 13, 0, 0x30, true],
  ['SS that is not present', { ss: 0x38 }, 12, 0x38, 8, false],
  ['SS of another ring', { ss: 0x40 }, 10, 0x40, 8, false],
  ['CS that is not present', { cs: 0x48 }, 11, 0x48, 0x48, false],
  ['CS that is data', { cs: 0x10 }, 10, 0x10, 0x10, false],
  ['an LDT that is not present', { ldt: 0x50 }, 10, 0x50, 8, false],
];

describe('a fault in a new task', () => {
  describe.each(WAYS)('%s', (way, instruction, start) => {
    it.each(WRONG)('%s', (_what, wrong, vector, error, cs, stack) => {
      const wanted = `${vector}/${(error | outside(way)).toString(16)} ${cs.toString(16)}:${NEW_TASK.toString(16)}`;
      for (const translate of [false, 1])
        for (const gate of stack ? [true, false] : [false])
          expect([gate, translate, run(instruction, wrong, gate, translate, start)]).toEqual([gate, translate, wanted]);
    });
  });

  it('and one found before it is the old task’s, at the instruction', () => {
    const short = (machine: Machine): void => machine.ram.write32(GDT + 0x20, 0x51000000 | 0x20);
    for (const translate of [false, 1]) expect(run('ea 00 00 00 00 20 00', {}, true, translate, short)).toBe('10/20 8:1000');
  });
});
