import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasGnuAs, missingTools } from './testing/gnu_as.ts';
import { assemble, disassemble, type AssembleOptions, type Assembly } from './index.ts';

const one = (text: string, options: AssembleOptions = {}): Assembly => assemble([{ name: 'a.S', text }], options);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const messages = (done: Assembly): string[] => done.errors.map((e) => `${e.source}:${e.line}:${e.column}: ${e.message}`);

const PROGRAM = `	.text
	.globl _start
	.type _start, @function
_start:	movl $value, %eax
	hlt
	.size _start, . - _start
	.section .rodata
text:	.ascii "hi"
	.data
	.balign 8
value:	.long 7
	.set CONSTANT, 0x1234
	.bss
	.balign 16
	.skip 100
end:
`;

describe('placing an image', () => {
  it('puts code, constants, data and zeros one after the other, each on its alignment', () => {
    const done = one(PROGRAM, { base: 0xc0100000 });
    expect(messages(done)).toEqual([]);
    expect(done.sections.map((s) => `${s.name} ${s.address.toString(16)} ${s.size}`)).toEqual([
      '.text c0100000 6',
      '.rodata c0100006 2',
      '.data c0100008 4',
      '.bss c0100010 100',
    ]);
    expect(hex(done.image.segments[0].bytes)).toBe('b8080010c0f4');
    expect(done.image.segments.map((s) => [s.bytes.length, s.memsize])).toEqual([
      [6, 6],
      [2, 2],
      [4, 4],
      [0, 100],
    ]);
    expect(done.entry).toBe(0xc0100000);
  });

  it('puts sections where it is told', () => {
    const done = one(PROGRAM, { base: 0x1000, sections: { '.data': 0xffc00000, '.bss': 0x2000 } });
    expect(done.sections.map((s) => s.address)).toEqual([0x1000, 0x1006, 0xffc00000, 0x2000]);
    expect(done.symbols.get('end')?.value).toBe(0x2064);
  });

  it.each([
    ['overlap', { base: 0x1000, sections: { '.data': 0x1000 } }, /sections '.text' and '.data' overlap/],
    ['misaligned', { sections: { '.data': 0x1001 } }, /'.data' wants 8-byte alignment, but is put at 0x1001/],
    ['beyond the top', { sections: { '.bss': 0xfffffff0 } }, /'.bss' ends beyond 4 GiB/],
    ['no such entry', { entry: 'nowhere' }, /entry point 'nowhere' is not defined/],
  ])('says what is wrong: %s', (_, options, message) => {
    expect(messages(one(PROGRAM, options)).join()).toMatch(message);
  });

  it('tells symbols', () => {
    const { symbols } = one(PROGRAM, { base: 0x1000 });
    expect(symbols.get('_start')).toEqual({ name: '_start', value: 0x1000, section: '.text', global: true, type: 'func', size: 6 });
    expect(symbols.get('value')).toMatchObject({ value: 0x1008, section: '.data', global: false });
    expect(symbols.get('CONSTANT')).toMatchObject({ value: 0x1234, section: null });
  });

  it('takes definitions, and an entry by name or address', () => {
    const text = '\tnop\nhere:\tmovl $LIMIT, %eax\n';
    expect(hex(one(text, { define: { LIMIT: 3 } }).sections[0].bytes)).toBe('90b803000000');
    expect(one(text, { define: { LIMIT: 3 }, entry: 'here' }).entry).toBe(1);
    expect(one(text, { define: { LIMIT: 3 }, entry: 0x77 }).entry).toBe(0x77);
  });

  it('joins sources into one unit', () => {
    const done = assemble([
      { name: 'a.S', text: '\tcall b\n' },
      { name: 'b.S', text: 'b:\tret\n' },
    ]);
    expect(hex(done.sections[0].bytes)).toBe('e800000000c3');
  });
});

describe('lines', () => {
  const library = { name: 'lib.S', text: '\t.macro twice\n\tnop\n\thlt\n\t.endm\n\tret\n' };
  const done = one('\t.include "lib.S"\n\n\tincl %eax; decl %eax\n\ttwice\n\t.rept 2\n\tcli\n\t.endr\n', {
    include: (name) => (name === 'lib.S' ? library : null),
  });

  it('know where every byte comes from, through includes, macros and repetitions', () => {
    expect(messages(done)).toEqual([]);
    expect(
      done.lines.map((l) => `${l.address}+${l.length} ${l.source}:${l.line}${l.via ? ` via ${l.via.source}:${l.via.line}` : ''}`),
    ).toEqual(['0+1 lib.S:5', '1+1 a.S:3', '2+1 a.S:3', '3+1 lib.S:2 via a.S:4', '4+1 lib.S:3 via a.S:4', '5+1 a.S:6', '6+1 a.S:6']);
  });

  it('are listed with addresses and bytes', () => {
    expect(done.listing()).toBe(
      [
        'a.S:',
        '    1                                    .include "lib.S"',
        '    2',
        '    3 00000001  40                       incl %eax; decl %eax'.replace('incl', '\tincl'),
        '    3 00000002  48',
        '    4                                    twice'.replace('twice', '\ttwice'),
        '    5                                    .rept 2'.replace('.rept', '\t.rept'),
        '    6 00000005  fa                       cli'.replace('cli', '\tcli'),
        '    6 00000006  fa',
        '    7                                    .endr'.replace('.endr', '\t.endr'),
        '    8',
        'lib.S:',
        '    5 00000000  c3',
        '    2 00000003  90',
        '    3 00000004  f4',
        '',
      ]
        .join('\n')
        .replace(' .include', ' \t.include'),
    );
  });
});

describe('mistakes', () => {
  it.each([
    ['\tfrob %eax', "1:2: no such instruction: 'frob'"],
    ['\tmovl %eax', "1:2: operands do not fit 'movl'"],
    ['\tbswap %ax', "1:2: operands do not fit 'bswap'"],
    ['\tincl (%eax,%esp)', '1:7: %esp cannot be an index'],
    ['\tmovl %foo, %eax', "1:7: unknown register '%foo'"],
    ['\tmovl 4(%bx,%cx), %eax', '1:8: not a valid 16-bit base and index'],
    ['\tmovl (%eax,%ebx,3), %eax', '1:18: scale must be 1, 2, 4 or 8'],
    ['\tjmp nowhere', "1:2: undefined symbol 'nowhere'"],
    ['x:\nx:', "2:1: symbol 'x' is already defined"],
    ['\tjmp 1b', "1:6: no label '1:' before this"],
    ['\t.long 1 +', '1:11: missing expression'],
    ['\t.long 08', "1:8: bad octal number '08'"],
    ['\t.long 12ab', "1:8: bad number '12ab'"],
    ['\t.ascii "abc', '1:9: unterminated string'],
    ['\t.bogus 1', "1:2: unknown directive '.bogus'"],
    ['\t.if x\n\t.endif', "1:7: '.if' needs a constant expression"],
    ['\t.if 1\n\tnop', '1:2: .if without .endif'],
    ['\t.endif', '1:2: .endif without .if'],
    ['\t.macro m\n\tnop', '1:2: .macro without .endm'],
    ['\t.rept 3\n\tnop', '1:2: .rept without .endr'],
    ['\t.macro m a:req\n\t.endm\n\tm', "3:3: macro 'm' needs a value for 'a'"],
    ['\t.macro m\n\tm\n\t.endm\n\tm', '2:2: macros or includes nested too deeply'],
    ['\t.include "none.S"', "1:2: cannot find 'none.S'"],
    ['\tloop far\n\t.skip 200\nfar:', '1:2: target is 200 bytes away, out of reach'],
    ['\t.byte a\n\t.skip 300\na:', '1:2: value 301 does not fit in 8 bits'],
    ['\t.long 1 / (a - a)\na:', '1:2: division by zero'],
    ['\t.fill 8-(.-a)\na:', '1:2: a size that depends on itself never settles'],
    ['\tjmp f\n\t.skip 8-(.-a)\na:\nf:', '2:2: a size that depends on itself never settles'],
    ['\t.org 8\n\t.org 4', '2:2: .org goes backwards, or too far'],
    ['\t.set a, b\n\t.set b, a\n\t.long a', /expression refers to itself|undefined symbol/],
    ['\tlock movl %eax, (%ebx)', "1:7: 'movl' cannot be locked"],
    ['\tlock incl %eax', "1:7: 'incl' cannot be locked"],
    ['\t.bss\n\t.long 5', "2:2: section '.bss' can hold zeros only"],
    ['\t.balign 3', '1:2: alignment 3 is not a power of two'],
    ['\t.popsection', '1:2: .popsection without .pushsection'],
    ['\t.endm', '1:2: .endm without .macro'],
    ['\t.endr', '1:2: .endr without .rept, .irp or .irpc'],
    ['\t.error "told so"', '1:2: told so'],
    ['\tcli nop', "1:2: operands do not fit 'cli'"],
    ['\t%eax', "1:2: not a statement: '%eax'"],
  ])('%j', (text, expected) => {
    const [first] = one(text).errors;
    const said = first ? `${first.line}:${first.column}: ${first.message}` : 'no error';
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  it('are all told, each with the macro call that led there', () => {
    const done = one('\t.macro bad\n\tfrob\n\t.endm\n\tbad\n\tnop\n\tblub\n');
    expect(done.ok).toBe(false);
    expect(done.errors).toEqual([
      {
        source: 'a.S',
        line: 2,
        column: 2,
        severity: 'error',
        message: "no such instruction: 'frob'",
        via: { source: 'a.S', line: 4, column: 2 },
      },
      { source: 'a.S', line: 6, column: 2, severity: 'error', message: "no such instruction: 'blub'" },
    ]);
  });

  /** What is written and does not get into the image is told, with its place; what stands behind it gets in. */
  it.each([
    [
      '.exitm where there is nothing to leave',
      '\t.byte 1\n\t.exitm\n\t.byte 2',
      '0102',
      '2:2: .exitm outside a macro or a loop does nothing',
    ],
    ['code after .end', '\t.byte 1\n\t.end\n\t.byte 2', '01', '3:2: what follows .end is not assembled'],
    ['code after a macro with .end', '\t.macro m\n\t.end\n\t.endm\n\tm\n\t.byte 2', undefined, '5:2: what follows .end is not assembled'],
    ['code after an include with .end', '\t.byte 1\n\t.include "end"\n\t.byte 2', '0109', '3:2: what follows .end is not assembled'],
    ['a comment without end', '\t.byte 1\n\tnop /* and\n\t.byte 2', '0190', '2:6: this comment has no end'],
    ['a string without end', '\t.ascii "a\n\t.byte 2', '02', '1:9: unterminated string'],
    ['an .if without end', '\t.if 0\n\t.byte 1', undefined, '1:2: .if without .endif'],
    ['the body of a macro without end', '\t.macro m\n\t.byte 1', undefined, '1:2: .macro without .endm'],
    ['a number too long', '\t.byte 0x1ff', 'ff', '1:2: value 511 truncated to 8 bits'],
    [
      'a number too long to reckon with',
      '\t.quad 0x10000000000000000',
      undefined,
      "1:8: the number '0x10000000000000000' has more than 64 bits",
    ],
    [
      'one that decides',
      '\t.if 0x10000000000000000\n\t.byte 1\n\t.endif',
      undefined,
      "1:6: the number '0x10000000000000000' has more than 64 bits",
    ],
    ['the longest number', '\t.quad 0xffffffffffffffff, 18446744073709551615', 'ff'.repeat(16), undefined],
    ['a filling too long', '\t.skip 1, 511', 'ff', '1:2: value 511 truncated to 8 bits'],
    ['a float too large', '\t.float 3.5e38', undefined, '1:9: 3.5e38 is too large for 32 bits'],
    ['a double too large', '\t.double 1, -1e309', undefined, '1:13: -1e309 is too large for 64 bits'],
    ['a float too small', '\t.float 1e-40, 1e-50', undefined, '1:16: 1e-50 is too small for 32 bits'],
    ['nothing', '\t.float 0.0, -0.0', '0000000000000080', undefined],
    ['a character of two bytes', "\t.byte 'é", undefined, '1:9: a character of more than one byte'],
    ['an infinity', '\t.float inf, 3.4028235e38', '0000807fffff7f7f', undefined],
    ['a number left out', '\t.byte 1,', '0100', '1:10: nothing stands here: taken as zero'],
    [
      'a section that is not loaded',
      '\t.section .mine\n\t.byte 1',
      undefined,
      `1:2: section '.mine' has no flag "a": its 1 bytes are not in the image`,
    ],
    ['a carriage return', '\t.byte 1\r\n\t.byte 2\r\n', '0102', undefined],
    ['a carriage return alone', '\t.byte 1\r\t.byte 2', undefined, "1:11: junk at end of line: '.byte 2'"],
    ['a byte order mark', '\ufeff\t.byte 1', '01', undefined],
    ['a size', '\tmov $1, (%eax)', 'c70001000000', "1:2: operand size of 'mov' is not clear: taken as 'l', add a suffix"],
    ['a size of the x87', '\tfld (%eax)', 'd900', "1:2: operand size of 'fld' is not clear: taken as 'd', add a suffix"],
    ['a size of a string', '\tmovs %ds:(%esi), (%edi)', 'a5', "1:2: operand size of 'movs' is not clear: taken as 'l', add a suffix"],
  ])('%s', (_, text, bytes, told) => {
    const done = one(text, { include: () => ({ name: 'end', text: '\t.byte 9\n\t.end\n' }) });
    const said = [...done.errors, ...done.warnings].map(({ line, column, message }) => `${line}:${column}: ${message}`);
    expect(said).toEqual(told === undefined ? [] : [told]);
    if (bytes !== undefined) expect(hex(done.sections[0].bytes)).toBe(bytes);
  });

  it.each([
    ['whole', '"f"', '6162636465'],
    ['from a place on', '"f", 2', '636465'],
    ['so many bytes', '"f", 1, 2', '6263'],
    ['more than there are', '"f", 2, 9', "1:2: 'f' has 5 bytes: it cannot give 9 of them from 2 on"],
    ['from beyond its end', '"f", 6', "1:2: 'f' has 5 bytes: it cannot give -1 of them from 6 on"],
    ['that is not there', '"g"', "1:2: cannot find 'g'"],
  ])('a file taken in %s', (_, operands, wanted) => {
    const done = one(`\t.incbin ${operands}`, { includeBytes: (name) => (name === 'f' ? new TextEncoder().encode('abcde') : null) });
    const [first] = done.errors;
    expect(first ? `${first.line}:${first.column}: ${first.message}` : hex(done.sections[0].bytes)).toBe(wanted);
  });

  it('never come out as exceptions', () => {
    const words = [
      '.macro',
      '.endm',
      '.rept',
      '.endr',
      '.if',
      '.else',
      '.endif',
      '1:',
      'x:',
      'x',
      '=',
      '$',
      '%eax',
      '(',
      ')',
      ',',
      '"',
      "'",
      '\\',
      '\n',
      '\n',
      '\n',
      ';',
      ' ',
      ' ',
      'movl',
      'jmp',
      '1b',
      '1f',
      '.',
      '.long',
      '.set',
      '.org',
      '.balign',
      '-',
      '*',
      '/',
      '0x',
      '7',
      '4294967296',
      '.section',
      '.include',
      '"a.S"',
      '.irp',
      '\\x',
      '.skip',
      '@',
      '#',
      '/*',
      '*/',
      '.fill',
      '.byte',
      'lock',
      'rep',
      '%st(1)',
      ':',
      '<<',
      '.comm',
      '.bss',
      '.subsection',
      '.ascii',
      '.float',
      '1e9',
      'call',
      'push',
      '.purgem',
      '.altmacro',
      '%x',
    ];
    let state = 42;
    const next = (below: number): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) % below;
    };
    for (let n = 0; n < 3000; n++) {
      const text = Array.from({ length: next(30) }, () => words[next(words.length)] + (next(3) ? ' ' : '')).join('');
      const done = one(text, { include: () => null });
      expect(done.ok).toBe(done.errors.length === 0);
      done.listing();
      done.elf();
    }
  });
});

describe('the ELF file', () => {
  const done = one(PROGRAM, { base: 0xc0100000, physicalOffset: 0xc0000000 });
  const elf = new DataView(done.elf().buffer);

  it('is an i386 executable with a segment for each section', () => {
    expect([elf.getUint32(0), elf.getUint16(16, true), elf.getUint16(18, true), elf.getUint32(24, true)]).toEqual([
      0x7f454c46, 2, 3, 0xc0100000,
    ]);
    const headers = Array.from({ length: elf.getUint16(44, true) }, (_, i) => {
      const at = 52 + 32 * i;
      return [0, 8, 12, 16, 20].map((field) => elf.getUint32(at + field, true).toString(16)).join(' ');
    });
    expect(headers).toEqual(['1 c0100000 100000 6 6', '1 c0100006 100006 2 2', '1 c0100008 100008 4 4', '1 c0100010 100010 0 64']);
    const offset = elf.getUint32(52 + 4, true);
    expect(hex(done.elf().slice(offset, offset + 6))).toBe('b8080010c0f4');
  });

  it.skipIf(!hasGnuAs)(`is read by binutils ${missingTools}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'elf-'));
    try {
      writeFileSync(join(folder, 'a.elf'), done.elf());
      const dump = execFileSync('objdump', ['-d', '-t', 'a.elf'], { cwd: folder, encoding: 'utf8' });
      expect(dump).toMatch(/c0100000 g {5}F \.text\s+00000006 _start/);
      expect(dump).toMatch(/00001234 l {7}\*ABS\*\s+00000000 CONSTANT/);
      expect(dump).toMatch(/c0100000:\s+b8 08 00 10 c0\s+mov {4}\$0xc0100008,%eax/);
      expect(
        execFileSync('readelf', ['-a', '-W', 'a.elf'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
      ).not.toMatch(/[Ww]arning/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('the disassembler', () => {
  it.each([
    ['e8 fb ff ff ff', 'call   0x1000 <start>', 5],
    ['eb 10', 'jmp    0x1012', 2],
    ['0f ff', '(bad)', 1],
    ['8b', '(bad)', 1],
    ['f0 ff 00', 'lock incl (%eax)', 3],
    ['8d b4 26 00 00 00 00', 'lea    0x0(%esi,%eiz,1),%esi', 7],
    ['65 a1 14 00 00 00', 'mov    %gs:0x14,%eax', 6],
  ])('%s is %s', (text, expected, length) => {
    const bytes = Uint8Array.from(text.split(' ').map((b) => parseInt(b, 16)));
    expect(disassemble(bytes, 0x1000, (address) => (address === 0x1000 ? 'start' : null))).toMatchObject({ text: expected, length });
  });
});
