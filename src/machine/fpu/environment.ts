import type { CpuState } from '../state/state.ts';
import { FPU_CONTROL, FPU_CS, FPU_DP, FPU_DS, FPU_EMPTY, FPU_IP, FPU_OPCODE, FPU_REG, FPU_STATUS, FPU_TOP } from '../state/layout.ts';
import type { FpuCpu } from './memory.ts';
import { probe, read16, read32, span, write16, write32 } from './memory.ts';
import { summarize } from './registers.ts';
import { EXP } from './scratch.ts';

/** The state after reset and FNINIT (Intel SDM vol. 2, FINIT). The data registers keep their contents. */
export function resetFpu(cpu: FpuCpu): void {
  const s = cpu.state;
  s.u32[FPU_CONTROL >> 2] = 0x37f;
  s.u32[FPU_STATUS >> 2] = 0;
  s.u32[FPU_TOP >> 2] = 0;
  s.u8.fill(1, FPU_EMPTY, FPU_EMPTY + 8);
  for (const at of [FPU_IP, FPU_CS, FPU_DP, FPU_DS, FPU_OPCODE]) s.u32[at >> 2] = 0;
}

/** The status word with TOP in its place. */
export function statusWord(s: CpuState): number {
  return s.u32[FPU_STATUS >> 2] | (s.u32[FPU_TOP >> 2] << 11);
}

/** Loads the status word; the summary bit follows from the exceptions and their masks. */
function setStatusWord(s: CpuState, value: number): void {
  s.u32[FPU_TOP >> 2] = (value >> 11) & 7;
  s.u32[FPU_STATUS >> 2] = value & 0x477f;
  summarize(s);
}

/** Loads the control word. Bits 6 and 12 exist (6 reads as one); the other reserved bits read as zero. */
export function setControlWord(s: CpuState, value: number): void {
  s.u32[FPU_CONTROL >> 2] = (value & 0x1f3f) | 0x40;
  summarize(s);
}

/** The full tag word: 0 valid, 1 zero, 2 special, 3 empty, for the physical registers 0-7. */
function tagWord(s: CpuState): number {
  let tags = 0;
  for (let i = 7; i >= 0; i--) {
    let tag = 3;
    if (s.u8[FPU_EMPTY + i] === 0) {
      const w = (FPU_REG >> 2) + i * 4;
      const exp = s.u32[w + 2] & EXP;
      const lo = s.u32[w];
      const hi = s.i32[w + 1];
      tag = exp === 0 && (lo | hi) === 0 ? 1 : exp === 0 || exp === EXP || hi >= 0 ? 2 : 0;
    }
    tags = (tags << 2) | tag;
  }
  return tags;
}

function setTagWord(s: CpuState, tags: number): void {
  for (let i = 0; i < 8; i++) s.u8[FPU_EMPTY + i] = ((tags >> (i * 2)) & 3) === 3 ? 1 : 0;
}

/** FNSTENV's image, 14 or 28 bytes in the protected-mode formats (Intel SDM vol. 1, figures 8-9 and 8-11). */
function writeEnvironment(cpu: FpuCpu, segment: number, offset: number, size16: boolean): void {
  const s = cpu.state;
  const u32 = s.u32;
  const high = 0xffff_0000;
  const words = [u32[FPU_CONTROL >> 2], statusWord(s), tagWord(s), u32[FPU_IP >> 2], u32[FPU_CS >> 2], u32[FPU_DP >> 2], u32[FPU_DS >> 2]];
  if (size16) {
    for (let i = 0; i < 7; i++) write16(cpu, segment, (offset + 2 * i) >>> 0, words[i] & 0xffff);
    return;
  }
  words[0] |= high;
  words[1] |= high;
  words[2] |= high;
  words[6] |= high;
  words[4] |= u32[FPU_OPCODE >> 2] << 16;
  for (let i = 0; i < 7; i++) write32(cpu, segment, (offset + 4 * i) >>> 0, words[i] | 0);
}

/** FNSTENV: stores the environment and masks all exceptions. */
export function storeEnvironment(cpu: FpuCpu, segment: number, offset: number, size16: boolean): void {
  probe(cpu, segment, offset, size16 ? 14 : 28);
  writeEnvironment(cpu, segment, offset, size16);
  cpu.state.u32[FPU_CONTROL >> 2] |= 0x3f;
  summarize(cpu.state);
}

function readEnvironment(cpu: FpuCpu, segment: number, offset: number, size16: boolean): number[] {
  const words: number[] = [];
  for (let i = 0; i < 7; i++) {
    words.push(size16 ? read16(cpu, segment, (offset + 2 * i) >>> 0) : read32(cpu, segment, (offset + 4 * i) >>> 0));
  }
  return words;
}

function applyEnvironment(s: CpuState, words: readonly number[], size16: boolean): void {
  s.u32[FPU_CONTROL >> 2] = (words[0] & 0x1f3f) | 0x40;
  setStatusWord(s, words[1]);
  setTagWord(s, words[2]);
  s.u32[FPU_IP >> 2] = words[3];
  s.u32[FPU_CS >> 2] = words[4] & 0xffff;
  s.u32[FPU_DP >> 2] = words[5];
  s.u32[FPU_DS >> 2] = words[6] & 0xffff;
  s.u32[FPU_OPCODE >> 2] = size16 ? 0 : (words[4] >>> 16) & 0x7ff;
}

/** FLDENV. */
export function loadEnvironment(cpu: FpuCpu, segment: number, offset: number, size16: boolean): void {
  span(cpu, segment, offset, size16 ? 14 : 28);
  applyEnvironment(cpu.state, readEnvironment(cpu, segment, offset, size16), size16);
}

/** FNSAVE: the environment, then ST(0)-ST(7), 94 or 108 bytes; then FNINIT. */
export function save(cpu: FpuCpu, segment: number, offset: number, size16: boolean): void {
  const s = cpu.state;
  const head = size16 ? 14 : 28;
  probe(cpu, segment, offset, head + 80);
  writeEnvironment(cpu, segment, offset, size16);
  for (let i = 0; i < 8; i++) {
    const w = (FPU_REG >> 2) + ((s.u32[FPU_TOP >> 2] + i) & 7) * 4;
    const at = offset + head + 10 * i;
    write32(cpu, segment, at >>> 0, s.i32[w]);
    write32(cpu, segment, (at + 4) >>> 0, s.i32[w + 1]);
    write16(cpu, segment, (at + 8) >>> 0, s.u32[w + 2] & 0xffff);
  }
  resetFpu(cpu);
}

/** FRSTOR. */
export function restore(cpu: FpuCpu, segment: number, offset: number, size16: boolean): void {
  const s = cpu.state;
  const head = size16 ? 14 : 28;
  span(cpu, segment, offset, head + 80);
  const words = readEnvironment(cpu, segment, offset, size16);
  const registers: number[] = [];
  for (let i = 0; i < 8; i++) {
    const at = offset + head + 10 * i;
    registers.push(read32(cpu, segment, at >>> 0), read32(cpu, segment, (at + 4) >>> 0), read16(cpu, segment, (at + 8) >>> 0));
  }
  applyEnvironment(s, words, size16);
  for (let i = 0; i < 8; i++) {
    const w = (FPU_REG >> 2) + ((s.u32[FPU_TOP >> 2] + i) & 7) * 4;
    for (let j = 0; j < 3; j++) s.i32[w + j] = registers[3 * i + j];
  }
}
