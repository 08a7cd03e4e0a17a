import { describe } from 'vitest';
import { edges } from './testing/edges.ts';

describe('values at the edge of their field', () => {
  edges(`
    .byte 255, -255, -129 => ff017f
    .byte 256 => 00 told
    .byte -256 => 00 told
    .byte ~0xff => 00 told
    .word 0xffff, -65535, -32769 => ffff0100ff7f
    .word 65536 => 0000 told
    .word -65536 => 0000 told
    .long 0xffffffff, -0xffffffff => ffffffff01000000
    .long 0x100000000 => 00000000 more
    .long -0x100000000 => 00000000 more
    .quad -1, 0xffffffffffffffff => ffffffffffffffffffffffffffffffff
    .skip 1, 255 => ff
    .skip 1, -255 => 01
    .skip 1, -256 => 00 told
    .org .+1, 255 => ff
    .org .+1, -256 => 00 more
    .fill 1, 1, -255 => 01
    .fill 1, 1, -256 => 00 more
    .fill 1, 2, 65536 => 0000 more
    .fill 1, 4, 0x100000000 => 00000000 more
    .fill 1, 8, 0xffffffff => ffffffff00000000
    .fill 1, 8, 0x100000000 => 0000000000000000 more
    .fill 1, 8, -1 => ffffffff00000000 more
  `);
});

describe('distances at the edge of their field', () => {
  edges(`
    .data; 2: .skip 256; 3: .text; .byte 2b-3b => 00 told
    .data; 2: .skip 255; 3: .text; .byte 2b-3b => 01
    .byte 3f-2f; .data; 2: .skip 255; 3: .text => ff
    .byte 3f-2f; .data; 2: .skip 256; 3: .text => refused
    .byte 2f-3f; .data; 2: .skip 255; 3: .text => 01
    .byte 2f-3f; .data; 2: .skip 256; 3: .text => refused
    .word 2f-3f; .data; 2: .skip 65535; 3: .text => 0100
    .word 2f-3f; .data; 2: .skip 65536; 3: .text => refused
    .word 3f-2f; .data; 2: .skip 65536; 3: .text => refused
    movb $(2f-3f),%al; .data; 2: .skip 255; 3: .text => b001
    movb $(2f-3f),%al; .data; 2: .skip 256; 3: .text => refused
    movb $(3f-2f),%al; .data; 2: .skip 256; 3: .text => refused
    int $(2f-3f); .data; 2: .skip 255; 3: .text => cd01
    int $(2f-3f); .data; 2: .skip 256; 3: .text => refused
    addw $(2f-3f),%cx; .data; 2: .skip 65535; 3: .text => 6681c10100
    addw $(2f-3f),%cx; .data; 2: .skip 65536; 3: .text => refused
    movw (2f-3f)(%bx),%cx; .data; 2: .skip 65536; 3: .text => refused
    .data; 2: .skip 256; 3: .text; movb $(2b-3b),%al => b000 told
    .data; 2: .skip 256; 3: .text; movb $(3b-2b),%al => b000 told
  `);
});

describe('displacements at the edge of their field', () => {
  edges(`
    movw 0xffff(%bx),%cx => 67668b4fff
    movw -0xffff(%bx),%cx => 67668b8f0100
    movw 0x10000(%bx),%cx => 67668b8f0000 told
    movw -0x10000(%bx),%cx => 67668b8f0000 told
    movw 0x1ffff(%bx),%cx => 67668b8fffff told
    movw 0x10000(%bp),%cx => 67668b8e0000 told
    addr16 movw 0x12345,%cx => 67668b0e4523 told
    addr16 movw -0x10000,%ax => 6766a10000 told
    .code16; movw 0x10005(%bx),%ax; .code32 => 8b870500 told
    movl 0xffffffff(%eax),%ecx => 8b48ff
    movl -0xffffffff(%eax),%ecx => 8b4801
    movl 0x100000000(%eax),%ecx => 8b08 more
  `);
});
