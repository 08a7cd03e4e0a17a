import { evaluate, symbolPlus, type Expression, type Resolve } from './expressions.ts';
import type { AsmSymbol, Fragment, Jump, Section } from './object.ts';
import { codePadding } from './padding.ts';
import type { Location } from './types.ts';

export type Complain = (message: string, location: Location) => void;

/** A section's fragments in final order, with its size once laid out. */
export type LaidSection = { readonly section: Section; readonly fragments: Fragment[]; size: number; address: number };

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

/** The section a jump's target is in, through aliases; null when that is not one label plus a constant. */
function targetSection(target: Expression): { section: Section; weak: boolean } | null {
  let weak = false;
  let expression = target;
  for (let depth = 0; depth < 50; depth++) {
    const plus = symbolPlus(expression);
    if (!plus) return null;
    const symbol = plus.symbol as AsmSymbol;
    weak ||= symbol.weak;
    if (symbol.section) return { section: symbol.section, weak };
    if (!symbol.value) return null;
    expression = symbol.value;
  }
  return null;
}

function jumpSize(jump: Jump, near: boolean): number { return near ? jump.near.length + 4 : 2; }

/** Settles a tail's size at the fragment's present address. */
function tailSize(fragment: Fragment, resolve: Resolve, complain: Complain | null): number {
  const { tail } = fragment;
  if (!tail) return 0;
  const at = fragment.address + fragment.bytes.length;
  switch (tail.kind) {
    case 'jump': return jumpSize(tail.jump, tail.near);
    case 'align': {
      const gap = -at & (tail.alignment - 1);
      return gap > tail.most ? 0 : gap;
    }
    case 'org': {
      const target = evaluate(tail.target, resolve);
      if (typeof target === 'string') { complain?.(target, tail.location); return 0; }
      if (target < BigInt(at)) { complain?.('.org goes backwards', tail.location); return 0; }
      if (target - BigInt(at) > 0x4000000n) { complain?.('.org goes too far', tail.location); return 0; }
      return Number(target) - at;
    }
    case 'space': {
      const count = evaluate(tail.count, resolve);
      if (typeof count === 'string') { complain?.(count, tail.location); return 0; }
      if (count < 0n || count > 0x40000000n) { complain?.(`cannot leave a space of ${count} bytes`, tail.location); return 0; }
      return Number(count);
    }
  }
}

/** Gives every fragment its address; true when any size changed. */
function addresses(laid: readonly LaidSection[], resolve: Resolve, complain: Complain | null): boolean {
  let changed = false;
  for (const entry of laid) {
    let at = 0;
    for (const fragment of entry.fragments) {
      if (fragment.address !== at) { fragment.address = at; changed = true; }
      const size = tailSize(fragment, resolve, complain);
      if (size !== fragment.tailSize) { fragment.tailSize = size; changed = true; }
      at += fragment.bytes.length + size;
    }
    entry.size = at;
  }
  return changed;
}

/** Makes near every jump whose target a short one cannot reach; true when any grew. */
function growJumps(laid: readonly LaidSection[], resolve: Resolve): boolean {
  let grew = false;
  for (const { section, fragments } of laid) {
    for (const fragment of fragments) {
      const { tail } = fragment;
      if (tail?.kind !== 'jump' || tail.near) continue;
      const where = targetSection(tail.jump.target);
      const target = where && where.section === section && !where.weak ? evaluate(tail.jump.target, resolve) : '';
      const distance = typeof target === 'string' ? Infinity : Number(target) - (fragment.address + fragment.bytes.length + 2);
      if (distance < -128 || distance > 127) { tail.near = true; grew = true; }
    }
  }
  return grew;
}

const MAX_PASSES = 1000;

/**
 * Relaxation: every jump starts short, grows where it must, and never shrinks; so the passes come to an end.
 * Section addresses must still be zero.
 */
export function relax(laid: readonly LaidSection[], complain: Complain): void {
  const resolve = resolver(laid);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    let settling = 0;
    while (addresses(laid, resolve, null) && settling < MAX_PASSES) settling++;
    if (!growJumps(laid, resolve)) break;
  }
  addresses(laid, resolve, complain);
}

/** Where sections go in an image: code, constants, data, then what has no bytes. */
function rank({ section }: LaidSection): number {
  return section.nobits ? 3 : section.executable ? 0 : section.writable ? 2 : 1;
}

/** Gives the sections of the image their addresses, in image order; others stay at zero. */
export function placeSections(
  laid: readonly LaidSection[], base: number, fixed: Readonly<Record<string, number>>, complain: (message: string) => void,
): LaidSection[] {
  const image = laid.filter((l) => l.section.allocated && l.size > 0).sort((a, b) => rank(a) - rank(b));
  let at = base;
  for (const entry of image) {
    const { name, alignment } = entry.section;
    const wanted = fixed[name];
    if (wanted !== undefined && wanted % alignment !== 0) complain(`section '${name}' wants ${alignment}-byte alignment, but is put at 0x${wanted.toString(16)}`);
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
      if (typeof target === 'string') { complain(target, tail.jump.location); return; }
      const opcode = tail.near ? tail.jump.near : [tail.jump.short];
      bytes.set(opcode, at);
      store(bytes, at + opcode.length, size - opcode.length, target - BigInt(address + fragment.bytes.length + size));
      return;
    }
    case 'align': {
      if (tail.fill === null) { bytes.set(codePadding(size), at); return; }
      const odd = size % tail.fillSize;
      for (let i = odd; i < size; i++) bytes[at + i] = (tail.fill >>> (8 * ((i - odd) % tail.fillSize))) & 0xff;
      return;
    }
    case 'org': case 'space': bytes.fill(tail.fill, at, at + size);
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
      if (typeof value === 'string') { complain(value, fixup.location); continue; }
      if (fixup.relative) value -= BigInt(address + fixup.offset + fixup.size + fixup.trailing);
      const bits = BigInt(fixup.size * 8);
      const low = fixup.relative ? -(1n << (bits - 1n)) : -(1n << bits);
      const high = fixup.relative ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n;
      if (fixup.size < 4 && (value < low || value > high)) {
        complain(fixup.relative ? `target is ${value} bytes away, out of reach` : `value ${value} does not fit in ${fixup.size * 8} bits`, fixup.location);
      }
      store(bytes, fragment.address + fixup.offset, fixup.size, value);
    }
    fillTail(bytes, fragment.address + fragment.bytes.length, fragment, address, resolve, complain);
  }
  return bytes;
}
