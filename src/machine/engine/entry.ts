import * as L from '../state/layout.ts';

/**
 * The decoded form of instructions in the machine's memory.
 *
 * A block is a header followed by its instructions, {@link ENTRY_BYTES} bytes each, in the order of execution.
 */
export const ENTRY_BYTES = 32;

/** u32: index of the handler in the function table; 0: the block has become stale, leave it. */
export const ENTRY_HANDLER = 0;
/** i32: how often the instruction ran, less the block's count. */
export const ENTRY_COUNT = 4;
/** u16: start of the instruction, and of the next one, from the block's start. */
export const ENTRY_START = 8;
export const ENTRY_NEXT = 10;
/** u16: byte addresses in the memory of the registers `rm` and `reg`. */
export const ENTRY_RM = 12;
export const ENTRY_REG = 14;
/** u16: byte addresses of base and index register, or of a zero. */
export const ENTRY_BASE = 16;
export const ENTRY_INDEX = 18;
/** u8: log2 of the scale. */
export const ENTRY_SCALE = 20;
/** u8: number of the memory operand's segment register. */
export const ENTRY_SEGMENT = 21;
/** u16: second immediate, far selector, or number of a segment, control or debug register. */
export const ENTRY_IMM2 = 22;
/** i32: displacement. */
export const ENTRY_DISP = 24;
/** i32: immediate (cut to the operand size); for a relative branch the target's distance from the block's start. */
export const ENTRY_IMM = 28;

/** u32: memory offset of the block's first byte (what it is found by). 0: none. */
export const BLOCK_KEY = 0;
/** u32: {@link MODE} it was decoded under. */
export const BLOCK_MODE = 4;
/** u32: executions from the start. */
export const BLOCK_COUNT = 8;
/** u16: number of instructions. */
export const BLOCK_LENGTH = 12;
/** u16: {@link BLOCK_CROSSES}. */
export const BLOCK_FLAGS = 14;
/** u32: length of the code in bytes. */
export const BLOCK_BYTES = 16;
/** u32: of a block that crosses a page's end, memory offset of the second page's first byte. */
export const BLOCK_SECOND = 20;

/** u32: of the unit that may begin with the block, or 0: its index in the function table ({@link UNIT_SLOT}), and above it which of its ways in that is. */
export const BLOCK_UNIT = 24;
/** u32: how often the interpreter began the block; where a unit may begin with it, the block's distance in bytes from the unit's first. */
export const BLOCK_HEAT = 28;
/** Bits of {@link BLOCK_UNIT}. */
export const UNIT_SLOT_BITS = 20;
export const UNIT_SLOT = (1 << UNIT_SLOT_BITS) - 1;

/** The block is one instruction that goes on in the next page. */
export const BLOCK_CROSSES = 1;

/**
 * Where the block table ({@link L.BLOCK_TABLE}) has the header of the block at a memory offset: by the low bits, stirred; or else, where another has come
 * since, in the word beside it ({@link BESIDE}).
 */
export function blockSlot(offset: number): number {
  return ((offset ^ (offset >>> BLOCK_SPREAD)) & (L.BLOCK_TABLE_SIZE - 1)) * 4 + L.BLOCK_TABLE;
}
export const BLOCK_SPREAD = 17;
/** From a word of the block table to the other one of its pair: to be XORed. */
export const BESIDE = 4;
