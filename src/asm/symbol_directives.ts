import type { Handler } from './directives.ts';
import { constantOf } from './expressions.ts';
import type { AsmSymbol } from './object.ts';
import type { Scanner } from './scanner.ts';

const assignment =
  (once: boolean): Handler =>
  (assembler, rest) => {
    const column = rest.at;
    const name = rest.peek() === '.' && rest.take('.') ? `.${rest.name()}` : rest.name();
    if (!name) rest.fail('missing symbol name');
    rest.expect(',');
    const value = rest.expression();
    rest.expectEnd();
    assembler.assign(name, value, once, column);
  };

const each =
  (action: (symbol: AsmSymbol) => void): Handler =>
  (assembler, rest) => {
    do action(assembler.symbol(rest.name() || rest.fail('missing symbol name')));
    while (rest.take(','));
    rest.expectEnd();
  };

function number(rest: Scanner): number {
  const value = constantOf(rest.expression()) ?? rest.fail('must be a constant');
  if (value < 0n || value > 0x10000000n) rest.fail(`${value} is out of range`);
  return Number(value);
}

/** Subsection of .bss where GNU as collects what `.lcomm` reserves. */
const LOCAL_COMMONS = 1;

/** The most that one symbol may have reserved: a quarter of the address space. */
const MAX_COMMON = 1 << 30;

const common =
  (isLocal: boolean): Handler =>
  (assembler, rest) => {
    const name = rest.name() || rest.fail('missing symbol name');
    rest.expect(',');
    const size = number(rest);
    const symbol = assembler.symbol(name);
    const alignment = rest.take(',')
      ? Math.max(1, number(rest))
      : size >= 16 && !isLocal
        ? 16
        : size >= 8
          ? 8
          : size >= 4
            ? 4
            : size >= 2
              ? 2
              : 1;
    rest.expectEnd();
    if (symbol.position || symbol.value || symbol.common) rest.fail(`symbol '${name}' is already defined`, 0);
    if (size > MAX_COMMON || alignment > MAX_COMMON || (alignment & (alignment - 1)) !== 0)
      rest.fail(`cannot reserve ${size} bytes on ${alignment}`, 0);
    symbol.type = 'object';
    symbol.size = { kind: 'sum', constant: BigInt(size), terms: [] };
    if (isLocal || symbol.local) {
      assembler.reserve(symbol, size, alignment, LOCAL_COMMONS);
      return;
    }
    symbol.common = { size, alignment };
    symbol.global = true;
  };

export const SYMBOL_DIRECTIVES: Readonly<Record<string, Handler>> = {
  '.set': assignment(false),
  '.equ': assignment(false),
  '.equiv': assignment(true),
  '.eqv': assignment(true),
  '.globl': each((s) => {
    s.global = true;
  }),
  '.global': each((s) => {
    s.global = true;
  }),
  '.weak': each((s) => {
    s.weak = true;
    s.global = true;
  }),
  '.local': each((s) => {
    s.local = true;
  }),
  '.comm': common(false),
  '.lcomm': common(true),
  '.type': (assembler, rest) => {
    const symbol = assembler.symbol(rest.name() || rest.fail('missing symbol name'));
    rest.take(',');
    const type = /^[@%]?("?)([A-Za-z_]+)\1\s*$/.exec(rest.rest()) ?? rest.fail('missing symbol type');
    const word = type[2].toLowerCase().replace(/^stt_/, '');
    symbol.type = word === 'function' || word === 'func' ? 'func' : word === 'object' ? 'object' : 'notype';
  },
  '.size': (assembler, rest) => {
    const symbol = assembler.symbol(rest.name() || rest.fail('missing symbol name'));
    rest.expect(',');
    symbol.size = rest.expression();
    rest.expectEnd();
  },
};
