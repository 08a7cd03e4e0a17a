/** What a Guest counted in several runs, from the chapter's fingerprints. */

/** The part of a chapter's `.fingerprint.json` that is read here. */
export interface Fingerprints {
  readonly scenes: Readonly<Record<string, Fingerprint | undefined>>;
}

interface Fingerprint {
  /** By name: `direct+ring`. */
  readonly hypercalls: Readonly<Record<string, string>>;
  readonly counts: {
    readonly instructions: number;
    readonly switches: number;
    readonly hiddenFaults: number;
    readonly reflectedFaults: number;
    readonly interrupts: number;
    readonly notifications?: number;
    /** Where the Host's profiler is at work: NMIs, and samples of whose code. */
    readonly profile?: {
      readonly raised: number;
      readonly program: number;
      readonly kernel: number;
      readonly switcher: number;
      readonly host: number;
    };
    /** Where the scheduler tells somebody: how often a task got the processor, and for how long it was without (ns). */
    readonly preempt?: { readonly in: number; readonly away: number };
  };
  /** Of lguest's TypeScript: lines that can run, and how often lines ran. */
  readonly lines?: { readonly program: number; readonly run: number };
  /** Nanoseconds on the Host's clock, and system calls of its programs. */
  readonly spent?: { readonly time: number; readonly syscalls: number };
}

/** One count, of each run. */
export interface Row {
  readonly label: string;
  readonly values: readonly number[];
}

const calls = ({ hypercalls }: Fingerprint, which: 0 | 1): number =>
  Object.values(hypercalls).reduce((sum, both) => sum + Number(both.split('+')[which]), 0);

const COUNTS: readonly (readonly [label: string, of: (of: Fingerprint) => number])[] = [
  ['entries into the Guest', ({ counts }) => counts.switches],
  ['faults hidden from it', ({ counts }) => counts.hiddenFaults],
  ['faults it was given', ({ counts }) => counts.reflectedFaults],
  ['interrupts', ({ counts }) => counts.interrupts],
  ['hypercalls, direct', (run) => calls(run, 0)],
  ['hypercalls, by the ring', (run) => calls(run, 1)],
  ['notifications for a Launcher', ({ counts }) => counts.notifications ?? 0],
  ['instructions', ({ counts }) => counts.instructions],
  ['microseconds, on the Host’s clock', ({ spent }) => Math.round((spent?.time ?? 0) / 1000)],
  ['system calls of Launchers', ({ spent }) => spent?.syscalls ?? 0],
  ['turns of which lguest was told', ({ counts }) => counts.preempt?.in ?? 0],
  ['microseconds between them', ({ counts }) => Math.round((counts.preempt?.away ?? 0) / 1000)],
  ['NMIs of the profiler', ({ counts }) => counts.profile?.raised ?? 0],
  ['samples of the Guest', ({ counts: { profile } }) => (profile?.program ?? 0) + (profile?.kernel ?? 0)],
  ['samples of the Switcher', ({ counts }) => counts.profile?.switcher ?? 0],
  ['samples of the Host', ({ counts }) => counts.profile?.host ?? 0],
  ['lines of TypeScript run', ({ lines }) => lines?.run ?? 0],
  ['lines of TypeScript in lguest', ({ lines }) => lines?.program ?? 0],
];

/**
 * The rows of a table of runs; without those that are zero in all.
 * @param scenes names of the scenes that were run
 * @returns none at all where one of the runs is not known: a new scene has no fingerprint before its first run
 */
export function comparisonOf(fingerprints: Fingerprints, scenes: readonly string[]): Row[] {
  const runs = scenes.map((scene) => fingerprints.scenes[scene]);
  const known = runs.filter((run) => run !== undefined);
  if (known.length < runs.length) return [];
  return COUNTS.map(([label, of]) => ({ label, values: known.map(of) })).filter(({ values }) => values.some((value) => value > 0));
}

/** How much more or less than before, in words. */
export function changeOf(before: number, after: number): string {
  if (before === 0) return '';
  return `${after > before ? '+' : after < before ? '−' : '±'}${Math.abs(Math.round((after / before - 1) * 100))} %`;
}
