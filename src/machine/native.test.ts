import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Machine } from './machine.ts';
import { AF, CF, OF, PF, SF, ZF } from './flags.ts';
import { BR, DE } from './fault.ts';
import { CODE, DATA, makeCases, type Case } from './vectors/cases.ts';

/** Integer instructions leave registers, memory and defined flags as a real processor does (an AMD EPYC, vectors/native.txt). */

const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'] as const;
const ALL = CF | PF | AF | ZF | SF | OF;

/** Flags that the manual leaves undefined. */
function undefinedFlags(c: Case): number {
  const { name } = c.form;
  const size = c.form.operands[0]?.size === 'b' ? 8 : c.operandSize;
  const cl = c.registers[1] & 31, imm = c.code[c.code.length - 1] & 31;
  const counted = c.form.operands.find((o) => o.kind === 'one') ? 1 : c.form.operands.some((o) => o.kind === 'reg' && o.reg === 1) ? cl : imm;
  switch (name) {
    case 'and': case 'or': case 'xor': case 'test': return AF;
    case 'shl': case 'shr': case 'sar': return counted === 0 ? 0 : AF | (counted > 1 ? OF : 0) | (counted >= size ? CF : 0);
    case 'rol': case 'ror': case 'rcl': case 'rcr': return counted > 1 ? OF : 0;
    case 'shld': case 'shrd': return counted === 0 ? 0 : counted > size ? ALL : AF | (counted > 1 ? OF : 0);
    case 'mul': case 'imul': case 'imulWide': return SF | ZF | AF | PF;
    case 'div': case 'idiv': return ALL;
    case 'bsf': case 'bsr': return ALL & ~ZF;
    case 'bt': case 'bts': case 'btr': case 'btc': return OF | SF | AF | PF;
    case 'aam': case 'aad': return OF | AF | CF;
    case 'daa': case 'das': return OF;
    case 'aaa': case 'aas': return OF | SF | ZF | PF;
    default: return 0;
  }
}

const machine = new Machine({ ramBytes: 2 << 20 });
let trapped = -1;
machine.onTrap = (vector) => { if (trapped < 0) trapped = vector; };

function run(c: Case): string {
  machine.ram.fill(DATA - 8, 32, 0);
  machine.ram.writeBytes(CODE, Uint8Array.from([...c.code, 0x90]));
  c.memory.forEach((word, n) => machine.ram.write32(DATA + n * 4, word));
  const { cpu } = machine;
  REGISTERS.forEach((name, n) => { cpu[name] = c.registers[n]; });
  cpu.esp = c.esp;
  cpu.eflags = c.flags;
  cpu.eip = CODE;
  trapped = -1;
  // A repeated instruction takes a pass for each element.
  for (let n = 0; n < 20 && cpu.eip < CODE + c.code.length && trapped < 0; n++) machine.step();
  if (trapped >= 0) {
    // Without an IDT the machine shuts down: a new start.
    machine.restore(fresh);
    return trapped === DE ? 'signal 8' : trapped === BR ? 'signal 11' : `trap ${trapped}`;
  }
  const words: string[] = [];
  const mask = ALL & ~undefinedFlags(c);
  REGISTERS.forEach((name, n) => { if (cpu[name] !== c.registers[n]) words.push(`${name}=${cpu[name].toString(16)}`); });
  words.push(`flags=${(cpu.eflags & (mask | 0x400)).toString(16)}`);
  if (cpu.esp !== c.esp) words.push(`esp=${cpu.esp.toString(16)}`);
  const before = [0, 0, ...c.memory, 0, 0];
  before.forEach((word, n) => {
    const now = machine.ram.read32(DATA - 8 + n * 4);
    if (now !== word) words.push(`${n * 4 - 8}=${now.toString(16)}`);
  });
  return words.join(' ');
}
const fresh = machine.save();

describe('integer instructions against a processor', () => {
  const recorded = readFileSync(new URL('./vectors/native.txt', import.meta.url), 'utf8').trimEnd().split('\n');
  const cases = makeCases();
  it('has a recording for every case', () => expect(recorded.length).toBe(cases.length));

  const byForm = new Map<string, number[]>();
  cases.forEach((c, n) => byForm.set(c.form.mnemonic, [...(byForm.get(c.form.mnemonic) ?? []), n]));
  it.each([...byForm.keys()])('%s', (mnemonic) => {
    for (const n of byForm.get(mnemonic) ?? []) {
      const c = cases[n], mask = ALL & ~undefinedFlags(c) | 0x400;
      const wanted = recorded[n].replace(/flags=([0-9a-f]+)/, (_, flags: string) => `flags=${(parseInt(flags, 16) & mask).toString(16)}`);
      const what = `${c.name} | ${REGISTERS.map((r, k) => `${r}=${c.registers[k].toString(16)}`).join(' ')} flags=${c.flags.toString(16)} memory=${c.memory.map((w) => w.toString(16)).join(' ')}`;
      expect(`${what} -> ${run(c)}`).toBe(`${what} -> ${wanted}`);
    }
  });
});
