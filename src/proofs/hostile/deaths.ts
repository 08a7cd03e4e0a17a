/** Every way a Guest may die, and which call may lead there. */
import { ERESTART } from '#hostos';
import { LHCALL } from '#tangled/host/lg.ts';

const HEX = '0x[0-9a-f]{1,8}';

/** The reasons by name, as patterns of the whole text. */
const REASONS = {
  badRead: `bad read address ${HEX} len \\d+`,
  badWrite: `bad write address ${HEX} len \\d+`,
  secondInit: 'already have lguest_data',
  shutdown: 'CRASH: [^]*',
  unknownCall: 'Bad hypercall \\d+',
  fetchingRing: 'Fetching async hypercalls',
  answeringRing: 'Writing result for async hypercall',
  tooEarly: 'hypercall \\d+ before LGUEST_INIT',
  badData: `bad guest page ${HEX}`,
  syscallVector: 'bad syscall vector',
  timestamp: 'Writing timestamp',
  disabling: 'disabling interrupts',
  enabling: 're-enabling interrupts',
  stackSegment: `bad stack segment ${HEX}`,
  stackPages: 'bad stack pages \\d+',
  gateType: 'bad IDT type \\d+',
  gateNumber: 'setting IDT entry \\d+',
  switcher: `attempt to reach the Switcher's pages at ${HEX}`,
  noPage: 'failed to get page \\d+',
  badPte: `bad page table entry ${HEX}`,
  badPde: `bad page directory entry ${HEX}`,
  noMemory: 'no memory for a shadow page table',
  stackPage: `bad stack page ${HEX}`,
  unmapped: `bad address ${HEX}`,
  kernelAddress: `bad kernel address ${HEX}`,
  gdtEntries: 'too many gdt entries \\d+',
  cr2: 'Writing cr2',
  trap: `unhandled trap \\d+ at ${HEX} \\(${HEX}\\)`,
} as const;

export type Reason = keyof typeof REASONS;

/** All of them. */
export const ALL_REASONS = Object.keys(REASONS) as Reason[];

const patterns = Object.entries(REASONS).map(([name, text]) => [name as Reason, new RegExp(`^${text}$`)] as const);

/** The name of a reason. Null: nobody knows it. */
export function reasonOf(dead: string | number): Reason | 'restart' | null {
  if (typeof dead === 'number') return dead === -ERESTART ? 'restart' : null;
  return patterns.find(([, pattern]) => pattern.test(dead))?.[0] ?? null;
}

/** What can go wrong while the Host makes a page of the stack writable. */
const PINNING: readonly Reason[] = ['stackPage', 'switcher', 'badPte', 'badPde', 'badRead', 'badWrite', 'noPage', 'noMemory'];

const BY_CALL: Readonly<Record<number, readonly (Reason | 'restart')[]>> = {
  [LHCALL.FLUSH_ASYNC]: [],
  [LHCALL.LGUEST_INIT]: ['secondInit'],
  [LHCALL.SHUTDOWN]: ['shutdown', 'restart', 'badRead'],
  [LHCALL.LOAD_GDT]: ['gdtEntries', 'badRead'],
  [LHCALL.NEW_PGTABLE]: PINNING,
  [LHCALL.FLUSH_TLB]: PINNING,
  [LHCALL.LOAD_IDT_ENTRY]: ['gateNumber', 'gateType'],
  [LHCALL.SET_STACK]: ['stackSegment', 'stackPages', ...PINNING],
  [LHCALL.TS]: [],
  [LHCALL.SET_CLOCKEVENT]: [],
  [LHCALL.HALT]: [],
  [LHCALL.SET_PTE]: ['badPte', 'switcher', 'noPage', 'badRead'],
  [LHCALL.SET_PMD]: [],
  [LHCALL.LOAD_TLS]: ['badRead'],
  [LHCALL.NOTIFY]: [],
};

/** May a Guest die so of this call, made once it has introduced itself? */
export function mayDieOf(nr: number, reason: Reason | 'restart'): boolean {
  return (BY_CALL[nr] ?? ['unknownCall']).includes(reason);
}
