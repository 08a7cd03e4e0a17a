import { describe, expect, it } from 'vitest';
import { assemble } from './index.ts';
import { disagreements, EDGE_VALUES, edges } from './testing/edges.ts';
import { hasGnuAs, missingTools } from './testing/gnu_as.ts';

describe('LEB128 beyond 63 bits', () => {
  edges(`
    .uleb128 0x7fffffffffffffff => ffffffffffffffff7f
    .uleb128 0x8000000000000000 => 80808080808080808001
    .uleb128 0xffffffffffffffff => ffffffffffffffffff01
    .uleb128 0x10000000000000000 => 80808080808080808002
    .uleb128 0xffffffffffffffff-1 => feffffffffffffffff01
    .uleb128 -1, 127, 128 => ffffffffffffffffff017f8001
    .uleb128 2f-3f; .data; 2: .skip 1; 3: .text => ffffffffffffffffff01
    .uleb128 3f-2f; .data; 2: .skip 200; 3: .text => c801
    .sleb128 2f-3f; .data; 2: .skip 65; 3: .text => bf7f
    .sleb128 0xffffffffffffffff => ffffffffffffffffff01
    .sleb128 0x8000000000000000, -0x8000000000000000 => 808080808080808080018080808080808080807f
    .sleb128 -0xffffffffffffffff => 8180808080808080807e
    .sleb128 0x10000000000000000, -0x10000000000000000 => 808080808080808080028080808080808080807e
    .sleb128 -1, 0-1, ~0, 63, 64, -64, -65 => 7f7f7f3fc00040bf7f
  `);
});

describe('shifts by more than there is', () => {
  edges(`
    .quad 1<<63, -1>>63 => 00000000000000800100000000000000
    .quad 1<<64 => 0000000000000000 told
    .quad 1<<-1 => 0000000000000000 told
    .long 1>>64 => 00000000 told
    .byte (1<<64)|1 => 01 told
  `);
});

describe('backslashes', () => {
  edges(`
    .byte '\\n, '\\t', '\\\\, '\\'', '\\", '\\q, '\\b => 0a095c27227108
    .byte '\\0 => 30 more
    .byte '\\x => 78 more
    .ascii "\\é\\n" => c3a90a
    .ascii "\\377\\400\\x1ff\\x\\8\\v\\q" => ff00ff00080b71
  `);

  it('number no character: the digits behind the first are junk', () => {
    const { errors } = assemble([{ name: 'a.S', text: "\t.byte '\\377" }]);
    expect(errors.map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual(["1:11: junk at end of line: '77'"]);
  });
});

describe('fillings', () => {
  edges(`
    .byte 1; .p2align 2, 0x190 => 018d7600 more
    .byte 1; .balign 4, 0x90 => 018d7600
    .byte 1; .balign 4, 0x112 => 01121212 more
    .byte 1; .balign 4, -256 => 01000000 more
    .byte 1; .balign 4, => 01000000
    .byte 1; .balign 4,,3 => 018d7600
    .byte 1, 2; .balignw 4, 0x1234 => 01023412
    .byte 1, 2; .balignw 4, 0x90 => 01029000
    .byte 1, 2; .balignw 4, 0x12345 => 01024523 more
    .byte 1; .balignw 4 => 018d7600 told
    .byte 1; .balignw 4, 0x1234 => refused
    .byte 1; .p2alignl 3, 0x12345678 => refused
    .byte 1, 2, 3, 4; .balignl 8, 0x12345678 => 0102030478563412
    .data; 2: .byte 7; 3: .text; .skip 2, 3b-2b => 0101
    .skip 2, 3f-2f; .data; 2: .byte 7; 3: .text => 0101
    .skip 1, 3f-2f; .data; 2: .skip 256; 3: .text => refused
  `);
});

describe('values of loops', () => {
  edges(`
    .irp x,1,; .ascii "<\\x>"; .endr => 3c313e
    .irp x,,; .ascii "<\\x>"; .endr => 3c3e
    .irp x, 1 , , 2; .ascii "<\\x>"; .endr => 3c313e3c3e3c323e
    .irpc x,a  b,c; .ascii "\\x"; .endr => 61622c63
    .irpc x,"a  b"; .ascii "\\x"; .endr => 61202062
    .irpc x,""; .byte 1; .endr => nothing
    .irpc x; .ascii "<\\x>"; .endr => 3c3e
    .irpc x, "a b" ; .ascii "\\x"; .endr => 612062
  `);
});

describe('a size left out', () => {
  edges(`
    .fill 2 => 0000
    .fill 2,,5 => nothing more
    .fill 2, => nothing more
    .fill 2,2, => 00000000
  `);
});

/** Each of them takes a number at V. */
const DIRECTIVES = [
  ...['.byte V', '.word V', '.long V', '.quad V', '.uleb128 V', '.sleb128 V', '.octa V', '.byte ~(V)', '.word (V)>>8', '.quad 1<<(V)'],
  ...['.skip 3, V', '.org .+2, V', '.fill 2, 1, V', '.fill 2, 2, V', '.fill 1, 3, V', '.fill 2, 4, V', '.fill 2, 8, V'],
  ...['.byte 1; .balign 4, V', '.byte 1; .p2align 2, V', '.byte 1, 2; .balignw 4, V', '.long 1; .balignl 8, V'],
];

/** Distances D, known late and at once; but for LEB128 with a sign of what is known at once, of which GNU as 2.40 makes something else. */
const DISTANCES = [
  ...[
    '.byte D',
    '.word D',
    '.long D',
    '.quad D',
    '.uleb128 D',
    'movb $D,%al',
    'addw $D,%cx',
    'addl $D,%ecx',
    'int $D',
    'ret $D',
    'push $D',
  ],
  ...['pushw $D', 'enter $D,$0', 'movl D(%eax),%ecx', 'movl D(%bx),%ecx', 'in $D,%al', 'imul $D,%eax,%ecx', 'lcall $D,$4', 'lcallw $4,$D'],
];

it.skipIf(!hasGnuAs)(
  `directives and distances at every edge are what GNU as makes of them, and told where it says so ${missingTools}`,
  () => {
    const values = DIRECTIVES.flatMap((directive) => EDGE_VALUES.map((value) => directive.replace('V', String(value))));
    const distances = DISTANCES.flatMap((use) =>
      [127, 128, 129, 255, 256, 257, 65535, 65536].flatMap((gap) => [
        ...['2f-3f', '3f-2f'].map((d) => `${use.replace('D', `(${d})`)}; .data; 2: .skip ${gap}; 3: .text`),
        ...['2b-3b', '3b-2b'].map((d) => `.data; 2: .skip ${gap}; 3: .text; ${use.replace('D', `(${d})`)}`),
      ]),
    );
    expect(disagreements([...values, ...distances])).toEqual([]);
  },
);
