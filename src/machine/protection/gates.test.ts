import { describe, expect, it } from 'vitest';
import { EXTERNAL, deliver, softwareInterrupt } from './interrupts.ts';
import { CODE, DATA, bench, gdt, idt, outcome, ring, stackTop, stackWords, where } from '../proofs/testing.ts';

/** Every kind of gate, from every ring, against the rules of the manual. */

describe('every gate type × DPL × P × target × ring × kind', () => {
  it('agrees with the manual', () => {
    const cpu = bench();
    let cases = 0;
    for (let type = 0; type < 16; type++)
      for (const gateDpl of [0, 1, 3])
        for (const gateP of [true, false]) {
          if (type === 5) continue;
          for (let codeDpl = 0; codeDpl < 4; codeDpl++)
            for (const kind of ['code', 'conforming', 'data', 'absent']) {
              for (let cpl = 0; cpl < 4; cpl++)
                for (const software of [true, false]) {
                  gdt(
                    cpu,
                    `  60 ${kind === 'data' ? 'data w' : `code r${kind === 'conforming' ? ' c' : ''}`} dpl${codeDpl}${kind === 'absent' ? ' np' : ''}\n`,
                  );
                  idt(cpu, `40 type=${type.toString(16)} dpl${gateDpl}${gateP ? '' : ' np'} to=60:5000`);
                  idt(cpu, '08 int32 dpl0 to=8:8888\n0b int32 dpl0 to=8:bbbb\n0d int32 dpl0 to=8:dddd');
                  ring(cpu, cpl);
                  cpu.state.eip = 0x1234;
                  cpu.state.eflags = 0x202;
                  const ext = software ? 0 : 1;
                  // SDM vol. 2, INT n: the order of its operation section.
                  let want: string;
                  let newCpl = cpl;
                  if (![6, 7, 14, 15].includes(type) || (software && gateDpl < cpl)) want = `#GP(${(0x202 + ext).toString(16)})`;
                  else if (!gateP) want = `#NP(${(0x202 + ext).toString(16)})`;
                  else if (kind === 'data' || codeDpl > cpl) want = `#GP(${(0x60 + ext).toString(16)})`;
                  else if (kind === 'absent') want = `#NP(${(0x60 + ext).toString(16)})`;
                  else {
                    want = 'ok';
                    if (kind === 'code') newCpl = codeDpl;
                  }
                  let got: string;
                  if (software) got = outcome(() => softwareInterrupt(cpu, 0x40));
                  else {
                    deliver(cpu, 0x40, EXTERNAL);
                    // A refused external interrupt shows as the fault that its handler finds on the stack.
                    const handler = { 0xbbbb: '#NP', 0xdddd: '#GP' }[cpu.state.eip];
                    got = handler === undefined ? 'ok' : `${handler}(${stackWords(cpu, 1)})`;
                  }
                  let detail = got;
                  let wanted = want;
                  if (want === 'ok') {
                    const size = type >= 8 ? 4 : 2;
                    const words = newCpl < cpl ? 5 : 3;
                    detail += ` ${where(cpu)} ${cpu.state.cpl} ${stackWords(cpu, words, size)} ${cpu.state.eflags & 0x200}`;
                    const esp = stackTop(newCpl) - words * size;
                    const outer =
                      newCpl < cpl
                        ? ` ${(size === 4 ? stackTop(cpl) : stackTop(cpl) & 0xffff).toString(16)} ${DATA[cpl].toString(16)}`
                        : '';
                    wanted += ` ${(0x60 | newCpl).toString(16)}:5000 ${DATA[newCpl].toString(16)}:${esp.toString(16)} ${newCpl} 1234 ${CODE[cpl].toString(16)} 202${outer} ${(type & 1) !== 0 ? 0x200 : 0}`;
                  }
                  if (detail !== wanted)
                    expect({ type, gateDpl, gateP, codeDpl, kind, cpl, software, detail }).toEqual({
                      type,
                      gateDpl,
                      gateP,
                      codeDpl,
                      kind,
                      cpl,
                      software,
                      detail: wanted,
                    });
                  cases++;
                }
            }
        }
    expect(cases).toBe(15 * 3 * 2 * 4 * 4 * 4 * 2);
  });
});
