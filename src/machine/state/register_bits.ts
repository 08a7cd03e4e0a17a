/** Bits of the control and debug registers (Intel SDM vol. 3, 2.5 and 17.2). Those of EFLAGS are in flags.ts. */

export const CR0_PE = 1;
export const CR0_MP = 2;
export const CR0_EM = 4;
export const CR0_TS = 8;
export const CR0_ET = 0x10;
export const CR0_NE = 0x20;
export const CR0_WP = 0x10000;
export const CR0_AM = 0x40000;
export const CR0_NW = 0x20000000;
export const CR0_CD = 0x40000000;
export const CR0_PG = 0x80000000;
export const CR4_TSD = 4;
export const CR4_PSE = 0x10;
export const CR4_PGE = 0x80;
/** CR3: the directory's page, and the cache bits PWT and PCD, which are kept and mean nothing here. */
export const CR3_BITS = 0xfffff018;

/** DR6: breakpoints 0-3 have been met, MOV with general detect, single step, task switch. */
export const DR6_HITS = 15;
export const DR6_BD = 1 << 13;
export const DR6_BS = 1 << 14;
export const DR6_BT = 1 << 15;
/** DR7: the enables, local or global, of all breakpoints. */
export const DR7_ENABLED = 0xff;
/** The local enables: a task switch clears them. */
export const DR7_LOCAL = 0x55;
/** DR7: general detect. */
export const DR7_GD = 1 << 13;
