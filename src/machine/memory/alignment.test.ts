import { describe, expect, it } from 'vitest';
import { Machine } from '../machine.ts';
import * as L from '../state/layout.ts';
import { setCpl, setSegment } from '../protection/segments.ts';

/** Where #AC comes, and where it does not. */

function run(instruction: string, ring: number, cr0: number, flags: number): string {
  const machine = new Machine({ ramBytes: 1 << 20 });
  const { cpu, ram, internals } = machine;
  // The access twice: the second must not slip through the TLB that the first filled.
  const bytes = (instruction + instruction).match(/../g)!.map((pair) => parseInt(pair, 16));
  ram.writeBytes(0x1000, Uint8Array.from(bytes));
  cpu.eip = 0x1000;
  cpu.esp = 0x9002;
  cpu.ebx = 0x8000;
  cpu.cr0 |= cr0;
  cpu.eflags = flags;
  if (ring === 3) {
    setSegment(internals, L.CS, 0x3b, 0, 0xffffffff, 0xc0fb);
    for (const segment of [L.ES, L.SS, L.DS]) setSegment(internals, segment, 0x43, 0, 0xffffffff, 0xc0f3);
    setCpl(internals, 3);
  }
  let seen = 'ok';
  machine.onTrap = (vector, error) => {
    if (seen === 'ok') seen = `#${vector}(${error}) at ${cpu.eip.toString(16)}`;
  };
  machine.run(2);
  return seen;
}

const AM = 0x40000;
const AC = 0x40000;

describe('alignment', () => {
  it.each([
    ['a doubleword', '8b4301', 3, AM, AC, '#17(0) at 1000'],
    ['a word', '668b4301', 3, AM, AC, '#17(0) at 1000'],
    ['a store', '894302', 3, AM, AC, '#17(0) at 1000'],
    ['a read-modify-write', 'ff4303', 3, AM, AC, '#17(0) at 1000'],
    ['a push', '50', 3, AM, AC, '#17(0) at 1000'],
    ['an aligned access', '8b4304', 3, AM, AC, 'ok'],
    ['a byte', '8a4301', 3, AM, AC, 'ok'],
    ['without AC', '8b4301', 3, AM, 2, 'ok'],
    ['without AM', '8b4301', 3, 0, AC, 'ok'],
    ['in ring 0', '8b4301', 0, AM, AC, 'ok'],
  ] as const)('%s', (_what, instruction, ring, cr0, flags, want) => {
    expect(run(instruction, ring, cr0, flags)).toBe(want);
  });

  it('begins with the POPF that sets AC, whatever is in the TLB', () => {
    // mov 1(%ebx),%eax ; push $0x40002 ; popf ; mov 1(%ebx),%eax
    const program = '8b4301' + '6802000400' + '9d' + '8b4301';
    const machine = new Machine({ ramBytes: 1 << 20 });
    machine.ram.writeBytes(0x1000, Uint8Array.from(program.match(/../g)!.map((pair) => parseInt(pair, 16))));
    machine.cpu.eip = 0x1000;
    machine.cpu.esp = 0x9000;
    machine.cpu.ebx = 0x8000;
    machine.cpu.cr0 |= AM;
    setSegment(machine.internals, L.CS, 0x3b, 0, 0xffffffff, 0xc0fb);
    for (const segment of [L.SS, L.DS, L.ES]) setSegment(machine.internals, segment, 0x43, 0, 0xffffffff, 0xc0f3);
    setCpl(machine.internals, 3);
    const seen: string[] = [];
    machine.onTrap = (vector) => {
      seen.push(`${vector} at ${machine.cpu.eip.toString(16)}`);
    };
    machine.run(4);
    expect(seen[0]).toBe('17 at 1009');
  });
});
