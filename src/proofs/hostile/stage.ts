/**
 * Guests on strings: a real Host with the real module and Switcher, and Guests that a proof opens, moves and closes by hand, without a Launcher.
 * One Host serves thousands of Guests, for machines are dear.
 */
import { Machine } from '#machine';
import {
  createKernel,
  createMm,
  createTask,
  current,
  exitTask,
  fileOf,
  freePages,
  getUserPage,
  mmapAnonymous,
  putPage,
  switchKernel,
  sysOpen,
  sysWrite,
} from '#hostos';
import type { Mm, Task } from '#hostos';
import type { ToldEvent } from '#world';
import { init } from '#tangled/host/core.ts';
import { doHypercalls } from '#tangled/host/hypercalls.ts';
import { readReg, REG, writeReg } from '#tangled/host/lg.ts';
import type { LgCpu, Lguest } from '#tangled/host/lg.ts';
import { LHREQ } from '#tangled/host/lguest_user.ts';
import { install } from '#tangled/lguest.ts';
import hostEntry from '#tangled/switcher/host_entry.S';

export const PAGE = 4096;

/** Pages of a Guest: some with a fixed use, the rest is the proof's. */
export const LAYOUT = {
  pages: 256,
  /** struct lguest_data. */
  data: 0x08,
  /** Tables of descriptors. */
  gdt: 0x09,
  code: 0x0a,
  /** The kernel's stack: two pages, and the one above. */
  stack: 0x0c,
  directory: 0x10,
  /** Page table of the first 4 MB: everything where it is. And that of KERNEL. */
  identity: 0x11,
  kernel: 0x12,
} as const;

/** Pages of the Launcher right behind the Guest's. */
const BEYOND = 16;

/** Where the Guest's kernel sees its memory, as Linux does. */
export const KERNEL = 0xc0000000;
export const GUEST_RING1_CS = 0x61;
export const GUEST_RING1_DS = 0x69;
export const USER_CS = 0x73;
export const USER_DS = 0x7b;

/** A Host under observation. */
export interface Stage {
  /** Events since the proof last emptied the list; kept only if asked for. */
  events: ToldEvent[];
  /** Hypercalls carried out so far. */
  hypercalls: number;
  /** Frames that are free while no Guest is open. */
  free: number;
}

/** Boots a Host, loads the module. */
export function buildStage({ seed = 1, ramBytes = 8 * 2 ** 20, keepEvents = false } = {}): Stage {
  const stage: Stage = { events: [], hypercalls: 0, free: 0 };
  const emit = (event: ToldEvent): void => {
    if (event.kind === 'hypercall') stage.hypercalls++;
    if (keepEvents) stage.events.push(event);
  };
  switchKernel(createKernel({ machine: new Machine({ ramBytes }), ramBytes, entry: hostEntry, seed, emit }));
  install(current);
  if (init() !== 0) throw new Error('the module does not load');
  stage.free = freePages();
  return stage;
}

/** A Guest in the proof's hands. */
export interface Puppet {
  lg: Lguest;
  cpu: LgCpu;
  task: Task;
  mm: Mm;
  fd: number;
}

/**
 * Opens a Guest of {@link LAYOUT}.pages pages whose first tables map them at 0 and at {@link KERNEL}, for both rings; with lguest_data and a GDT with entries for
 * ring 3. The other pages are untouched, and behind the last lie some that are its Launcher's.
 */
export function openGuest(start: number = LAYOUT.code * PAGE): Puppet {
  const { tasks } = current.data;
  const mm = createMm();
  const task = createTask('puppet', null, { mm, files: { fds: [], users: 1 } });
  tasks.current = task.id;
  const base = mmapAnonymous(mm, (LAYOUT.pages + BEYOND) * PAGE);
  const fd = sysOpen('/dev/lguest');
  const words = Uint32Array.of(LHREQ.INITIALIZE, base, LAYOUT.pages, LAYOUT.directory * PAGE, start);
  if (sysWrite(fd, new Uint8Array(words.buffer)) !== 16) throw new Error('no Guest');
  const lg = fileOf(fd)!.privateData as Lguest;
  const puppet = { lg, cpu: lg.cpus[0], task, mm, fd };
  poke(puppet, LAYOUT.directory * PAGE, [(LAYOUT.identity * PAGE) | 7]);
  poke(puppet, LAYOUT.directory * PAGE + 4 * (KERNEL >>> 22), [(LAYOUT.kernel * PAGE) | 7]);
  const linear = Array.from({ length: LAYOUT.pages }, (_, page) => (page * PAGE) | 7);
  poke(puppet, LAYOUT.identity * PAGE, linear);
  poke(puppet, LAYOUT.kernel * PAGE, linear);
  poke(puppet, LAYOUT.data * PAGE + 0x14, new Array<number>(16).fill(0xffffffff));
  poke(puppet, LAYOUT.data * PAGE + 0x468, [KERNEL, 0x80]);
  poke(puppet, LAYOUT.gdt * PAGE + 8 * 12, [0xffff, 0xcfbb00, 0xffff, 0xcfb300, 0xffff, 0xcffb00, 0xffff, 0xcff300]);
  return puppet;
}

/** Closes a Guest; the Host must be as it was before, and the Launcher's own pages untouched. */
export function closeGuest(stage: Stage, { task, lg, mm }: Puppet): void {
  const { tasks, time } = current.data;
  const area = mm.areas.find(({ start }) => start === lg.memBase)!;
  for (const frame of area.frames.subarray(LAYOUT.pages)) {
    if (frame !== 0 && current.machine.ram.readBytes(frame * PAGE, PAGE).some((byte) => byte !== 0))
      throw new Error('the Guest wrote to its Launcher');
  }
  exitTask(task, 0);
  tasks.all.splice(tasks.all.indexOf(task), 1);
  if (time.timers.length > 0) throw new Error('a timer of a closed Guest is armed');
  if (freePages() !== stage.free) throw new Error(`${stage.free - freePages()} pages lost with a Guest`);
}

/** Real address of a Guest-physical one, in a page that from now on is the Guest's own. */
export function realAddress({ lg, mm }: Puppet, address: number): number {
  const page = getUserPage(mm, lg.memBase + (address & -PAGE), true);
  putPage(page);
  return page + (address % PAGE);
}

/** Words of the Guest's memory, as if it had written them itself. */
export function poke(puppet: Puppet, address: number, words: readonly number[]): void {
  let page = -1;
  let real = 0;
  for (let at = address, i = 0; i < words.length; at += 4, i++) {
    if ((at & -PAGE) !== page) {
      page = at & -PAGE;
      real = realAddress(puppet, page);
    }
    current.machine.ram.write32(real + (at % PAGE), words[i]);
  }
}

export function peek(puppet: Puppet, address: number): number {
  return current.machine.ram.read32(realAddress(puppet, address)) >>> 0;
}

/** Makes a hypercall without the way there: straight into the Host's routine. A NOTIFY is seen at once, and forgotten. */
export function hypercall({ cpu }: Puppet, nr: number, edx = 0, ebx = 0, ecx = 0): void {
  writeReg(cpu, REG.eax, nr);
  writeReg(cpu, REG.edx, edx);
  writeReg(cpu, REG.ebx, ebx);
  writeReg(cpu, REG.ecx, ecx);
  cpu.hcall = true;
  // A full ring of NOTIFYs comes back once for each.
  for (let turns = 0; cpu.hcall && cpu.lg.dead === null; turns++) {
    if (turns > 65) throw new Error('a hypercall is postponed for ever');
    cpu.pendingNotify = 0;
    doHypercalls(cpu);
  }
  cpu.hcall = false;
  cpu.pendingNotify = 0;
}

/** Puts the Guest in front of some code. */
export function place({ cpu }: Puppet, { eip, esp, user = false }: { eip: number; esp: number; user?: boolean }): void {
  writeReg(cpu, REG.eip, eip);
  writeReg(cpu, REG.esp, esp);
  writeReg(cpu, REG.cs, user ? USER_CS : GUEST_RING1_CS);
  writeReg(cpu, REG.ss, user ? USER_DS : GUEST_RING1_DS);
  for (const register of [REG.ds, REG.es]) writeReg(cpu, register, USER_DS);
  writeReg(cpu, REG.fs, 0);
  writeReg(cpu, REG.gs, 0);
  writeReg(cpu, REG.eflags, 0x202);
}

export { readReg, REG, writeReg };
