import { describe, expect, test } from 'vitest';
import { ExpressionFault, Offered, parseExpression } from './expression.ts';
import type { Scope } from './expression.ts';

const NAMES: Readonly<Record<string, unknown>> = {
  vaddr: 0xc0101004,
  cpu: { lg: { pgdirs: [{ gpgdir: 0x1000 }], dead: null }, regs: Uint32Array.of(7, 8) },
  name: 'SET_PTE',
  word: new Offered(([at]) => (at as number) + 1),
  files: new Map([[3, 'console']]),
};
const scope: Scope = { has: (name) => Object.hasOwn(NAMES, name), get: (name) => NAMES[name] };

describe('an expression', () => {
  test.each<[string, unknown]>([
    ['1 + 2 * 3 - -4', 11],
    ['(1 + 2) * 3', 9],
    ['0xff & ~0xf', 0xf0],
    ['vaddr >>> 22', 0x300],
    ['vaddr & 0x80000000', 0x80000000],
    ['1 << 31 == 0x80000000', true],
    ['cpu.lg.pgdirs[0].gpgdir', 0x1000],
    ['cpu.regs[1] % 3', 2],
    ['cpu.regs.length', 2],
    ['cpu.regs[9]', undefined],
    ['cpu.lg.pgdirs.map', undefined],
    ['cpu.lg.dead == null && name == "SET_PTE"', true],
    ['!name || vaddr < 3', false],
    ['vaddr > 5 ? "far" : \'near\'', 'far'],
    ['word(vaddr - 4) == vaddr - 3', true],
    ['files[3]', 'console'],
    ['1_000', 1000],
  ])('%s', (text, value) => expect(parseExpression(text)(scope)).toEqual(value));

  test.each<[string, string, number]>([
    ['', 'something is missing here', 0],
    ['1 +', 'something is missing here', 3],
    ['a = 1', '“=” means nothing here', 2],
    ['(1', 'a “)” is missing', 2],
    ['vaddr vaddr', '“vaddr” is not expected here', 6],
    ['cpu.', 'a name is missing behind the point', 4],
    ['1 + gpte', 'there is no gpte here', 4],
    ['cpu.lg.nothing', 'it has no nothing', 6],
    ['cpu.lg.dead.x', 'null has no parts', 11],
    ['cpu.constructor', 'it has no constructor', 3],
    ['name(1)', 'name cannot be called', 0],
    ['toString', 'there is no toString here', 0],
  ])('%s: %s', (text, message, at) => {
    let fault: unknown;
    try {
      parseExpression(text)(scope);
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(ExpressionFault);
    expect(fault).toMatchObject({ message, at });
  });
});
