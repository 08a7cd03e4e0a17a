import { expect, it } from 'vitest';
import { assemble } from './index.ts';

const told = (line: string): string[] => {
  const { errors, warnings } = assemble([{ name: 'a.S', text: `\t${line}\n` }]);
  return [...errors, ...warnings].map(({ message }) => message);
};

/** What GNU as 2.40 takes. */
it.each([
  '.file "x"',
  '.file 1 "x"',
  '.file 1 "dir" "x"',
  '.ident "x \\" y"',
  '.loc 1 2',
  '.loc 1 2 3 is_stmt 0',
  '.att_syntax',
  '.att_syntax prefix',
  '.arch .mmx',
  '.arch i486, nojumps',
  '.extern a, b',
  '.hidden a, b',
  '.hidden "a"',
  '.version "01.01"',
  '.list',
  '.title "x"',
  '.title x y',
  '.psize 60, 80',
  '.cfi_startproc simple',
  '.cfi_sections .debug_frame, .eh_frame',
  '.cfi_def_cfa_offset 8 + 4',
  '.cfi_escape 1,2-1',
])('%s says something to others, and nothing here', (line) => {
  expect(told(line)).toEqual([]);
});

/** What it refuses; and `.extern a b`, which it drops without a word. */
it.each<[string, string]>([
  ['.file "x" nop', `.file takes no '"x" nop'`],
  ['.file x', ".file takes no 'x'"],
  ['.file "a" "b"', `.file takes no '"a" "b"'`],
  ['.ident "x" nop', `.ident takes no '"x" nop'`],
  ['.ident x', ".ident takes no 'x'"],
  ['.loc 1 2 nop', ".loc takes no '1 2 nop'"],
  ['.att_syntax nop', ".att_syntax takes no 'nop'"],
  ['.arch i486 nop', ".arch takes no 'i486 nop'"],
  ['.extern a b', ".extern takes no 'a b'"],
  ['.hidden a b', ".hidden takes no 'a b'"],
  ['.version "x" nop', `.version takes no '"x" nop'`],
  ['.title "x" nop', `.title takes no '"x" nop'`],
  ['.list nop', ".list takes no 'nop'"],
  ['.eject nop', ".eject takes no 'nop'"],
  ['.psize 60,80 nop', ".psize takes no '60,80 nop'"],
  ['.cfi_startproc nop', ".cfi_startproc takes no 'nop'"],
  ['.cfi_endproc nop nop', ".cfi_endproc takes no 'nop nop'"],
  ['.cfi_def_cfa_offset 8 nop', ".cfi_def_cfa_offset takes no '8 nop'"],
])('%s is refused with its rest', (line, message) => {
  expect(told(line)).toEqual([message]);
});
