/** Bits of a page directory's and a page table's entries (Intel SDM vol. 3, 4.3). */

/** It is present: whoever goes by it comes to a page, or in a directory to a table. */
export const PTE_P = 1;
/** It may be written. */
export const PTE_RW = 2;
/** Ring 3 may use it. */
export const PTE_US = 4;
/** It has been gone by: the processor says so. */
export const PTE_A = 0x20;
/** Its page has been written: the processor says so. */
export const PTE_D = 0x40;
/** In a directory: it is a page of 4 MiB. */
export const PTE_PS = 0x80;
/** It stays in the TLB when CR3 is loaded, where CR4.PGE allows it. */
export const PTE_G = 0x100;
