/**
 * Where everything lies in the machine's one WebAssembly.Memory.
 *
 * Offsets are bytes from the start of the memory. JavaScript reaches the fields through
 * {@link CpuState}; generated WebAssembly reaches them by these very numbers.
 */

/** General registers EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI: 8 × u32, in encoding order. */
export const GPR = 0x000;
/** A word that is always zero: the "no register" of an address without base or index. */
export const ZERO = 0x020;
/** EIP: while an instruction executes, the address of the next one. */
export const EIP = 0x024;
/** EIP of the instruction being executed: what a fault pushes. */
export const EIP_START = 0x028;
/** EFLAGS; the six arithmetic flags are only valid in it while {@link FLAGS_OP} is 0. */
export const EFLAGS = 0x02c;
/** Lazy flags: 0, or `kind << 2 | log2(size)` of the last arithmetic instruction (see flags.ts). */
export const FLAGS_OP = 0x030;
/** Lazy flags: the result, zero-extended to 32 bits. */
export const FLAGS_RESULT = 0x034;
/** Lazy flags: the right operand (source), zero-extended. */
export const FLAGS_SOURCE = 0x038;
/** Lazy flags: the carry that went in (ADC, SBB) or that is kept (INC, DEC): 0 or 1. */
export const FLAGS_CARRY = 0x03c;

/** Retired instructions and {@link LEFT}, together: one f64, exact to 2^53. */
export const INSTRUCTIONS = 0x040;

/** Exception raised by the current instruction: vector, or -1. */
export const FAULT_VECTOR = 0x050;
/** Its error code, or -1 where the vector has none. */
export const FAULT_ERROR = 0x054;
/** Non-zero: look at events (interrupt line, trap flag) before the next block. */
export const ATTENTION = 0x05c;
/** External interrupts are held back until so many instructions have retired (STI, MOV SS): f64. */
export const INHIBIT_UNTIL = 0x060;
/** CPL, 0-3 (kept apart from CS so that generated code reads one word). */
export const CPL = 0x068;
/** Mode word of the decoder: see `MODE_*` in cpu.ts (code size, stack size, user, flat). */
export const MODE = 0x06c;

/** CR0: protection, paging, write protection, x87 task switches. */
export const CR0 = 0x070;
/** The linear address of the last page fault. */
export const CR2 = 0x074;
/** The physical address of the page directory, and its caching bits. */
export const CR3 = 0x078;
/** The extensions that are switched on: TSD, PSE, PGE. */
export const CR4 = 0x07c;
/** DR0-DR7: 8 × u32. */
export const DR = 0x080;
/** GDTR, the global descriptor table: base u32, limit u32. */
export const GDTR = 0x0a0;
/** As {@link GDTR}, of the interrupt descriptor table. */
export const IDTR = 0x0a8;

/**
 * Segment registers ES, CS, SS, DS, FS, GS, then LDTR (6) and TR (7): {@link SEG_SIZE} bytes each.
 * Fields by {@link SEG_SELECTOR} …
 */
export const SEG = 0x0c0;
/** Bytes of a segment register’s state. */
export const SEG_SIZE = 32;
/** u32: the visible selector. */
export const SEG_SELECTOR = 0;
/** u32: base address. */
export const SEG_BASE = 4;
/** u32: limit in bytes, granularity applied (the last valid offset of an expand-up segment). */
export const SEG_LIMIT = 8;
/** u32: the descriptor's bits 8-15 and 20-23 as bits 0-7 and 12-15 (type, S, DPL, P, AVL, L, D/B, G); 0 when null. */
export const SEG_ATTR = 12;
/** u32: 1 when any read at any offset needs neither check nor base (flat, present, readable). */
export const SEG_FLAT_READ = 16;
/** u32: the same for writes. */
export const SEG_FLAT_WRITE = 20;

/** Number of a segment register, as instructions have it; LDTR and TR stand behind. */
export const ES = 0;
/** See {@link ES}. */
export const CS = 1;
/** See {@link ES}. */
export const SS = 2;
/** See {@link ES}. */
export const DS = 3;
/** See {@link ES}. */
export const FS = 4;
/** See {@link ES}. */
export const GS = 5;
/** See {@link ES}; no instruction names it as an operand. */
export const LDTR = 6;
/** See {@link ES}; no instruction names it as an operand. */
export const TR = 7;

/** x87 control word: u32. */
export const FPU_CONTROL = 0x1c0;
/** x87 status word, without TOP: u32. */
export const FPU_STATUS = 0x1c4;
/** x87 TOP, 0-7: u32. */
export const FPU_TOP = 0x1c8;
/** Eight bytes: 1 where physical register i is empty. */
export const FPU_EMPTY = 0x1d0;
/** Offset of the last x87 instruction that was no control instruction: u32. */
export const FPU_IP = 0x1d8;
/** The selector that goes with {@link FPU_IP}: u32. */
export const FPU_CS = 0x1dc;
/** Offset of the last memory operand: u32. */
export const FPU_DP = 0x1e0;
/** Its selector: u32. */
export const FPU_DS = 0x1e4;
/** The last x87 instruction’s opcode, 11 bits: u32. */
export const FPU_OPCODE = 0x1e8;
/** Physical registers 0-7, 16 bytes each: mantissa u64 (explicit integer bit), then sign and exponent as u16. */
export const FPU_REG = 0x200;

/** TSC offset: f64 added by RDTSC to the instruction count times {@link TSC_RATE}. */
export const TSC_OFFSET = 0x280;
/** Memory offset of the TLB in force (root and privilege): generated code indexes from here. */
export const TLB_BASE = 0x288;

/** Non-zero: HLT has retired and no interrupt has come since. */
export const HALTED = 0x28c;
/** Non-zero: a triple fault has shut the processor down. */
export const SHUTDOWN = 0x290;
/** The held external interrupt's vector, or -1. */
export const INTERRUPT_LINE = 0x294;
/** What DR6 is to tell of the debug trap that is due at the next boundary (breakpoints met, task switch), 0: none is. */
export const DEBUG_PENDING = 0x298;
/** Non-zero: the instruction just executed was a software interrupt, after which TF makes no trap (the handler runs unstepped). */
export const NO_STEP = 0x29c;
/** Exceptions and interrupts delivered since the count last moved. */
export const DELIVERIES = 0x2a0;
/** f64: the count of instructions at which {@link DELIVERIES} were counted. */
export const DELIVERED_AT = 0x2a8;
/** f64: how far an instruction moves the TSC; 1 after a reset. */
export const TSC_RATE = 0x2b0;
/** Debug exceptions are held back until so many instructions have retired (MOV SS, not STI): f64. */
export const DEBUG_HELD_UNTIL = 0x2b8;

/**
 * Linear page that instructions are fetched from (bit 0 set: none): with {@link CODE_ADDEND} the run loop's private one-entry
 * translation cache.
 */
export const CODE_PAGE = 0x300;
/** Memory offset − linear address in {@link CODE_PAGE}. */
export const CODE_ADDEND = 0x304;
/** Where the run loop left a block early: the address of its header; 0: a unit left it, or none was left. */
export const LEFT_BLOCK = 0x308;
/** See {@link LEFT_BLOCK}: the entry that did not retire, 0: none. */
export const LEFT_ENTRY = 0x30c;
/** EIP of the first instruction of the block being run. */
export const BLOCK_EIP = 0x310;
/** Header of the block being run. */
export const BLOCK = 0x314;
/** Where a read-modify-write that cannot work in place (page end, page with code) keeps its bytes: 16 bytes. */
export const SCRATCH = 0x320;

/** Id of the address space in force, 0: none is remembered (see spaces.ts). */
export const SPACE = 0x330;
/** Number of entries in {@link FILLED}. */
export const FILLED_COUNT = 0x334;

/** i32: instructions that may still retire before generated code must come back. Counting is only this going down. */
export const LEFT = 0x33c;

/** End of the architectural and bookkeeping state. A snapshot copies [0, STATE_END). */
export const STATE_END = 0x400;
/** Non-zero: somebody wants to hear of software interrupts (see cpu.ts). */
export const SOFTWARE_HEARD = 0x400;

/** Blocks and units that the run loop runs before it comes back to TypeScript for a moment. */
export const BLOCKS_A_CALL = 0x404;

/** A page that reads as ones: what an access to no memory sees. */
export const OPEN_BUS_PAGE = 0x2000;
/** A page that swallows writes to no memory. */
export const SINK_PAGE = 0x3000;
/** One u32 a place in the function table: how often the unit there was called since the translator last looked. */
export const UNIT_CALLS = 0x0004_0000;
/** Address spaces by root: {@link SPACE_SLOTS} pairs of CR3 and id, found by the root’s page number. */
export const SPACE_TABLE = 0x0012_8000;
/** Pairs in {@link SPACE_TABLE}. */
export const SPACE_SLOTS = 64;
/** Immediates that may be rewritten without ado: {@link PATCHES} times four words, physical address (0: none), and where one or two decoded entries have it (see blocks.ts). */
export const PATCH_TABLE = 0x0012_9000;
/** Entries of {@link PATCH_TABLE}. */
export const PATCHES = 64;
/** One u32 a physical page: bit n set when bytes of a decoded instruction lie in its n-th 128 bytes. */
export const CODE_BITS = 0x0020_0000;
/** One byte a physical page: `MARK_*`, why a write to it is more than a write (see marks.ts). */
export const MARKS = 0x0030_0000;
/** Table of decoded blocks: {@link BLOCK_TABLE_SIZE} addresses of headers, of an empty one for none (see entry.ts). */
export const BLOCK_TABLE = 0x0040_0000;
/** Its size in words. */
export const BLOCK_TABLE_SIZE = 0x40000;
/** TLBs: supervisor, then user; {@link TLB_ENTRIES} entries of {@link TLB_ENTRY} bytes each (see tlb.ts). */
export const TLB = 0x0050_0000;
/** Entries of each TLB: enough that pages at 0xb7ffe000 and 0xbfffe000, heap and stack of a Linux program, have one each. */
export const TLB_ENTRIES = 0x10000;
/** Bytes of an entry. */
export const TLB_ENTRY = 16;
/** Bytes of a TLB. */
export const TLB_BYTES = TLB_ENTRIES * TLB_ENTRY;
/** Addresses of the TLB entries filled since the last flush, one u32 each. */
export const FILLED = 0x0070_0000;
/** Remembered page walks: {@link WALK_ENTRIES} entries of {@link WALK_ENTRY} bytes (see spaces.ts). */
export const WALKS = 0x0078_0000;
/** Entries of {@link WALKS}. */
export const WALK_ENTRIES = 0x10000;
/** Bytes of one of them. */
export const WALK_ENTRY = 16;
/** Decoded blocks. */
export const ARENA = 0x0088_0000;
/** Where the decoded blocks end. */
export const ARENA_END = 0x0140_0000;
/** Physical memory starts here. */
export const RAM = 0x0140_0000;
