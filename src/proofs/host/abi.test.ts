/** Guests of other versions: where their arguments are, how their ring lies, what they call that 2.6.25 did not have. */
import { describe, expect, test } from 'vitest';
import { assemble } from '#asm';
import { program } from '#lguest';
import { World } from '#world';
import type { WorldEvent } from '#world';

const DATA = 0x180000;
const INT = 'int $0x1f';
const VMCALL = '.byte 0x0f, 0x01, 0xc1';

interface Dialect {
  call: string;
  /** Registers of the arguments. */
  registers: readonly [string, string, string];
  /** Offsets in lguest_data: statuses, ring, and the words the Guest must have filled in. */
  status: number;
  ring: number;
  entry: readonly number[];
  kernelAddress: number;
  syscallVec: number;
}

const OF_25: Dialect = {
  call: INT,
  registers: ['edx', 'ebx', 'ecx'],
  status: 0x14,
  ring: 0x54,
  entry: [0, 12, 4, 8],
  kernelAddress: 0x468,
  syscallVec: 0x46c,
};
const OF_30: Dialect = { ...OF_25, call: VMCALL, registers: ['ebx', 'ecx', 'edx'], entry: [0, 4, 8, 12] };
const OF_31: Dialect = { ...OF_30, status: 0x18, ring: 0x58, kernelAddress: 0x56c, syscallVec: 0x570 };
const OF_34: Dialect = { ...OF_31, call: INT };

/** Introduces itself, sets a stack through the ring (slot 0), a GDT entry where there is such a call, says hello and powers off. */
function guest(dialect: Dialect, gdtEntry: string): Uint8Array {
  const {
    call,
    registers: [one, two, three],
    status,
    ring,
    entry,
    kernelAddress,
    syscallVec,
  } = dialect;
  const hcall = (nr: number, a: string, b = '$0', c = '$0'): string =>
    `movl $${nr}, %eax ; movl ${a}, %${one} ; movl ${b}, %${two} ; movl ${c}, %${three} ; ${call}`;
  const done = assemble(
    [
      {
        name: 'guest.S',
        text: `
    .text
    movl $0xc0000000, ${DATA + kernelAddress} ; movl $0x80, ${DATA + syscallVec}
    movl $${DATA + status}, %edi ; movl $64, %ecx ; movb $0xff, %al ; rep stosb
    ${hcall(1, `$${DATA}`)}
    movl $7, ${DATA + ring + entry[0]} ; movl $0x69, ${DATA + ring + entry[1]} ; movl $0x190000, ${DATA + ring + entry[2]} ; movl $1, ${DATA + ring + entry[3]}
    movb $0, ${DATA + status}
    ${hcall(0, '$0')}
    ${gdtEntry}
    ${hcall(17, '$said')}
    ${hcall(2, '$over', '$1')}
said: .asciz "hello"
over: .asciz "Power down"`
          .replaceAll('HCALL18', hcall(18, '$20', '$0x1234', '$0x00cf9300'))
          .replaceAll('HCALL19', hcall(19, '$0')),
      },
    ],
    { base: 0x100000 },
  );
  if (!done.ok) throw new Error(done.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const elf = done.elf();
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry, true);
  return elf;
}

function run(image: Uint8Array): { calls: string[]; console: string; invalid: number } {
  const world = World.create({ program, argv: ['4', 'image'], files: (path) => (path === 'image' ? image : undefined) });
  world.run(1_000_000);
  const events: WorldEvent[] = world.takeEvents();
  const calls = events.flatMap((event) =>
    event.kind === 'hypercall'
      ? [
          `${event.nr}: ${[event.edx, event.ebx, event.ecx].map((word) => word.toString(16)).join(' ')}${event.ring === undefined ? '' : ` [${event.ring}]`}`,
        ]
      : [],
  );
  return { calls, console: world.takeConsole(), invalid: events.filter((event) => event.kind === 'trap' && event.vector === 6).length };
}

describe('a Guest is understood, whichever version it speaks', () => {
  test.each<[string, Dialect, string, number]>([
    ['2.6.25: INT, EDX EBX ECX', OF_25, '', 0],
    ['2.6.30: VMCALL, EBX ECX EDX', OF_30, 'HCALL18', 5],
    ['2.6.31: the same, and the shared page moved', OF_31, 'HCALL18\nHCALL19', 6],
    ['2.6.34: INT again', OF_34, 'HCALL18\nHCALL19', 0],
  ])('%s', (_, dialect, more, invalid) => {
    const result = run(guest(dialect, more));
    expect(result.calls.filter((call) => !call.startsWith('1') && !call.startsWith('2'))).toEqual(['7: 69 190000 1 [0]', '0: 0 0 0']);
    expect(result.calls[0]).toBe(`1: ${DATA.toString(16)} 0 0`);
    expect(result.calls.includes('18: 14 1234 cf9300')).toBe(more !== '');
    expect(result.console).toBe('hellolguest: CRASH: Power down\n');
    expect(result.invalid, 'each VMCALL traps once').toBe(invalid);
  });

  test('the calls of later versions are none in 2.6.25', () => {
    expect(run(guest(OF_25, 'HCALL18')).console).toBe('lguest: Bad hypercall 18\n');
  });

  test('a GDT entry that does not exist is refused', () => {
    expect(run(guest(OF_31, 'movl $18, %eax ; movl $32, %ebx ; .byte 0x0f, 0x01, 0xc1')).console).toBe('lguest: too many gdt entries 32\n');
  });

  test('an invalid opcode that is no VMCALL is the Guest’s own', () => {
    expect(run(guest(OF_31, 'ud2')).console).toMatch(/^lguest: unhandled trap 6 /);
  });
});
