/**
 * Who called: the way back out of machine code, found from its stack alone. A function's return address is the word above its saved EBP, where it keeps one (System V i386 ABI, 2.2);
 * where it does not, the nearest word on the stack that stands behind a call which can have led here; or the frame that a trap has pushed (Intel SDM vol. 3, 6.12.1).
 */

/** The processor, as far as it matters here. */
export interface Calling {
  readonly registers: { readonly eip: number; readonly esp: number; readonly ebp: number; readonly cs: number };
  /** A word of memory at a linear address; null where nothing is mapped. */
  readonly word: (address: number) => number | null;
  /** Bytes of memory at a linear address; fewer where nothing is mapped. */
  readonly bytes: (address: number, count: number) => Uint8Array;
}

/** A function that has been called and has not returned, by the place to which it will. */
export interface Caller {
  /** Where it goes on: behind the call, or at the instruction that a trap interrupted. */
  readonly address: number;
  /** Where on the stack that stands. */
  readonly slot: number;
  /** The call itself; null: a trap led here. */
  readonly call: number | null;
  /** The frame pointer of the caller, where frames are linked; 0: it is not known. */
  readonly frame: number;
}

const WORD = 4;
/** So many words of the stack are looked through for a caller. */
const DEPTH = 256;
/** A function is at most so long: a call to farther before here led elsewhere. */
const LONGEST = 0x4000;
/** A kernel's stack is at most so large. */
const STACK = 0x4000;
const NOT_FLAGS = 0xffc08028;
/** The longest form of an indirect call: a displacement and an index behind opcode and ModRM (Intel SDM vol. 2, 2.1). */
const LONGEST_CALL = 7;
/** The lengths that such a call can have. */
const INDIRECT = [2, 3, 4, 6, 7] as const;

/** The innermost caller; null where the stack tells of none. */
export function callerOf(calling: Calling): Caller | null {
  const { registers, word } = calling;
  const { eip, esp, ebp } = registers;
  const [first] = calling.bytes(eip, 1);
  const before = calling.bytes(eip - 1, 3);
  // On its way in or out of a function the frame is still the caller's: `push %ebp`, then `mov %esp, %ebp`; `ret`.
  const atEdge = first === 0x55 || first === 0xc3 || first === 0xc2 ? esp : before[0] === 0x55 && isMoveOfFrame(before) ? esp + WORD : null;
  if (atEdge !== null) {
    const address = word(atEdge);
    const call = address === null ? null : callBefore(calling, address, null);
    if (address !== null && call !== null) return { address, slot: atEdge, call, frame: ebp };
  }
  const framed = byFrame(calling, ebp, esp);
  return framed ?? byStack(calling, esp, eip);
}

/** All callers, the innermost first, as far as frames are linked. */
export function callersOf(calling: Calling, most: number): Caller[] {
  const found: Caller[] = [];
  for (let caller = callerOf(calling); caller !== null && found.length < most; ) {
    found.push(caller);
    caller = caller.frame === 0 ? null : byFrame(calling, caller.frame, caller.slot);
  }
  return found;
}

/** The caller by a frame pointer, which must lie on the stack above `floor`. */
function byFrame(calling: Calling, frame: number, floor: number): Caller | null {
  const { word } = calling;
  if (frame < floor || frame > floor + STACK || frame % WORD !== 0) return null;
  const [saved, address] = [word(frame), word(frame + WORD)];
  const call = address === null ? null : callBefore(calling, address, null);
  if (saved === null || address === null || call === null) return null;
  return { address, slot: frame + WORD, call, frame: saved > frame ? saved : 0 };
}

function byStack(calling: Calling, esp: number, eip: number): Caller | null {
  const { word } = calling;
  for (let slot = esp; slot < esp + DEPTH * WORD; slot += WORD) {
    const address = word(slot);
    if (address === null) return null;
    const call = callBefore(calling, address, eip);
    if (call !== null) return { address, slot, call, frame: 0 };
    if (isTrapFrame(calling, slot)) return { address, slot, call: null, frame: 0 };
  }
  return null;
}

/** Whether three words are what a trap pushes: an instruction pointer, a code segment of this kernel or its programs, and flags. */
function isTrapFrame({ word, registers }: Calling, slot: number): boolean {
  const [address, selector, flags] = [word(slot), word(slot + WORD), word(slot + 2 * WORD)];
  if (address === null || selector === null || flags === null || selector > 0xffff || (flags & NOT_FLAGS) !== 0 || (flags & 2) === 0)
    return false;
  return selector === registers.cs || (selector & 3) === 3;
}

/**
 * The call that stands before an address; null where none does.
 * @param eip it can have led here; null: wherever it led
 */
function callBefore({ bytes }: Calling, address: number, eip: number | null): number | null {
  const code = bytes(address - LONGEST_CALL, LONGEST_CALL);
  if (code.length < LONGEST_CALL) return null;
  if (code[2] === 0xe8) {
    const target = (address + new DataView(code.buffer, code.byteOffset, code.byteLength).getInt32(3, true)) >>> 0;
    return eip === null || (target <= eip && eip < target + LONGEST) ? address - 5 : null;
  }
  // FF /2: the ModRM byte says how long the instruction is.
  const length = INDIRECT.find((one) => {
    const [opcode, modrm, sib] = code.subarray(LONGEST_CALL - one);
    return opcode === 0xff && ((modrm >> 3) & 7) === 2 && lengthOfIndirect(modrm, sib) === one;
  });
  return length === undefined ? null : address - length;
}

/** Bytes of an indirect call. */
function lengthOfIndirect(modrm: number, sib: number): number {
  const [mod, rm] = [modrm >> 6, modrm & 7];
  if (mod === 3) return 2;
  const index = rm === 4 ? 1 : 0;
  const displacement = mod === 1 ? 1 : mod === 2 || rm === 5 || (rm === 4 && (sib & 7) === 5) ? 4 : 0;
  return 2 + index + displacement;
}

/** `mov %esp, %ebp`, in either of its encodings. */
function isMoveOfFrame(bytes: Uint8Array): boolean {
  return (bytes[1] === 0x89 && bytes[2] === 0xe5) || (bytes[1] === 0x8b && bytes[2] === 0xec);
}
