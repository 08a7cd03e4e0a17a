/** Bits of a page directory's and a page table's entries (Intel SDM vol. 3, 4.3). */

export const PTE_P = 1;
export const PTE_RW = 2;
/** Ring 3 may use it. */
export const PTE_US = 4;
export const PTE_A = 0x20;
export const PTE_D = 0x40;
/** In a directory: it is a page of 4 MiB. */
export const PTE_PS = 0x80;
export const PTE_G = 0x100;
