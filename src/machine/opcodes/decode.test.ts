import { describe, expect, it } from 'vitest';
import { decode, hasMemory, type Instruction } from './index.ts';

function bytesOf(hex: string): number[] {
  return hex.split(' ').map((b) => parseInt(b, 16));
}

/** Decodes bytes in hexadecimal; reading past them is an error. */
function decodeHex(hex: string, codeSize32 = true): Instruction {
  const bytes = bytesOf(hex);
  return decode((i) => {
    if (i >= bytes.length) throw new Error(`read byte ${i}`);
    return bytes[i];
  }, codeSize32);
}

/** A decoded instruction in one line: the parts that differ from the plain. */
function summary(insn: Instruction): string {
  const parts: string[] = [insn.form?.name ?? '-', `${insn.operandSize}/${insn.addressSize}`];
  if (insn.fault) parts.push(`fault=${insn.fault}`);
  if (insn.lock) parts.push('lock');
  if (insn.rep) parts.push(`rep=${insn.rep.toString(16)}`);
  if (insn.form && hasMemory(insn)) parts.push(`mem=${insn.segment}:${insn.base}+${insn.index}*${insn.scale}+${insn.disp}`);
  return parts.join(' ');
}

describe('decode', () => {
  it.each([
    // prefixes, in any order and number
    ['66 01 c8', 'add 16/32'],
    ['66 66 01 c8', 'add 16/32'],
    ['f3 a4', 'movs 32/32 rep=f3'],
    ['f2 f3 a6', 'cmps 32/32 rep=f3'],
    ['f3 90', 'nop 32/32 rep=f3'],
    ['64 65 8b 00', 'mov 32/32 mem=5:0+-1*1+0'],
    // 32-bit addresses: SIB, EBP without base, default segments
    ['8b 04 24', 'mov 32/32 mem=2:4+-1*1+0'],
    ['8b 45 fc', 'mov 32/32 mem=2:5+-1*1+-4'],
    ['8b 05 00 00 00 c0', 'mov 32/32 mem=3:-1+-1*1+-1073741824'],
    ['8b 04 ad 04 00 00 00', 'mov 32/32 mem=3:-1+5*4+4'],
    ['8b 84 88 00 01 00 00', 'mov 32/32 mem=3:0+1*4+256'],
    ['8b 44 6c 08', 'mov 32/32 mem=2:4+5*2+8'],
    ['3e 8b 45 00', 'mov 32/32 mem=3:5+-1*1+0'],
    ['a1 34 12 00 00', 'mov 32/32 mem=3:-1+-1*1+4660'],
    // 16-bit addresses
    ['67 8b 00', 'mov 32/16 mem=3:3+6*1+0'],
    ['67 8b 42 80', 'mov 32/16 mem=2:5+6*1+-128'],
    ['67 8b 06 fe ff', 'mov 32/16 mem=3:-1+-1*1+65534'],
    ['67 8b 46 02', 'mov 32/16 mem=2:5+-1*1+2'],
    ['67 a1 34 12', 'mov 32/16 mem=3:-1+-1*1+4660'],
    // LOCK belongs to read-modify-write on memory
    ['f0 01 08', 'add 32/32 lock mem=3:0+-1*1+0'],
    ['f0 01 c8', 'add 32/32 fault=ud lock'],
    ['f0 8b 00', 'mov 32/32 fault=ud lock mem=3:0+-1*1+0'],
    ['f0 39 08', 'cmp 32/32 fault=ud lock mem=3:0+-1*1+0'],
    ['f0 0f c7 0f', 'cmpxchg8b 32/32 lock mem=3:7+-1*1+0'],
    // what does not exist
    ['0f ff', '- 32/32 fault=ud'],
    ['0f c7 c8', '- 32/32 fault=ud'],
    ['8d c0', '- 32/32 fault=ud'],
    ['fe f8', '- 32/32 fault=ud'],
    ['8e c8', 'movToSegment 32/32 fault=ud'],
    ['8c f0', 'movFromSegment 32/32 fault=ud'],
    ['d9 d1', '- 32/32 fault=ud'],
    // MOV to and from control registers takes any mod for 3
    ['0f 22 18', 'movToControl 32/32'],
    ['0f 20 44', 'movFromControl 32/32'],
  ])('%s is %s', (hex, expected) => {
    expect(summary(decodeHex(hex))).toBe(expected);
  });

  it.each([
    ['83 c0 ff', { imm: -1 }],
    ['04 ff', { imm: 255 }],
    ['66 05 ff ff', { imm: 0xffff }],
    ['05 ff ff ff ff', { imm: -1 }],
    ['c8 34 12 05', { imm: 0x1234, imm2: 5 }],
    ['ea 78 56 34 12 1b 00', { imm: 0x12345678, selector: 0x1b }],
    ['66 ea 34 12 1b 00', { imm: 0x1234, selector: 0x1b, length: 6 }],
    ['eb fe', { rel: -2 }],
    ['e8 00 01 00 00', { rel: 256 }],
    ['66 e9 fe ff', { rel: -2 }],
    ['b3 80', { rm: 3, imm: 128 }],
    ['d8 e3', { rm: 3 }],
    ['0f ba e0 1f', { imm: 31 }],
  ])('%s has %o', (hex, expected) => {
    expect(decodeHex(hex)).toMatchObject(expected);
  });

  it('takes 16-bit code', () => {
    expect(summary(decodeHex('01 c8', false))).toBe('add 16/16');
    expect(summary(decodeHex('66 67 8b 04 24', false))).toBe('mov 32/32 mem=2:4+-1*1+0');
  });

  it('flags an instruction over 15 bytes without reading a sixteenth', () => {
    const longest = `${'66 '.repeat(13)}01 c8`;
    expect(decodeHex(longest)).toMatchObject({ length: 15, fault: '' });
    expect(decodeHex(`${'66 '.repeat(14)}01`)).toMatchObject({ form: null, fault: 'long', length: 15 });
  });

  it('reads each byte once, in order, and lets a page fault through', () => {
    const bytes = bytesOf('81 84 24 78 56 34 12 01 00 00 00');
    for (let missing = 0; missing < bytes.length; missing++) {
      const fault = new Error('page fault');
      const read: number[] = [];
      const fetch = (i: number): number => {
        if (i === missing) throw fault;
        read.push(i);
        return bytes[i];
      };
      expect(() => decode(fetch, true)).toThrow(fault);
      expect(read).toEqual(bytes.slice(0, missing).map((_, i) => i));
    }
  });
});
