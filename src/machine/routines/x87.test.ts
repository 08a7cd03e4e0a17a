import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { executeFpu, FPU_WAYS, fpuHelper, fpuWay } from '../fpu/index.ts';
import { FORMS } from '../opcodes/index.ts';
import { runVectors } from '../proofs/fpu/vectors.ts';
import { bench } from '../proofs/testing.ts';
import { generator } from '../proofs/fuzzing.ts';
import * as L from '../state/layout.ts';
import { x87Module } from './index.ts';

/** The short ways of x87 instructions against real silicon, and against the unit in TypeScript on random numbers. `LGUEST_FUZZ=n` draws n times as many. */

const TIMES = Number(process.env['LGUEST_FUZZ'] ?? 1);
type Way = (bits: number, offset: number) => number;

/** Bits that choose an x87 form by opcode and modrm. */
function bitsOf(key: string): number {
  const [first, second] = key.split(' ');
  const opcode = (parseInt(first, 16) & 7) << 8;
  return second.startsWith('/') ? opcode | (Number(second[1]) << 3) | 5 : opcode | parseInt(second, 16);
}
const forms = FORMS.filter((form) => fpuWay(form.key) !== 'fpu').map(({ key }) => ({ key, way: fpuWay(key), bits: bitsOf(key) }));
/** The short way that an instruction takes. */
function wayOf(opcode: number): string | undefined {
  const inMemory = (opcode & 0xc0) !== 0xc0;
  const mask = inMemory ? 0x738 : 0x7ff;
  return forms.find(({ key, bits }) => {
    if (key.includes('/') !== inMemory) return false;
    return ((bits ^ opcode) & (key.includes('+i') ? 0x7f8 : mask)) === 0;
  })?.way;
}

/** A processor, its short ways, and how often they were long. */
function unit() {
  const cpu = bench();
  let long = 0;
  const { memory } = cpu.state;
  const fpu: Way = (bits, offset) => {
    long++;
    return fpuHelper(cpu, bits, offset);
  };
  const ways = new WebAssembly.Instance(x87Module(), { m: { memory }, h: { fpu } }).exports as unknown as Record<string, Way>;
  const execute: typeof executeFpu = (at, opcode, segment, offset, size16) => {
    const name = wayOf(opcode);
    if (name === undefined) executeFpu(at, opcode, segment, offset, size16);
    else ways[name](opcode | (segment << 11), offset);
  };
  return { cpu, execute, long: () => long };
}

describe('short ways of the x87', () => {
  it('exist for every name', () => {
    expect([...new Set(forms.map(({ way }) => way))].sort()).toEqual([...FPU_WAYS].sort());
  });

  it('do what the silicon did', () => {
    const text = readFileSync(new URL('../proofs/fpu/silicon.txt', import.meta.url), 'utf8');
    const plain = runVectors(text, bench()).mismatches.map(({ line }) => line);
    const { cpu, execute, long } = unit();
    const short = runVectors(text, cpu, execute);
    expect(short.mismatches.filter(({ line }) => !plain.includes(line))).toEqual([]);
    const met = text.split('\n').filter((line) => line.includes(' > ') && wayOf(parseInt(line, 16)) !== undefined).length;
    expect(met - long()).toBeGreaterThan(500);
  });

  it('do what the unit does, on numbers of every kind', () => {
    const [a, b] = [unit(), unit()];
    const next = generator(7);
    const AT = 0x800;
    const differing: string[] = [];
    let met = 0;
    for (let n = 0; n < 60_000 * TIMES; n++) {
      const { key, bits } = forms[next(forms.length)];
      const opcode = bits | (key.includes('+i') ? next(8) : 0);
      const seed = next(0x7fff_ffff);
      const before = b.long();
      for (const { cpu } of [a, b]) draw(cpu.state, generator(seed), AT);
      executeFpu(a.cpu, opcode, L.DS, AT, false);
      b.execute(b.cpu, opcode, L.DS, AT, false);
      if (b.long() === before) met++;
      const [left, right] = [a, b].map(({ cpu }) => told(cpu.state, AT));
      if (left !== right) differing.push(`${key} seed ${seed}: ${left} | ${right}`);
    }
    expect(differing.slice(0, 5)).toEqual([]);
    expect(met).toBeGreaterThan(12_000 * TIMES);
  });
});

type State = ReturnType<typeof bench>['state'];

/** Registers, memory and control: near each other, far apart, on the edges of formats. */
function draw(s: State, next: (below: number) => number, at: number): void {
  const word = (): number => [next(0x1_0000) * 0x1_0000 + next(0x1_0000), 0, 0xffff_ffff, 0x8000_0000, 1 << next(31)][next(5)] >>> 0;
  const near = next(2) === 0 ? 0x3fff : 0x3fff + next(140) - 70;
  const control = next(10) === 0 ? next(0x1000) : next(4) === 0 ? 0xf7f : 0x37f;
  s.u32[L.FPU_CONTROL >> 2] = control | 0x40;
  s.u32[L.FPU_STATUS >> 2] = next(2) * 0x200 + next(2) * 0x20 + next(2) * 0x4000;
  s.u32[L.FPU_TOP >> 2] = next(8);
  s.u32[L.EIP_START >> 2] = next(1000);
  for (let p = 0; p < 8; p++) {
    s.u8[L.FPU_EMPTY + p] = next(6) === 0 ? 1 : 0;
    const w = (L.FPU_REG >> 2) + p * 4;
    s.u32[w] = word();
    s.u32[w + 1] = (word() | (next(20) === 0 ? 0 : 0x8000_0000)) >>> 0;
    const exponent = [
      near,
      near + next(5) - 2,
      near + next(70),
      0x3fff + next(64),
      0x3fff + next(2200) - 1100,
      [0, 1, 0x7ffe, 0x7fff][next(4)],
    ][next(6)];
    s.u32[w + 2] = (next(2) << 15) | exponent;
    if (next(12) === 0) s.u32.fill(0, w, w + 2);
    if (next(12) === 0) s.u32[w + 2] &= 0x8000;
  }
  const m = (L.RAM + at) >> 2;
  s.u32[m] = word();
  s.u32[m + 1] = word();
  s.u32[m + 2] = next(0x1_0000);
  if (next(2) === 0) s.u32[m + 1] = ((next(2) << 31) | ((1023 + next(60) - 30) << 20) | next(1 << 20)) >>> 0;
  if (next(2) === 0) s.u32[m] = ((next(2) << 31) | ((127 + next(40) - 20) << 23) | next(1 << 23)) >>> 0;
  if (next(4) === 0) s.u32[m] = (next(2) * 0xffff_0000 + next(0x1_0000)) >>> 0;
}

function told(s: State, at: number): string {
  return [...s.u32.subarray(L.FPU_CONTROL >> 2, (L.FPU_REG >> 2) + 32), ...s.u32.subarray((L.RAM + at) >> 2, ((L.RAM + at) >> 2) + 4)]
    .map((word) => word.toString(16))
    .join(' ');
}
