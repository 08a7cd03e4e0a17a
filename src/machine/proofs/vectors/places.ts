/**
 * Where a recorded case runs: code and stack segments, and where its operands lie. native.c makes the same segments, as
 * entries of a 32-bit Linux process's LDT.
 */
export interface Place {
  name: string;
  /** CS and SS at the case's first instruction. */
  cs: number;
  ss: number;
  /** Base of the code segment: EIP 0 is there, or at `code` where it is flat. */
  code: number;
  /** Linear address of the operands: four words of the case's own, in a page of zeros. */
  data: number;
  code16: boolean;
  /** Addresses are 16 bits wide: by prefix, or because the code segment is. */
  address16: boolean;
}

/** Linear address of the code, of the operands, of operands that sixteen bits reach, and of the UD2 that ends each case. */
export const CODE = 0x110000;
export const DATA = 0x100040;
const LOW_DATA = 0x8040;
export const END = 0x121000;
/** Where the segment of the 16-bit stack begins. */
export const STACK16_BASE = 0x100000;

/** Selectors of a 32-bit process under Linux: flat code and data of ring 3, code and data of ring 0. */
export const USER_CODE = 0x23;
export const USER_DATA = 0x2b;
export const KERNEL_CODE = 0x10;
export const KERNEL_DATA = 0x18;

/** The LDT, in the language of testing.ts; the selector of entry n is 8n + 7. */
export const LDT = `
  00 code dpl3 a r 16 base=110000 limit=ffff         08 code dpl3 a r base=110000 limit=fff
  10 data dpl3 a w 16 base=100000 limit=ffff         18 data dpl3 a w base=100040 limit=1f
  20 data dpl3 a w down base=100000 limit=3f         28 data dpl3 a base=100040 limit=1f
  30 code dpl3 a base=110000 limit=ffff              38 data dpl3 a w np base=100000 limit=ffff
  40 data dpl3 a w down 16 base=100000 limit=3f      48 code dpl3 a r c np base=110000 limit=ffff
`;
export const CODE16 = 0x07;
export const SMALL_CODE = 0x0f;
export const STACK16 = 0x17;
export const SMALL = 0x1f;
export const DOWN = 0x27;
export const FIXED = 0x2f;
export const BLIND = 0x37;
export const ABSENT = 0x3f;
export const DOWN16 = 0x47;
export const CONFORMING = 0x4f;

export const FLAT: Place = { name: 'flat', cs: USER_CODE, ss: USER_DATA, code: CODE, data: DATA, code16: false, address16: false };
export const ADDRESS16: Place = { ...FLAT, name: '16-bit addresses', data: LOW_DATA, address16: true };
export const CODE_16: Place = { ...FLAT, name: '16-bit code', cs: CODE16, data: LOW_DATA, code16: true, address16: true };
export const STACK_16: Place = { ...FLAT, name: '16-bit stack', ss: STACK16 };
/** Code and stack of 16 bits, as in a program of the 80286. */
export const BOTH_16: Place = { ...CODE_16, name: '16-bit code and stack', ss: STACK16, data: DATA };
