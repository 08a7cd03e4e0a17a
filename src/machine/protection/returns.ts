import type { Cpu } from '../memory/cpu.ts';
import { GP, fault } from '../state/fault.ts';
import * as L from '../state/layout.ts';
import { checkReturnCode, checkStack, install, markAccessed, nullInnerSegments, setCpl, withinLimit } from './segments.ts';
import { currentStack, moveStack, peek } from './stack.ts';
import type { Stack } from './stack.ts';

/**
 * What far RET and IRET have in common: back to code of the same ring, or of an outer one, whose SS:ESP stand next on the stack (SDM vol. 2, RET and IRET).
 *
 * @param stack the stack in force, what has been popped left behind
 * @param size of what is popped: 2 or 4
 * @param release bytes of parameters to drop, from both stacks
 * @throws #GP, #NP, #SS, #PF; nothing is changed then but for memory
 */
export function returnTo(cpu: Cpu, stack: Stack, selector: number, eip: number, size: number, release: number): void {
  const s = cpu.state;
  const rpl = selector & 3;
  // The table limit is looked at first, but gives the same error code.
  if ((selector & 0xfffc) !== 0 && rpl < s.cpl) throw fault(GP, selector & 0xfffc);
  const code = checkReturnCode(cpu, selector, GP);
  moveStack(stack, release);
  if (rpl === s.cpl) {
    if (!withinLimit(code.attr, code.limit, eip, 1)) throw fault(GP, 0);
    markAccessed(cpu, code);
    install(cpu, L.CS, code);
    s.esp = stack.esp;
  } else {
    const esp = peek(cpu, stack, 0, size);
    const ss = checkStack(cpu, peek(cpu, stack, size, size) & 0xffff, rpl, GP, 0);
    if (!withinLimit(code.attr, code.limit, eip, 1)) throw fault(GP, 0);
    markAccessed(cpu, code);
    markAccessed(cpu, ss);
    setCpl(cpu, rpl);
    install(cpu, L.CS, code);
    install(cpu, L.SS, ss);
    // A word popped into SP leaves the upper half of ESP as it was.
    s.esp = size === 4 ? esp : ((s.esp & 0xffff0000) | esp) >>> 0;
    if (release !== 0) {
      const outer = currentStack(cpu);
      moveStack(outer, release);
      s.esp = outer.esp;
    }
    nullInnerSegments(cpu);
  }
  s.eip = eip;
}
