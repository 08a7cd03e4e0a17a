import { beforeEach, describe, expect, it } from 'vitest';
import type { Cpu } from '../memory/cpu.ts';
import { Fault } from '../state/fault.ts';
import { CS, DS, FPU_EMPTY, FPU_REG, RAM, SEG_ATTR, SEG_FLAT_READ, SEG_FLAT_WRITE, SEG_LIMIT } from '../state/layout.ts';
import { decode } from '../opcodes/index.ts';
import { bench } from '../proofs/testing.ts';
import { executeFpu, fpuHelper, resetFpu, waitFpu } from './index.ts';
import { memoryForms } from './memory_forms.ts';
import { registerForms } from './register_forms.ts';

/** The unit beside its arithmetic: faults, environment images, the status word in AX, undefined opcodes. */

const AT = 0x8000;
const FLD1 = 0x1e8;
const FLDZ = 0x1ee;
const FLDPI = 0x1eb;
const FDIVP = 0x6f9;
const FNSTSW_AX = 0x7e0;
const FNCLEX = 0x3e2;
const FNINIT = 0x3e3;
const FLDCW = 0x128;
const FNSTCW = 0x138;
const FLDENV = 0x120;
const FNSTENV = 0x130;
const FRSTOR = 0x520;
const FNSAVE = 0x530;
const FLD_M64 = 0x500;
const FSTP_M64 = 0x518;
const FSTP_M80 = 0x338;
const FNOP = 0x1d0;

let cpu: Cpu;
beforeEach(() => {
  cpu = bench();
  resetFpu(cpu);
});

function run(...opcodes: number[]): void {
  for (const opcode of opcodes) executeFpu(cpu, opcode, DS, AT, false);
}
function vectorOf(action: () => unknown): number {
  try {
    action();
  } catch (e) {
    if (e instanceof Fault) return e.vector;
    throw e;
  }
  return -1;
}
const word = (offset: number) => cpu.state.view.getUint32(RAM + AT + offset, true);
const half = (offset: number) => cpu.state.view.getUint16(RAM + AT + offset, true);
function setControl(value: number): void {
  cpu.state.view.setUint16(RAM + AT, value, true);
  run(FLDCW);
}

describe('faults', () => {
  it.each([
    // CR0 (MP 2, EM 4, TS 8), vector of an x87 instruction, of WAIT
    [0x01, -1, -1],
    [0x02, -1, -1],
    [0x04, 7, -1],
    [0x08, 7, -1],
    [0x0a, 7, 7],
    [0x0c, 7, -1],
    [0x06, 7, -1],
  ])('CR0 = %s: x87 %s, WAIT %s', (cr0, instruction, wait) => {
    cpu.state.cr0 = cr0;
    expect(vectorOf(() => run(FNOP))).toBe(instruction);
    expect(vectorOf(() => run(FNSTSW_AX))).toBe(instruction);
    expect(vectorOf(() => waitFpu(cpu, 0, 0))).toBe(wait);
  });

  it('reports an unmasked exception at the next waiting instruction only', () => {
    setControl(0x37b);
    run(FLD1, FLDZ, FDIVP);
    expect(vectorOf(() => run(FNSTSW_AX, FNSTCW))).toBe(-1);
    expect(cpu.state.eax & 0xffff).toBe(0xb084);
    expect(vectorOf(() => run(FLD1))).toBe(16);
    expect(vectorOf(() => waitFpu(cpu, 0, 0))).toBe(16);
    run(FNCLEX);
    expect(vectorOf(() => run(FLD1))).toBe(-1);
  });

  it('raises a flag that FLDCW unmasks', () => {
    run(FLD1, FLDZ, FDIVP);
    setControl(0x37b);
    expect(vectorOf(() => waitFpu(cpu, 0, 0))).toBe(16);
  });

  it.each([0x108, 0x1d1, 0x1e2, 0x1ef, 0x2e8, 0x308, 0x320, 0x330, 0x3e5, 0x3f8, 0x508, 0x528, 0x5f0, 0x6d8, 0x6da, 0x708, 0x7e1, 0x7f8])(
    'knows no opcode %s',
    (opcode) => {
      expect(vectorOf(() => run(opcode))).toBe(6);
    },
  );

  it('leaves the stack alone when the operand faults', () => {
    run(FLD1);
    const before = cpu.state.u8.slice(FPU_EMPTY - 0x10, FPU_REG + 0x80);
    for (const field of [SEG_FLAT_READ, SEG_FLAT_WRITE]) cpu.state.setSegment(DS, field, 0);
    cpu.state.setSegment(DS, SEG_LIMIT, AT + 6);
    expect(cpu.state.segment(DS, SEG_ATTR)).not.toBe(0);
    for (const opcode of [FLD_M64, FSTP_M64, FSTP_M80, 0x720, 0x730, FNSAVE, FRSTOR, FNSTENV, FLDENV]) {
      cpu.state.view.setUint32(RAM + AT, 0x12345678, true);
      expect(vectorOf(() => run(opcode))).toBe(13);
      expect(word(0)).toBe(0x12345678);
      expect(cpu.state.u8.slice(FPU_EMPTY - 0x10, FPU_REG + 0x80)).toEqual(before);
    }
  });
});

describe('environment', () => {
  it('FNSTENV stores 28 bytes and masks everything', () => {
    cpu.state.eipStart = 0x1234_5678;
    setControl(0x340);
    run(FLDZ, FLDPI, FLD1);
    cpu.state.eipStart = 0x1234_5680;
    executeFpu(cpu, FLD_M64, DS, AT + 0x100, false);
    run(FNSTENV);
    const selector = (n: number) => cpu.state.selector(n);
    expect([0, 4, 12, 16, 20, 24].map(word)).toEqual([
      0xffff0340,
      0xffff2000,
      0x12345680,
      (FLD_M64 << 16) | selector(CS),
      AT + 0x100,
      (0xffff0000 | selector(DS)) >>> 0,
    ]);
    // Registers 7 zero, 6 and 5 valid, 4 zero (memory was clear), the rest empty.
    expect(half(8)).toBe(0b01_00_00_01_11111111);
    run(FNSTCW);
    expect(half(0)).toBe(0x37f);
  });

  it('FLDENV brings back what FNSTENV stored, in both formats', () => {
    for (const size16 of [false, true]) {
      resetFpu(cpu);
      setControl(0x27f);
      run(FLD1, FLDZ, FLD1, FDIVP);
      executeFpu(cpu, FNSTENV, DS, AT, size16);
      const image = cpu.state.u8.slice(RAM + AT, RAM + AT + 28);
      run(FNINIT);
      executeFpu(cpu, FLDENV, DS, AT, size16);
      cpu.state.u8.fill(0, RAM + AT, RAM + AT + 28);
      executeFpu(cpu, FNSTENV, DS, AT, size16);
      expect(cpu.state.u8.slice(RAM + AT, RAM + AT + (size16 ? 14 : 28))).toEqual(image.slice(0, size16 ? 14 : 28));
      expect(half(26)).toBe(size16 ? 0 : 0xffff);
    }
  });

  it('FNSAVE and FRSTOR move the whole unit', () => {
    run(FLDPI, FLD1);
    const state = cpu.state.u8.slice(FPU_EMPTY, FPU_REG + 0x80);
    run(FNSAVE);
    expect(word(28 + 4)).toBe(0x80000000);
    expect(half(28 + 8)).toBe(0x3fff);
    expect(word(28 + 10)).toBe(0x2168c235);
    expect(cpu.state.u8.slice(FPU_EMPTY, FPU_EMPTY + 8)).toEqual(new Uint8Array(8).fill(1));
    run(FRSTOR);
    expect(cpu.state.u8.slice(FPU_EMPTY, FPU_EMPTY + 8)).toEqual(state.slice(0, 8));
    expect(cpu.state.u8.slice(FPU_REG, FPU_REG + 0x80)).toEqual(state.slice(FPU_REG - FPU_EMPTY));
  });

  it('keeps the bits of the control word that exist', () => {
    setControl(0xffff);
    run(FNSTCW);
    expect(half(0)).toBe(0x1f7f);
    setControl(0);
    run(FNSTCW);
    expect(half(0)).toBe(0x0040);
  });
});

it('defines the same opcodes as the table of the decoder', () => {
  const differ: string[] = [];
  for (let opcode = 0; opcode < 0x800; opcode++) {
    const bytes = [0xd8 | (opcode >> 8), opcode & 0xff, 0, 0, 0, 0, 0, 0];
    const insn = decode((index) => bytes[index], true);
    const inMemory = (opcode & 0xc0) !== 0xc0;
    const form = inMemory
      ? memoryForms[((opcode >> 5) & 0x38) | ((opcode >> 3) & 7)]
      : registerForms[((opcode >> 2) & 0x1c0) | (opcode & 0x3f)];
    if ((insn.form !== null && insn.fault === '') !== (form !== null)) differ.push(opcode.toString(16));
  }
  expect(differ).toEqual([]);
});

it('takes opcode, segment and operand size packed in one argument', () => {
  run(FLD1);
  fpuHelper(cpu, 0x518 | (DS << 11), AT);
  expect(cpu.state.view.getFloat64(RAM + AT, true)).toBe(1);
  fpuHelper(cpu, FNSTENV | (DS << 11) | 0x4000, AT);
  expect(half(2)).toBe(0);
});
