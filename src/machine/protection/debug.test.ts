import { describe, expect, it } from 'vitest';
import { Machine } from '../machine.ts';
import * as L from '../state/layout.ts';
import { writeDescriptors } from '../proofs/testing.ts';

/** Debug exceptions as a program meets them: single step, breakpoints on instructions and data, and what keeps them away. */

const CODE = 0x1000;
const GDT = 0x3000;
const IDT = 0x4000;
const HANDLERS = 0x5000;

/**
 * Runs a program in hexadecimal until its HLT, and lists the debug exceptions: EIP found by the handler and the low bits and BS of DR6.
 * The handler sets RF in the image and clears DR6; vectors 20 and up are a bare IRET.
 */
function trace(program: string, flags = 0x002, { clears = true } = {}): string {
  const machine = new Machine({ ramBytes: 1 << 20 });
  const { cpu, ram } = machine;
  const bytes = program.replace(/;.*/g, '').replace(/\s+/g, '');
  ram.writeBytes(
    CODE,
    Uint8Array.from({ length: bytes.length / 2 }, (_, n) => parseInt(bytes.slice(n * 2, n * 2 + 2), 16)),
  );
  writeDescriptors(ram, GDT, ['code dpl0 r a', 'data dpl0 w a']);
  for (let vector = 0; vector < 48; vector++) {
    ram.write32(IDT + vector * 8, 0x80000 | (HANDLERS + vector * 16));
    ram.write32(IDT + vector * 8 + 4, 0x8f00);
    ram.write8(HANDLERS + vector * 16, 0xcf);
  }
  // orl $0x10000, 8(%esp) ; iret
  ram.writeBytes(HANDLERS + 16, Uint8Array.of(0x81, 0x4c, 0x24, 0x08, 0, 0, 1, 0, 0xcf));
  cpu.gdtBase = GDT;
  cpu.gdtLimit = 0x17;
  cpu.idtBase = IDT;
  cpu.idtLimit = 0x17f;
  cpu.eip = CODE;
  cpu.esp = 0x9000;
  cpu.ebx = 0x8000;
  cpu.eflags = flags;
  const seen: string[] = [];
  machine.onTrap = (vector) => {
    if (vector !== 1) return;
    const at = (L.DR >> 2) + 6;
    seen.push(`${cpu.eip.toString(16)}:${(cpu.u32[at] & 15).toString(16)}${(cpu.u32[at] & 0x4000) !== 0 ? 's' : ''}`);
    if (clears) cpu.u32[at] = 0xffff0ff0;
  };
  expect(machine.run(300).reason).toBe('halt');
  return seen.join(' ');
}

/** mov $address,%eax; mov %eax,%dr0; mov $control,%eax; mov %eax,%dr7: 16 bytes. */
function arm(address: number, control: number): string {
  const word = (value: number): string => [0, 8, 16, 24].map((shift) => ((value >>> shift) & 0xff).toString(16).padStart(2, '0')).join('');
  return `b8${word(address)} 0f23c0 b8${word(control)} 0f23f8`;
}

describe('single step', () => {
  it.each([
    ['traps after each instruction', '90 90 f4', 0x102, '1001:0s 1002:0s 1003:0s'],
    ['begins after the instruction that follows POPF', '6802010000 9d 90 90 f4', 2, '1007:0s 1008:0s 1009:0s'],
    ['still comes once where POPF ends it', '6a02 9d 90 f4', 0x102, '1002:0s 1003:0s'],
    [
      'skips INT and its handler, and goes on after the instruction to which IRET returns',
      '90 cd20 90 f4',
      0x102,
      '1001:0s 1004:0s 1005:0s',
    ],
    ['waits over MOV SS', '8cd0 8ed0 90 f4', 0x102, '1002:0s 1005:0s 1006:0s'],
    ['waits over POP SS', '16 17 90 f4', 0x102, '1001:0s 1003:0s 1004:0s'],
    // STI holds back maskable interrupts, nothing else (SDM vol. 2, STI; vol. 3, 6.8.3).
    ['does not wait over STI', 'fb 90 f4', 0x102, '1001:0s 1002:0s 1003:0s'],
    // LSS loads both halves of a stack at once and holds nothing back (SDM vol. 3, 6.8.3).
    ['does not wait over LSS', '8c5304 0fb213 90 f4', 0x102, '1003:0s 1006:0s 1007:0s 1008:0s'],
    ['waits over MOV SS behind STI', '8cd0 fb 8ed0 90 f4', 0x102, '1002:0s 1003:0s 1006:0s 1007:0s'],
    // Two passes, two traps: after the first EIP still stands on the instruction (SDM vol. 3, 17.3.1.2).
    ['traps after each pass of a repeated string instruction', 'b102 89df f3aa f4', 0x102, '1002:0s 1004:0s 1004:0s 1006:0s 1007:0s'],
  ])('%s', (_what, program, flags, want) => {
    expect(trace(program, flags)).toBe(want);
  });
});

describe('a breakpoint on an instruction', () => {
  it('faults before it, and RF lets it go on', () => {
    expect(trace(`${arm(0x1012, 1)} 90 90 40 40 f4`)).toBe('1012:1');
  });
  it('is none inside an instruction, nor when disabled', () => {
    expect(trace(`${arm(0x1011, 1)} 6690 40 f4`)).toBe('');
    expect(trace(`${arm(0x1012, 0)} 90 90 40 f4`)).toBe('');
  });
});

describe('a breakpoint on data', () => {
  // Four bytes, writes: 0xd0001; reads and writes: 0xf0001. One byte, writes: 0x10001.
  it.each([
    ['a write', 0x8000, 0xd0001, '8903', '1012:1'],
    ['a byte within', 0x8000, 0xd0001, '884303', '1013:1'],
    ['an access that reaches into it', 0x8000, 0xd0001, '8943fd', '1013:1'],
    ['one that does not', 0x8000, 0xd0001, '8943fc', ''],
    ['a read of a write breakpoint', 0x8000, 0xd0001, '8b03', ''],
    ['a read of a read-write one', 0x8000, 0xf0001, '8b03', '1012:1'],
    ['a read-modify-write', 0x8000, 0xd0001, 'ff03', '1012:1'],
    ['a push', 0x8ffc, 0xd0001, '50', '1011:1'],
    ['one pass of a string instruction', 0x8001, 0x10001, 'b103 89df f3aa', '1014:1'],
    ['an x87 store', 0x8004, 0xd0001, 'd9e8 dd1b', '1014:1'],
  ])('%s', (_what, address, control, instruction, want) => {
    expect(trace(`${arm(address, control)} ${instruction} 90 f4`)).toBe(want);
  });

  it('is held back by MOV SS, and comes behind the instruction after it', () => {
    expect(trace(`8cd0 8903 ${arm(0x8000, 0xf0001)} 8e13 90 90 f4`)).toBe('1017:1');
  });
  it('is not held back by STI', () => {
    expect(trace(`${arm(0x8000, 0xd0001)} 50 fb 8903 90 f4`)).toBe('1014:1');
    // The instruction after STI has one of its own.
    expect(trace(`${arm(0x1012, 0x1)} 50 fb 90 90 f4`)).toBe('1012:1');
  });
  // One debug exception tells of all that is due (SDM vol. 3, 17.2.3 and 6.9).
  it('held back by MOV SS and INT1 make one exception', () => {
    expect(trace(`8cd0 8903 ${arm(0x8000, 0xf0001)} 8e13 f1 90 f4`)).toBe('1017:1');
  });
  it('held back by MOV SS and the trap flag make one exception', () => {
    expect(
      trace(`8cd0 8903 ${arm(0x8000, 0xf0001)} 8e13 90 f4`, 0x102)
        .split(' ')
        .slice(-2)
        .join(' '),
    ).toBe('1017:1s 1018:0s');
  });
  it('held back by MOV SS and general detect make one exception', () => {
    // mov (%ebx),%ss; mov %eax,%dr0 with DR7.GD: a fault, at the MOV; the handler finds GD off.
    expect(trace(`8cd0 8903 ${arm(0x8000, 0xf2001)} 8e13 0f23c0 f4`)).toBe('1016:1');
  });
  it('held back by MOV SS is told behind INT n, at its handler', () => {
    expect(trace(`8cd0 8903 ${arm(0x8000, 0xf0001)} 8e13 cd20 90 f4`)).toBe('5200:1');
  });
  it('leaves no B0-B3 of an earlier exception', () => {
    // The handler clears nothing. Then: pushf; orb $1,1(%esp); popf; nop; hlt.
    expect(trace(`${arm(0x8000, 0xd0001)} 8903 9c 804c240101 9d 90 f4`, 2, { clears: false })).toBe('1012:1 101a:0s 101b:0s');
  });

  it('and the trap flag make one exception', () => {
    expect(
      trace(`${arm(0x8000, 0xd0001)} 8903 f4`, 0x102)
        .split(' ')
        .slice(-2)
        .join(' '),
    ).toBe('1012:1s 1013:0s');
  });
});
