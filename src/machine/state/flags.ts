import * as L from './layout.ts';

/** EFLAGS bits (Intel SDM vol. 1, 3.4.3). */
export const CF = 1 << 0;
/** Parity of the low byte. */
export const PF = 1 << 2;
/** Carry out of bit 3. */
export const AF = 1 << 4;
/** Zero. */
export const ZF = 1 << 6;
/** Sign. */
export const SF = 1 << 7;
/** Trap: a debug exception after each instruction. */
export const TF = 1 << 8;
/** Interrupts are let in. */
export const IF = 1 << 9;
/** String instructions go downwards. */
export const DF = 1 << 10;
/** Signed overflow. */
export const OF = 1 << 11;
/** I/O privilege level, two bits. */
export const IOPL = 3 << 12;
/** Nested task: IRET goes back to the task before. */
export const NT = 1 << 14;
/** Resume: no instruction breakpoint on the next instruction. */
export const RF = 1 << 16;
/** Virtual-8086 mode, which this processor does not have. */
export const VM = 1 << 17;
/** Alignment check, in ring 3 under CR0.AM. */
export const AC = 1 << 18;
/** Virtual interrupt flag: never set here. */
export const VIF = 1 << 19;
/** Virtual interrupt pending: never set here. */
export const VIP = 1 << 20;
/** Can be changed: there is CPUID. */
export const ID = 1 << 21;
/** The six flags that arithmetic instructions write. */
export const ARITHMETIC = CF | PF | AF | ZF | SF | OF;

/**
 * A kind of lazy flags, of an addition. FLAGS_OP holds `kind << 2 | log2(operand bytes)`; RESULT, SOURCE and CARRY lie beside it.
 * The left operand is never stored: it follows from the result and the source.
 */
export const LAZY_ADD = 1;
/** Kind of lazy flags: an addition with carry. */
export const LAZY_ADC = 2;
/** Kind: a subtraction or comparison. */
export const LAZY_SUB = 3;
/** Kind: a subtraction with borrow. */
export const LAZY_SBB = 4;
/** Kind: AND, OR, XOR, TEST. */
export const LAZY_LOGIC = 5;
/** Kind: INC, which keeps CF. */
export const LAZY_INC = 6;
/** Kind: DEC, which keeps CF. */
export const LAZY_DEC = 7;

/** Added to FLAGS_OP: CF and OF are bits 1 and 2 of FLAGS_CARRY instead (shifts, rotates, multiplications, bit tests). */
export const LAZY_OVERRIDE = 0x40;

/** Computes EFLAGS from the lazy state without changing it. */
export function flagsOf(u32: Uint32Array): number {
  const word = (u32[L.EFLAGS >> 2] | 2) >>> 0;
  const op = u32[L.FLAGS_OP >> 2];
  if (op === 0) return word;
  const bits = 8 << (op & 3);
  const mask = bits === 32 ? 0xffffffff : (1 << bits) - 1;
  const result = u32[L.FLAGS_RESULT >> 2];
  const source = u32[L.FLAGS_SOURCE >> 2];
  const kind = (op >> 2) & 7;
  const extra = u32[L.FLAGS_CARRY >> 2];
  const carry = extra & 1;
  const sign = 1 << (bits - 1);
  let left = 0;
  let right = source;
  let cf = false;
  let of = false;
  let af = false;
  switch (kind) {
    case LAZY_ADD:
    case LAZY_ADC:
      left = ((result - source - (kind === LAZY_ADC ? carry : 0)) & mask) >>> 0;
      cf = left + source + (kind === LAZY_ADC ? carry : 0) > mask;
      of = ((left ^ result) & (right ^ result) & sign) !== 0;
      af = ((left ^ right ^ result) & 0x10) !== 0;
      break;
    case LAZY_SUB:
    case LAZY_SBB:
      left = ((result + source + (kind === LAZY_SBB ? carry : 0)) & mask) >>> 0;
      cf = left < source + (kind === LAZY_SBB ? carry : 0);
      of = ((left ^ right) & (left ^ result) & sign) !== 0;
      af = ((left ^ right ^ result) & 0x10) !== 0;
      break;
    case LAZY_INC:
      cf = carry !== 0;
      of = result === sign >>> 0;
      af = (result & 15) === 0;
      break;
    case LAZY_DEC:
      cf = carry !== 0;
      of = result === ((sign - 1) & mask) >>> 0;
      af = (result & 15) === 15;
      break;
  }
  if ((op & LAZY_OVERRIDE) !== 0) {
    cf = (extra & 2) !== 0;
    of = (extra & 4) !== 0;
  }
  right = result & 0xff;
  right ^= right >> 4;
  right ^= right >> 2;
  right ^= right >> 1;
  return (
    ((word & ~ARITHMETIC) |
      (cf ? CF : 0) |
      ((right & 1) === 0 ? PF : 0) |
      (af ? AF : 0) |
      (result === 0 ? ZF : 0) |
      ((result & sign) !== 0 ? SF : 0) |
      (of ? OF : 0)) >>>
    0
  );
}
