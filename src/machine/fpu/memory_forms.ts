import { FPU_CONTROL } from '../layout.ts';
import { withOperand } from './binary.ts';
import {
  fromDecimal, fromDouble, fromInteger, fromSingle, isDenormalDouble, isDenormalSingle, toDecimal, toDouble, toInteger,
  toSingle,
} from './convert.ts';
import { loadEnvironment, restore, save, setControlWord, statusWord, storeEnvironment } from './environment.ts';
import { control, form, immediate } from './form.ts';
import type { Form } from './form.ts';
import { probe, read16, read32, span, write16, write32 } from './memory.ts';
import type { FpuCpu } from './memory.ts';
import { empty, finish, load, pop, push, unmasked } from './registers.ts';
import {
  A_LO, B_HI, B_LO, B_SE, C1, DE, FLAGS, IE, INTEGER_BIT, OE, PE, QNAN, QUIET, R_HI, R_LO, R_SE, SF, SNAN, UE, classify, x,
} from './scratch.ts';

/** Reads a memory operand into B, with the exceptions of widening in FLAGS. */
type Read = (cpu: FpuCpu, segment: number, offset: number) => void;

function readSingle(cpu: FpuCpu, segment: number, offset: number): void {
  const word = read32(cpu, segment, offset);
  fromSingle(B_LO, word);
  if (isDenormalSingle(word)) x[FLAGS] |= DE;
}
function readDouble(cpu: FpuCpu, segment: number, offset: number): void {
  span(cpu, segment, offset, 8);
  const lo = read32(cpu, segment, offset), hi = read32(cpu, segment, (offset + 4) >>> 0);
  fromDouble(B_LO, lo, hi);
  if (isDenormalDouble(lo, hi)) x[FLAGS] |= DE;
}
function readInteger16(cpu: FpuCpu, segment: number, offset: number): void {
  const value = (read16(cpu, segment, offset) << 16) >> 16;
  fromInteger(B_LO, value, value >> 31);
}
function readInteger32(cpu: FpuCpu, segment: number, offset: number): void {
  const value = read32(cpu, segment, offset);
  fromInteger(B_LO, value, value >> 31);
}
function readInteger64(cpu: FpuCpu, segment: number, offset: number): void {
  span(cpu, segment, offset, 8);
  const lo = read32(cpu, segment, offset);
  fromInteger(B_LO, lo, read32(cpu, segment, (offset + 4) >>> 0));
}
function readExtended(cpu: FpuCpu, segment: number, offset: number): void {
  span(cpu, segment, offset, 10);
  const lo = read32(cpu, segment, offset), hi = read32(cpu, segment, (offset + 4) >>> 0);
  x[B_SE] = read16(cpu, segment, (offset + 8) >>> 0);
  x[B_LO] = lo; x[B_HI] = hi;
}

/** FLD and FILD: a signalling NaN becomes quiet, with an invalid operation, on its way from a single or double. */
function pushOperand(read: Read, converts: boolean): Form {
  return form((cpu, s, segment, offset) => {
    read(cpu, segment, offset);
    if (converts && classify(B_LO) === SNAN && empty(s, -1)) { x[FLAGS] |= IE; x[B_HI] |= QUIET; }
    push(s, B_LO);
  });
}

/** An arithmetic or compare operation with ST(0). A denormal operand counts only where neither operand is a NaN. */
function arithmetic(read: Read, operation: number): Form {
  return form((cpu, s, segment, offset) => {
    read(cpu, segment, offset);
    if (x[FLAGS] !== 0 && !empty(s, 0)) {
      load(s, 0, A_LO);
      const kind = classify(A_LO);
      if (kind >= QNAN) x[FLAGS] = 0;
    }
    withOperand(s, operation);
  });
}

/** A store of a converted ST(0). */
function storeOperand(convert: () => void, indefinite: () => void, length: number, pops: boolean): Form {
  return form((cpu, s, segment, offset) => {
    if (empty(s, 0)) { x[FLAGS] |= IE | SF; indefinite(); }
    else { load(s, 0, A_LO); convert(); }
    const deliver = !unmasked(IE | OE | UE);
    // Nothing was stored, so nothing was rounded.
    if (unmasked(OE | UE)) x[FLAGS] &= ~(PE | C1);
    if (deliver) writeResult(cpu, segment, offset, length);
    else probe(cpu, segment, offset, length);
    finish(s);
    if (deliver && pops) pop(s);
  });
}

/** Writes R as `length` bytes, all or nothing. */
function writeResult(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  if (length === 2) { write16(cpu, segment, offset, x[R_LO] & 0xffff); return; }
  if (length === 4) { write32(cpu, segment, offset, x[R_LO]); return; }
  probe(cpu, segment, offset, length);
  write32(cpu, segment, offset, x[R_LO]);
  write32(cpu, segment, (offset + 4) >>> 0, x[R_HI]);
  if (length === 10) write16(cpu, segment, (offset + 8) >>> 0, x[R_SE] & 0xffff);
}

/** Puts words into R. */
function result(lo: number, hi: number, se: number): () => void {
  return () => { x[R_LO] = lo; x[R_HI] = hi; x[R_SE] = se; };
}
const indefiniteSingle = result(0xffc0_0000 | 0, 0, 0), indefiniteDouble = result(0, 0xfff8_0000 | 0, 0);
const indefinite16 = result(0x8000, 0, 0), indefinite32 = result(INTEGER_BIT, 0, 0), indefinite64 = result(0, INTEGER_BIT, 0);
const indefinite80 = result(0, 0xc000_0000 | 0, 0xffff);
const to16 = () => { toInteger(16); }, to32 = () => { toInteger(32); }, to64 = () => { toInteger(64); };
const to80 = () => { x[R_LO] = x[A_LO]; x[R_HI] = x[A_LO + 1]; x[R_SE] = x[A_LO + 2]; };

const storeControl = immediate((cpu, s, segment, offset) => { write16(cpu, segment, offset, s.u32[FPU_CONTROL >> 2]); });
const storeStatus = immediate((cpu, s, segment, offset) => { write16(cpu, segment, offset, statusWord(s)); });
const loadControl = control((cpu, s, segment, offset) => { setControlWord(s, read16(cpu, segment, offset)); });
const environmentIn = control((cpu, _s, segment, offset, size16) => { loadEnvironment(cpu, segment, offset, size16); });
const environmentOut = immediate((cpu, _s, segment, offset, size16) => { storeEnvironment(cpu, segment, offset, size16); });
const restoreAll = control((cpu, _s, segment, offset, size16) => { restore(cpu, segment, offset, size16); });
const saveAll = immediate((cpu, _s, segment, offset, size16) => { save(cpu, segment, offset, size16); });

function all(read: Read): Form[] { return [0, 1, 2, 3, 4, 5, 6, 7].map((operation) => arithmetic(read, operation)); }

/** Forms with an operand in memory, by opcode (D8-DF) × reg field; null is undefined. */
export const memoryForms: readonly (Form | null)[] = [
  /* D8 */ ...all(readSingle),
  /* D9 */ pushOperand(readSingle, true), null, storeOperand(toSingle, indefiniteSingle, 4, false),
  storeOperand(toSingle, indefiniteSingle, 4, true), environmentIn, loadControl, environmentOut, storeControl,
  /* DA */ ...all(readInteger32),
  /* DB */ pushOperand(readInteger32, false), null, storeOperand(to32, indefinite32, 4, false),
  storeOperand(to32, indefinite32, 4, true), null, pushOperand(readExtended, false), null,
  storeOperand(to80, indefinite80, 10, true),
  /* DC */ ...all(readDouble),
  /* DD */ pushOperand(readDouble, true), null, storeOperand(toDouble, indefiniteDouble, 8, false),
  storeOperand(toDouble, indefiniteDouble, 8, true), restoreAll, null, saveAll, storeStatus,
  /* DE */ ...all(readInteger16),
  /* DF */ pushOperand(readInteger16, false), null, storeOperand(to16, indefinite16, 2, false),
  storeOperand(to16, indefinite16, 2, true),
  pushOperand((cpu, segment, offset) => { readExtended(cpu, segment, offset); fromDecimal(); }, false),
  pushOperand(readInteger64, false), storeOperand(toDecimal, indefinite80, 10, true),
  storeOperand(to64, indefinite64, 8, true),
];

