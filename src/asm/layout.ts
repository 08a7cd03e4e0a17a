import { evaluate, fitsBits, type Resolve } from './expressions.ts';
import type { AsmSymbol, Fragment, Section } from './object.ts';
import { leb128 } from './leb128.ts';
import { codePadding } from './padding.ts';
import type { Location } from './types.ts';

export type Complain = (message: string, location: Location) => void;

/** A section's fragments in final order, with its size once laid out. */
export interface LaidSection {
  readonly section: Section;
  readonly fragments: Fragment[];
  size: number;
  address: number;
}

/** Lines up subsections in the order of their numbers. */
export function gather(sections: Iterable<Section>): LaidSection[] {
  const laid: LaidSection[] = [];
  for (const section of sections) {
    const fragments = [...section.subsections.keys()].sort((a, b) => a - b).flatMap((n) => section.subsections.get(n) ?? []);
    laid.push({ section, fragments, size: 0, address: 0 });
  }
  return laid;
}

/** Resolves symbols to section base plus offset, as far as laid out. */
export function resolver(laid: readonly LaidSection[]): Resolve {
  const bases = new Map(laid.map((l) => [l.section, l]));
  return (term) => {
    const symbol = term as AsmSymbol;
    if (!symbol.position || !symbol.section) return symbol.weak ? 0n : `undefined symbol '${symbol.name}'`;
    const base = bases.get(symbol.section)?.address ?? 0;
    return BigInt(base + symbol.position.fragment.address + symbol.position.offset);
  };
}

/** Where sections go in an image: code, constants, data, then what has no bytes. */
function rank({ section }: LaidSection): number {
  return section.nobits ? 3 : section.executable ? 0 : section.writable ? 2 : 1;
}

/**
 * Gives the sections of the image their addresses, in image order; others stay at zero.
 * @param pageSize what may be written begins on a page of its own, as far into it as the section before came; 0: it need not
 */
export function placeSections(
  laid: readonly LaidSection[],
  base: number,
  fixed: Readonly<Record<string, number>>,
  complain: (message: string) => void,
  pageSize = 0,
): LaidSection[] {
  const image = laid.filter((l) => l.section.allocated && l.size > 0).sort((a, b) => rank(a) - rank(b));
  let at = base;
  let writable = false;
  for (const entry of image) {
    const { name, alignment } = entry.section;
    if (pageSize > 0 && entry.section.writable && !writable) at = Math.ceil(at / pageSize) * pageSize + (at % pageSize);
    writable = entry.section.writable;
    const wanted = fixed[name];
    if (wanted !== undefined && wanted % alignment !== 0)
      complain(`section '${name}' wants ${alignment}-byte alignment, but is put at 0x${wanted.toString(16)}`);
    entry.address = wanted ?? Math.ceil(at / alignment) * alignment;
    at = entry.address + entry.size;
    if (at > 2 ** 32) complain(`section '${name}' ends beyond 4 GiB`);
  }
  const byAddress = [...image].sort((a, b) => a.address - b.address);
  byAddress.forEach((entry, i) => {
    const next = byAddress[i + 1];
    if (next && entry.address + entry.size > next.address) complain(`sections '${entry.section.name}' and '${next.section.name}' overlap`);
  });
  return image;
}

function store(bytes: Uint8Array, at: number, size: number, value: bigint): void {
  for (let i = 0; i < size; i++) bytes[at + i] = Number(BigInt.asUintN(8, value >> BigInt(8 * i)));
}

function fillTail(bytes: Uint8Array, at: number, fragment: Fragment, address: number, resolve: Resolve, complain: Complain): void {
  const { tail, tailSize: size } = fragment;
  if (!tail) return;
  switch (tail.kind) {
    case 'jump': {
      const target = evaluate(tail.jump.target, resolve);
      if (typeof target === 'string') {
        complain(target, tail.jump.location);
        return;
      }
      const opcode = tail.near ? tail.jump.near : [tail.jump.short];
      bytes.set(opcode, at);
      store(bytes, at + opcode.length, size - opcode.length, target - BigInt(address + fragment.bytes.length + size));
      return;
    }
    case 'align': {
      if (tail.fill === null) {
        bytes.set(codePadding(size, tail.code16), at);
        return;
      }
      if (size % tail.fillSize) complain(`a gap of ${size} bytes cannot be filled with values of ${tail.fillSize}`, tail.location);
      for (let i = 0; i < size; i++) bytes[at + i] = (tail.fill >>> (8 * (i % tail.fillSize))) & 0xff;
      return;
    }
    case 'org':
      bytes.fill(tail.fill, at, at + size);
      return;
    case 'space':
      for (let i = 0; i < size; i++) bytes[at + i] = tail.unit[i % tail.unit.length];
      return;
    case 'leb128': {
      const value = evaluate(tail.value, resolve);
      if (typeof value !== 'string') bytes.set(leb128(value, tail.signed), at);
    }
  }
}

/** A laid and placed section's bytes, every symbolic value filled in. */
export function sectionBytes(entry: LaidSection, resolve: Resolve, complain: Complain): Uint8Array {
  if (entry.section.nobits) return new Uint8Array(0);
  const bytes = new Uint8Array(entry.size);
  for (const fragment of entry.fragments) {
    bytes.set(fragment.bytes, fragment.address);
    const address = entry.address + fragment.address;
    for (const fixup of fragment.fixups) {
      let value = evaluate(fixup.expression, resolve);
      if (typeof value === 'string') {
        complain(value, fixup.location);
        continue;
      }
      // EIP wraps.
      if (fixup.relative) value = BigInt.asIntN(32, value - BigInt(address + fixup.offset + fixup.size + fixup.trailing));
      const bits = fixup.size * 8;
      const fits = fixup.relative ? value === BigInt.asIntN(bits, value) : fitsBits(value, bits);
      if (fixup.size < 4 && !fits) {
        complain(
          fixup.relative ? `target is ${value} bytes away, out of reach` : `value ${value} does not fit in ${bits} bits`,
          fixup.location,
        );
      }
      store(bytes, fragment.address + fixup.offset, fixup.size, value);
    }
    fillTail(bytes, fragment.address + fragment.bytes.length, fragment, address, resolve, complain);
  }
  return bytes;
}
