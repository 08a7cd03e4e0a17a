import { expect, it } from 'vitest';
import { assemble } from './index.ts';

/** What stands in a line behind a directive that takes nothing more is told, and the lines around it are assembled as if it were not there. */
it.each<[string, string, string | undefined, string | undefined]>([
  ['code in a line with .end', '\t.byte 1\n\t.end .byte 2', '01', '2:7: what follows .end is not assembled'],
  ['code in a line with .endr', '\t.rept 2\n\t.byte 1\n\t.endr .byte 2\n\t.byte 3', '010103', '3:8: what follows .endr is not assembled'],
  ['code in a line with .endm', '\t.macro m\n\t.byte 1\n\t.endm .byte 2\n\tm', '01', '3:8: what follows .endm is not assembled'],
  ['its name behind a macro', '\t.macro m\n\t.byte 1\n\t.endm m\n\tm', '01', undefined],
  ['code in a line with .else', '\t.if 0\n\t.else .byte 1\n\t.byte 2\n\t.endif', '02', "2:8: junk at end of line: '.byte 1'"],
  ['code in a line with .endif', '\t.if 1\n\t.byte 1\n\t.endif nop\n\t.byte 2', '0102', "3:9: junk at end of line: 'nop'"],
  ['the same where all is left out', '\t.if 0\n\t.if 0\n\t.endif nop\n\t.endif\n\t.byte 2', '02', "3:9: junk at end of line: 'nop'"],
  ['code in a line with .ifndef', '\t.ifndef a .byte 1\n\t.endif', undefined, "1:12: junk at end of line: '.byte 1'"],
  ['code in a line with .ifeqs', '\t.ifeqs "a", "a" nop\n\t.endif', undefined, "1:18: junk at end of line: 'nop'"],
  ['code in a line with .altmacro', '\t.altmacro nop\n\t.byte 1', '01', "1:12: junk at end of line: 'nop'"],
])('%s', (_, text, bytes, told) => {
  const { sections, errors, warnings } = assemble([{ name: 'a.S', text }]);
  expect([...errors, ...warnings].map(({ line, column, message }) => `${line}:${column}: ${message}`)).toEqual(
    told === undefined ? [] : [told],
  );
  if (bytes !== undefined) expect(Buffer.from(sections[0].bytes).toString('hex')).toBe(bytes);
});
