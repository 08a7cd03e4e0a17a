/** What a Guest counted under two Hosts, from the chapter's fingerprints. */

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
  };
}

/** One count, before and after. */
export interface Row {
  readonly label: string;
  readonly before: number;
  readonly after: number;
}

const COUNTS: readonly (readonly [label: string, of: (of: Fingerprint) => number])[] = [
  ['entries into the Guest', ({ counts }) => counts.switches],
  ['faults hidden from it', ({ counts }) => counts.hiddenFaults],
  ['faults it was given', ({ counts }) => counts.reflectedFaults],
  ['interrupts', ({ counts }) => counts.interrupts],
  [
    'hypercalls',
    ({ hypercalls }) => Object.values(hypercalls).reduce((sum, both) => sum + both.split('+').reduce((one, n) => one + Number(n), 0), 0),
  ],
  ['instructions', ({ counts }) => counts.instructions],
];

/**
 * The rows of a table of two runs; without those that are zero in both.
 * @returns none at all where one of the runs is not known: a new scene has no fingerprint before its first run
 */
export function comparisonOf({ scenes }: Fingerprints, before: string, after: string): Row[] {
  const [one, other] = [scenes[before], scenes[after]];
  if (one === undefined || other === undefined) return [];
  return COUNTS.map(([label, of]) => ({ label, before: of(one), after: of(other) })).filter((row) => row.before + row.after > 0);
}
