import { FPU_CONTROL } from '../state/layout.ts';
import { withOperand } from './binary.ts';
import {
  fromDecimal,
  fromDouble,
  fromInteger,
  fromSingle,
  isDenormalDouble,
  isDenormalSingle,
  toDecimal,
  toDouble,
  toInteger,
  toSingle,
} from './convert.ts';
import { loadEnvironment, restore, save, setControlWord, statusWord, storeEnvironment } from './environment.ts';
import { control, form, immediate } from './form.ts';
import type { Form } from './form.ts';
import { locate, probe, read16, read32, span, write16, write32 } from './memory.ts';
import type { FpuCpu } from './memory.ts';
import { empty, finish, load, pop, push, unmasked } from './registers.ts';
import {
  A_LO,
  B_HI,
  B_LO,
  B_SE,
  C1,
  DE,
  EXP,
  FLAGS,
  IE,
  INTEGER_BIT,
  OE,
  PE,
  QNAN,
  QUIET,
  R_HI,
  R_LO,
  R_SE,
  SF,
  SNAN,
  UE,
  classify,
  copy,
  x,
} from './scratch.ts';

/** Formats of a memory operand. */
const SINGLE = 0;
const DOUBLE = 1;
const EXTENDED = 2;
const INTEGER_16 = 3;
const INTEGER_32 = 4;
const INTEGER_64 = 5;
const DECIMAL = 6;
const LENGTHS = [4, 8, 10, 2, 4, 8, 10];

/** Words of the operand just read. One for all: nothing in it outlives an instruction. */
const words = new Int32Array(3);

/** Reads a memory operand into B, with the exceptions of widening in FLAGS. */
function readOperand(cpu: FpuCpu, format: number, segment: number, offset: number): void {
  fetch(cpu, segment, offset, LENGTHS[format]);
  const lo = words[0];
  const hi = words[1];
  switch (format) {
    case SINGLE:
      fromSingle(B_LO, lo);
      if (isDenormalSingle(lo)) x[FLAGS] |= DE;
      break;
    case DOUBLE:
      fromDouble(B_LO, lo, hi);
      if (isDenormalDouble(lo, hi)) x[FLAGS] |= DE;
      break;
    case INTEGER_16:
      fromInteger(B_LO, (lo << 16) >> 16, (lo << 16) >> 31);
      break;
    case INTEGER_32:
      fromInteger(B_LO, lo, lo >> 31);
      break;
    case INTEGER_64:
      fromInteger(B_LO, lo, hi);
      break;
    default:
      x[B_LO] = lo;
      x[B_HI] = hi;
      x[B_SE] = words[2];
      if (format === DECIMAL) fromDecimal();
  }
}

/** Reads 2, 4, 8 or 10 bytes into {@link words}. */
function fetch(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  const at = locate(cpu, segment, offset, length, false);
  if (at >= 0) {
    const view = cpu.state.view;
    if (length === 2) {
      words[0] = view.getUint16(at, true);
      return;
    }
    words[0] = view.getInt32(at, true);
    if (length >= 8) words[1] = view.getInt32(at + 4, true);
    if (length === 10) words[2] = view.getUint16(at + 8, true);
    return;
  }
  if (length >= 8) span(cpu, segment, offset, length);
  words[0] = length === 2 ? read16(cpu, segment, offset) : read32(cpu, segment, offset);
  if (length >= 8) words[1] = read32(cpu, segment, (offset + 4) >>> 0);
  if (length === 10) words[2] = read16(cpu, segment, (offset + 8) >>> 0);
}

/** FLD and FILD: a signalling NaN becomes quiet, with an invalid operation, on its way from a single or double. */
function pushOperand(format: number): Form {
  return form((cpu, s, segment, offset) => {
    readOperand(cpu, format, segment, offset);
    if (format <= DOUBLE && (x[B_SE] & EXP) === EXP && classify(B_LO) === SNAN && empty(s, -1)) {
      x[FLAGS] |= IE;
      x[B_HI] |= QUIET;
    }
    push(s, B_LO);
  });
}

/** An arithmetic or compare operation with ST(0). A denormal operand counts only where neither operand is a NaN. */
function arithmetic(format: number, operation: number): Form {
  return form((cpu, s, segment, offset) => {
    readOperand(cpu, format, segment, offset);
    if (x[FLAGS] !== 0 && !empty(s, 0)) {
      load(s, 0, A_LO);
      const kind = classify(A_LO);
      if (kind >= QNAN) x[FLAGS] = 0;
    }
    withOperand(s, operation);
  });
}

/** A store of a converted ST(0). */
function storeOperand(format: number, pops: boolean): Form {
  return form((cpu, s, segment, offset) => {
    if (empty(s, 0)) {
      x[FLAGS] |= IE | SF;
      indefinite(format);
    } else {
      load(s, 0, A_LO);
      convert(format);
    }
    const deliver = !unmasked(IE | OE | UE);
    // Nothing was stored, so nothing was rounded.
    if (unmasked(OE | UE)) x[FLAGS] &= ~(PE | C1);
    if (deliver) writeResult(cpu, segment, offset, LENGTHS[format]);
    else probe(cpu, segment, offset, LENGTHS[format]);
    finish(s);
    if (deliver && pops) pop(s);
  });
}

/** Narrows A to a format, in R. */
function convert(format: number): void {
  switch (format) {
    case SINGLE:
      toSingle();
      break;
    case DOUBLE:
      toDouble();
      break;
    case EXTENDED:
      copy(R_LO, A_LO);
      break;
    case INTEGER_16:
      toInteger(16);
      break;
    case INTEGER_32:
      toInteger(32);
      break;
    case INTEGER_64:
      toInteger(64);
      break;
    default:
      toDecimal();
  }
}

/** R = what an empty register stores. */
function indefinite(format: number): void {
  x[R_SE] = 0xffff;
  switch (format) {
    case SINGLE:
      x[R_LO] = 0xffc0_0000;
      break;
    case DOUBLE:
      x[R_LO] = 0;
      x[R_HI] = 0xfff8_0000;
      break;
    case INTEGER_16:
      x[R_LO] = 0x8000;
      break;
    case INTEGER_32:
      x[R_LO] = INTEGER_BIT;
      break;
    case INTEGER_64:
      x[R_LO] = 0;
      x[R_HI] = INTEGER_BIT;
      break;
    default:
      x[R_LO] = 0;
      x[R_HI] = 0xc000_0000;
  }
}

/** Writes R as `length` bytes, all or nothing. */
function writeResult(cpu: FpuCpu, segment: number, offset: number, length: number): void {
  const at = locate(cpu, segment, offset, length, true);
  if (at >= 0) {
    const view = cpu.state.view;
    if (length === 2) {
      view.setUint16(at, x[R_LO], true);
      return;
    }
    view.setInt32(at, x[R_LO], true);
    if (length >= 8) view.setInt32(at + 4, x[R_HI], true);
    if (length === 10) view.setUint16(at + 8, x[R_SE], true);
    return;
  }
  if (length === 2) {
    write16(cpu, segment, offset, x[R_LO] & 0xffff);
    return;
  }
  if (length === 4) {
    write32(cpu, segment, offset, x[R_LO]);
    return;
  }
  probe(cpu, segment, offset, length);
  write32(cpu, segment, offset, x[R_LO]);
  write32(cpu, segment, (offset + 4) >>> 0, x[R_HI]);
  if (length === 10) write16(cpu, segment, (offset + 8) >>> 0, x[R_SE] & 0xffff);
}

const storeControl = immediate((cpu, s, segment, offset) => {
  write16(cpu, segment, offset, s.u32[FPU_CONTROL >> 2]);
});
const storeStatus = immediate((cpu, s, segment, offset) => {
  write16(cpu, segment, offset, statusWord(s));
});
const loadControl = control((cpu, s, segment, offset) => {
  setControlWord(s, read16(cpu, segment, offset));
});
const environmentIn = control((cpu, _s, segment, offset, size16) => {
  loadEnvironment(cpu, segment, offset, size16);
});
const environmentOut = immediate((cpu, _s, segment, offset, size16) => {
  storeEnvironment(cpu, segment, offset, size16);
});
const restoreAll = control((cpu, _s, segment, offset, size16) => {
  restore(cpu, segment, offset, size16);
});
const saveAll = immediate((cpu, _s, segment, offset, size16) => {
  save(cpu, segment, offset, size16);
});

function all(format: number): Form[] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((operation) => arithmetic(format, operation));
}

/** Forms with an operand in memory, by opcode (D8-DF) × reg field; null is undefined. */
export const memoryForms: readonly (Form | null)[] = [
  /* D8 */ ...all(SINGLE),
  /* D9 */ pushOperand(SINGLE),
  null,
  storeOperand(SINGLE, false),
  storeOperand(SINGLE, true),
  environmentIn,
  loadControl,
  environmentOut,
  storeControl,
  /* DA */ ...all(INTEGER_32),
  /* DB */ pushOperand(INTEGER_32),
  null,
  storeOperand(INTEGER_32, false),
  storeOperand(INTEGER_32, true),
  null,
  pushOperand(EXTENDED),
  null,
  storeOperand(EXTENDED, true),
  /* DC */ ...all(DOUBLE),
  /* DD */ pushOperand(DOUBLE),
  null,
  storeOperand(DOUBLE, false),
  storeOperand(DOUBLE, true),
  restoreAll,
  null,
  saveAll,
  storeStatus,
  /* DE */ ...all(INTEGER_16),
  /* DF */ pushOperand(INTEGER_16),
  null,
  storeOperand(INTEGER_16, false),
  storeOperand(INTEGER_16, true),
  pushOperand(DECIMAL),
  pushOperand(INTEGER_64),
  storeOperand(DECIMAL, true),
  storeOperand(INTEGER_64, true),
];
