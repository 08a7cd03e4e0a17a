import { describe, expect, it } from 'vitest';
import { effort } from '#testing';
import { disagreements, EDGE_VALUES, edges } from './testing/edges.ts';
import { hasGnuAs, missingTools } from './testing/gnu_as.ts';
import { instructionLines } from './testing/instruction_lines.ts';

describe('immediates longer than their field', () => {
  edges(`
    int $255 => cdff
    int $-128 => cd80
    int $256 => refused
    int $-129 => refused
    ret $65535 => c2ffff
    ret $-32768 => c20080
    ret $65536 => refused
    ret $-32769 => refused
    shll $255,%eax => c1e0ff
    shll $256,%eax => refused
    shll $-129,%eax => refused
    shlw $0xffff,%ax => 66c1e0ff
    movb $255,%al => b0ff
    movb $-255,%al => b001
    movb $256,%al => b000 told
    movb $-256,%al => b000 told
    addw $-65535,%cx => 6681c10100
    addw $-65536,%cx => 6681c10000 told
    cmpl $0xffffffff,%eax => 83f8ff
    cmpl $0x100000000,%eax => 83f800 more
    cmpl $0x1ffffffff,%eax => 83f8ff more
    roll $-0xffffffff,%eax => d1c0
    roll $0x100000001,%eax => d1c0 more
    roll $-255,%eax => refused
    lcall $65535,$1 => 9a01000000ffff
    lcall $65536,$1 => refused
    lcall $0x100000000,$1 => 9a010000000000 more
    lcall $0x1ffffffff,$1 => refused
    int $0x1ffffffff => refused
    int $0xffffffff => cdff
    push $0x1ffffffff => 68ffffffff more
    lcall $1,$0x1ffffffff => 9affffffff0100 more
    ljmpw $1,$0xffff => 66eaffff0100
    ljmpw $1,$0x10000 => refused
    ljmpw $1,$-0x10000 => refused
    .code16; int $0xffff; .code32 => cdff
    .code16; int $256; .code32 => refused
    .code16; push $0xffff; .code32 => 6aff
    .code16; push $0x10000; .code32 => 680000 told
    .code16; cmp $0xffff,%ax; .code32 => 83f8ff
    .code16; lcall $1,$0x10000; .code32 => refused
  `);
});

describe('prefixes that contradict', () => {
  edges(`
    addr16 movl 7(%eax),%ecx => refused
    addr16 movsb (%esi),(%edi) => refused
    addr32 movl (%eax),%ecx => refused
    data32 nop => refused
    .code16; addr16 movw (%bx),%cx; .code32 => refused
    .code16; addr32 movw (%bx),%cx; .code32 => refused
    .code16; addr32 movw 4,%cx; .code32 => 678b0d04000000
    data16 call .+4 => 66e80000
    .code16; data32 call .+6; .code32 => 66e800000000
    data16 push $0x1234 => 66683412
  `);
});

/** One line for each mnemonic and kinds of operands that has an immediate. */
function shapes(): string[] {
  const found = new Map<string, string>();
  for (const line of instructionLines()) {
    if (!line.includes('$')) continue;
    const kind = line.replace(/\$[-\w]+/g, '$').replace(/[-\w%:]*\([^)]*\)|%[cdefgs]s:\w+/g, 'M');
    const general = kind.replace(/%(?!(?:al|ax|eax)\b)(?:[abcd][lh]\b|e?(?:[abcd]x|[sb]p|[sd]i)\b)/g, (name) =>
      /[lh]$/.test(name) ? 'b' : name[1] === 'e' ? 'd' : 'w',
    );
    if (!found.has(general)) found.set(general, line);
  }
  return [...found.values()];
}

/** Addresses with a displacement, one of each kind. */
const ADDRESSES = [
  'V(%eax),%ecx',
  'V(%ebp),%ecx',
  'V(%esp),%ecx',
  'V(,%eax,4),%ecx',
  'V(%bx),%ecx',
  'V(%bp,%si),%ecx',
  'V,%eax',
  'V,%ecx',
  '%gs:V,%eax',
];

describe.skipIf(!hasGnuAs)(`every immediate and displacement at every edge ${missingTools}`, () => {
  const immediates = shapes().flatMap((line) =>
    EDGE_VALUES.flatMap((value) =>
      [...line.matchAll(/\$[-\w]+/g)].map(({ index, 0: old }) => `${line.slice(0, index)}$${value}${line.slice(index + old.length)}`),
    ),
  );
  const displacements = ['movl', 'addr16 movl'].flatMap((verb) =>
    ADDRESSES.flatMap((address) => EDGE_VALUES.map((value) => `${verb} ${address.replace('V', String(value))}`)),
  );
  const lines = [...immediates, ...displacements];
  /** A prime, which the number of values is no multiple of: in time each meets every line. */
  const share = 13 / Math.min(13, effort());

  it.each(['.code32', '.code16'])('is what GNU as makes of it, and told where it says so, in %s', (mode) => {
    const asked = lines.filter((_, i) => i % share < 1).map((line) => `${mode}; ${line}; .code32`);
    expect(disagreements(asked)).toEqual([]);
  });
});
