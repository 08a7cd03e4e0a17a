/** Descriptors and gates in words (Intel SDM vol. 3, 3.4.5, 3.5 and 6.11). */
import type { DescriptorPair, GateView } from '../protocol.ts';
import { vectorName } from '../vectors.ts';

/** Bits of a descriptor's attributes: its bits 8 to 15 and 20 to 23, brought down by eight. */
const PRESENT = 0x80;
const SEGMENT = 0x10;
const CODE = 0x08;
const EXPANDS_DOWN = 0x04;
const WRITABLE = 0x02;
const ACCESSED = 0x01;
const BIG = 0x4000;

const SYSTEM: Readonly<Record<number, string>> = {
  1: '16-bit TSS, free',
  2: 'LDT',
  3: '16-bit TSS, busy',
  4: '16-bit call gate',
  5: 'task gate',
  6: '16-bit interrupt gate',
  7: '16-bit trap gate',
  9: 'TSS, free',
  11: 'TSS, busy',
  12: 'call gate',
  14: 'interrupt gate',
  15: 'trap gate',
};

/** `0010000f`, eight digits. */
export const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** A descriptor, taken apart. */
export interface Decoded {
  readonly present: boolean;
  readonly ring: number;
  readonly base: number;
  readonly limit: number;
  /** What it is, in words. */
  readonly kind: string;
}

/** Attributes in words. */
export function kindOf(attributes: number): string {
  if (attributes === 0) return 'nothing loaded';
  if (!(attributes & PRESENT)) return 'not present';
  if (!(attributes & SEGMENT)) return SYSTEM[attributes & 0xf] ?? `reserved type ${attributes & 0xf}`;
  const size = attributes & BIG ? '' : '16-bit ';
  const used = attributes & ACCESSED ? '' : ', never used';
  if (attributes & CODE)
    return `${size}code${attributes & EXPANDS_DOWN ? ', conforming' : ''}${attributes & WRITABLE ? '' : ', not to be read'}${used}`;
  return `${size}data${attributes & EXPANDS_DOWN ? ', expands down' : ''}${attributes & WRITABLE ? '' : ', read-only'}${used}`;
}

/** The ring that attributes say. */
export function ringOf(attributes: number): number {
  return (attributes >>> 5) & 3;
}

/** Takes a descriptor of a segment apart; null where both words are zero. */
export function decode([low, high]: readonly [number, number]): Decoded | null {
  if ((low | high) === 0) return null;
  const attributes = (high >>> 8) & 0xf0ff;
  const raw = (high & 0xf0000) | (low & 0xffff);
  return {
    present: (attributes & PRESENT) !== 0,
    ring: ringOf(attributes),
    base: ((low >>> 16) | ((high & 0xff) << 16) | (high & 0xff000000)) >>> 0,
    limit: high & 0x800000 ? ((raw << 12) | 0xfff) >>> 0 : raw,
    kind: kindOf(attributes),
  };
}

/** A selector: which descriptor, and with which rights it is asked for. */
export function selectorText(selector: number): string {
  if ((selector & 0xfffc) === 0) return 'null';
  return `${selector & 4 ? 'LDT' : 'GDT'} ${selector >>> 3}, ring ${selector & 3}`;
}

/** Where a gate leads. */
export interface GateWay {
  readonly present: boolean;
  readonly kind: string;
  readonly selector: number;
  readonly offset: number;
}

/** Takes a gate apart. */
export function decodeGate([low, high]: readonly [number, number]): GateWay {
  const attributes = (high >>> 8) & 0xff;
  return {
    present: (attributes & PRESENT) !== 0,
    kind: kindOf(attributes),
    selector: low >>> 16,
    offset: ((high & 0xffff0000) | (low & 0xffff)) >>> 0,
  };
}

const INTERRUPT_GATE = 14;
const FIRST_EXTERNAL = 32;
/** What the Host must look at before anybody else, and why. */
const LOOKED_AT: Readonly<Record<number, string>> = {
  7: 'the Host may have put the FPU’s registers away itself',
  13: 'it may be an IN or OUT, which the Host steps over',
  14: 'the Host may have to mend its shadow of the page tables, and nobody else knows the address',
};

/** Where a vector leads, in sentences. */
export function tellGate(gate: GateView): string {
  const { index, route, asked, real } = gate;
  const own = decodeGate(asked);
  const way = decodeGate(real);
  const handler = `the Guest’s handler at ${hex(own.offset)}`;
  if (route === 'straight')
    return `The processor takes it straight to ${handler.replace(hex(own.offset), hex(way.offset))}, in ring 1. Neither Switcher nor Host hears of it.`;
  const stub = `Through the Switcher’s stub at ${hex(way.offset)} to the Host`;
  if (index === 31) return `${stub}: a hypercall. The Host does what the registers say.`;
  if (route === 'reflected')
    return `${stub}, which puts it on the Guest’s stack: ${handler} comes next. ${whyNotStraight(index, asked[1])}`;
  if (index === 14) return `${stub}, which mends its shadow, or ends the Guest: it has no handler of its own.`;
  if (index === 7 || index === 13) return `${stub}. What is left for the Guest would end it: it has no handler of its own.`;
  if (index >= FIRST_EXTERNAL && index < 64)
    return `${stub}, as an interrupt of the real machine’s. The Guest’s virtual interrupt ${index - FIRST_EXTERNAL} would wait: it has no handler yet.`;
  return `${stub}. The Guest has no handler: it would not survive this.`;
}

function whyNotStraight(index: number, high: number): string {
  const looked = LOOKED_AT[index];
  if (looked !== undefined) return `Not straight, because ${looked}.`;
  if (((high >>> 8) & 0xf) === INTERRUPT_GATE)
    return 'Not straight, because its gate wants interrupts off, and only the Host can give it that.';
  return 'Not straight, because real interrupts of the machine arrive at these vectors.';
}

/** Who may raise a vector by an instruction. */
export function tellReach({ index, reach }: GateView): string {
  const error = 8 * index + 2;
  if (reach === 3) return `int $${index} may be executed in every ring.`;
  if (reach === 0) return `int $${index} in the Guest is a general protection fault, with error code ${error}.`;
  return `int $${index} may be executed by the Guest’s kernel, in ring 1; in ring 3 it is a general protection fault, with error code ${error}.`;
}

/** The ring of the code segment that a selector names; null where it names none. */
export function ringAt(descriptors: readonly DescriptorPair[], selector: number): number | null {
  const high = descriptors[selector >>> 3]?.real[1] ?? 0;
  const attributes = high >>> 8;
  return (selector & 4) === 0 && attributes & PRESENT && attributes & SEGMENT && attributes & CODE ? ringOf(attributes) : null;
}

/** Where a vector leads on the bare machine, and who may raise it there by an instruction. @param ring that of the code segment which the gate names, if it does */
export function tellOwnGate({ index, route, reach, real }: GateView, ring: number | null): string[] {
  const error = 8 * index + 2;
  if (route === 'nowhere')
    return [
      'There is no gate: whatever raises it is a general protection fault instead, and where that has no gate either, the end of the machine.',
      `int $${index}: error code ${error}.`,
    ];
  const { kind, offset } = decodeGate(real);
  const held = kind === SYSTEM[INTERRUPT_GATE] ? ', with interrupts held back' : '';
  return [
    `The processor takes it to ${hex(offset)}${ring === null ? '' : ` in ring ${ring}`}, through ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}${held}.`,
    reach === 3
      ? `int $${index} may be executed in every ring.`
      : `int $${index} may be executed in ring${reach === 0 ? ' 0 only' : `s 0 to ${reach}`}; farther out it is a general protection fault, with error code ${error}.`,
  ];
}

/** A vector's name with its number. */
export function vectorTitle(vector: number): string {
  return `${vector} (0x${vector.toString(16)}), ${vectorName(vector)}`;
}
