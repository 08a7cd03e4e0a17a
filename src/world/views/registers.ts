import type { Machine } from '#machine';
import type { LguestProgram } from '../program.ts';

/** Which world the processor is in. */
export type WorldName = 'guest-user' | 'guest-kernel' | 'switcher' | 'host';

/** The processor's registers, and whose they are at the moment. */
export interface Registers {
  world: WorldName;
  eax: number;
  ebx: number;
  ecx: number;
  edx: number;
  esi: number;
  edi: number;
  ebp: number;
  esp: number;
  eip: number;
  eflags: number;
  cs: number;
  ss: number;
  ds: number;
  es: number;
  fs: number;
  gs: number;
  cr0: number;
  cr2: number;
  cr3: number;
  cpl: number;
}

/** Which world the processor is in. */
export function worldOf({ cpu }: Machine, { SWITCHER_ADDR, bare }: LguestProgram): WorldName {
  return cpu.cpl === 3 ? 'guest-user' : cpu.cpl === 1 || bare === true ? 'guest-kernel' : cpu.eip >= SWITCHER_ADDR ? 'switcher' : 'host';
}

/** The processor's registers as they stand. */
export function viewRegisters(machine: Machine, program: LguestProgram): Registers {
  const { cpu } = machine;
  return {
    world: worldOf(machine, program),
    eax: cpu.eax,
    ebx: cpu.ebx,
    ecx: cpu.ecx,
    edx: cpu.edx,
    esi: cpu.esi,
    edi: cpu.edi,
    ebp: cpu.ebp,
    esp: cpu.esp,
    eip: cpu.eip,
    eflags: cpu.eflags,
    es: cpu.selector(0),
    cs: cpu.selector(1),
    ss: cpu.selector(2),
    ds: cpu.selector(3),
    fs: cpu.selector(4),
    gs: cpu.selector(5),
    cr0: cpu.cr0,
    cr2: cpu.cr2,
    cr3: cpu.cr3,
    cpl: cpu.cpl,
  };
}
