import { describe, expect, it } from 'vitest';
import { Machine } from '../machine.ts';
import { writeDescriptors } from '../proofs/testing.ts';

/** Instructions that push or pop much, over the edge of a page that is not there: 0x8000. Everything else up to 0x10000 is where it is. */

const CODE = 0x1000;
const DIRECTORY = 0x2000;
const TABLE = 0x3000;
const GDT = 0x4000;
const IDT = 0x5000;
const HANDLER = 0x6000;

/** What CR2 says of the page fault, and where EIP and ESP are before the handler's frame. */
function fault(code: number[], esp: number, translate: boolean | number): string {
  const machine = new Machine({ ramBytes: 1 << 20, translate });
  const { cpu, ram, internals } = machine;
  ram.writeBytes(CODE, Uint8Array.from(code));
  ram.write8(HANDLER, 0xf4);
  ram.write32(DIRECTORY, TABLE | 3);
  for (let page = 0; page < 16; page++) ram.write32(TABLE + page * 4, page === 8 ? 0 : (page << 12) | 3);
  writeDescriptors(ram, GDT, ['code dpl0 r a', 'data dpl0 w a']);
  ram.write32(IDT + 14 * 8, 0x80000 | HANDLER);
  ram.write32(IDT + 14 * 8 + 4, 0x8e00);
  Object.assign(cpu, { gdtBase: GDT, gdtLimit: 0x17, idtBase: IDT, idtLimit: 0x7f, eip: CODE, esp, eflags: 2 });
  internals.state.cr3 = DIRECTORY;
  internals.state.cr0 |= 0x80010000;
  internals.flushTlb();
  expect(machine.run(10).reason).toBe('halt');
  return `${internals.state.cr2.toString(16)} ${ram.read32(cpu.esp + 4).toString(16)} ${(cpu.esp + 16).toString(16)}`;
}

describe('half way', () => {
  // The words in the order of the manual's pushes and pops; the first that is not there is told, and nothing has happened.
  it.each<[string, number[], number, string]>([
    ['POPA', [0x61], 0x7ff0, '8000 1000 7ff0'],
    ['POPA, all but the last word', [0x61], 0x7fe4, '8000 1000 7fe4'],
    ['POPA across, misaligned', [0x61], 0x7ffa, '8000 1000 7ffa'],
    ['POPA of words', [0x66, 0x61], 0x7ff8, '8000 1000 7ff8'],
    ['PUSHA', [0x60], 0x9010, '8ffc 1000 9010'],
    ['PUSHA, the last word', [0x60], 0x901c, '8ffc 1000 901c'],
    ['LEAVE', [0xc9], 0x7ff0, '8000 1000 7ff0'],
    ['ENTER, where locals would begin', [0xc8, 0, 0x10, 0], 0x9f00, '8efc 1000 9f00'],
    // The word at the last ESP is looked at as if it were written (SDM vol. 2, ENTER; and so did the processor that was asked).
    ['ENTER, across the end of locals', [0xc8, 0xfb, 0x20, 0], 0xa0fc, '8000 1000 a0fc'],
    ['ENTER, up to the end of locals', [0xc8, 0xfc, 0x20, 0, 0xa0, 0, 0x80, 0, 0], 0xa0fc, '8000 1004 7ffc'],
    ['ENTER of words, across the end of locals', [0x66, 0xc8, 0xfb, 0x20, 0], 0xa0fc, '8000 1000 a0fc'],
  ])('%s', (_what, code, esp, want) => {
    const start = code[0] === 0xc9 ? [0xbd, 0, 0x80, 0, 0, ...code] : code;
    const wanted = code[0] === 0xc9 ? want.replace('1000', '1005') : want;
    for (const translate of [false, 1]) expect([translate, fault(start, esp, translate)]).toEqual([translate, wanted]);
  });
});
