import { rowsOf } from './race.ts';
import type { RaceRow } from './race.ts';

/** A job of a Linux at work: how long each of its repetitions took, in seconds; the first is the cold one. */
export interface Job {
  name: string;
  seconds: number[];
}

/** What a Guest said of its work, and when: seconds from the start. */
export interface Said {
  at: number;
  line: string;
}

/**
 * Reads what a Guest prints of its jobs: `@up` where its first program runs, `@b NAME` before each repetition, `@e NAME …` behind it, `@done`.
 * @returns null for `up` where it never came so far
 * @throws Error where a repetition ends that has not begun
 */
export function readJobs(said: readonly Said[]): { up: number | null; jobs: Job[]; done: boolean } {
  let up: number | null = null;
  let done = false;
  const jobs = new Map<string, Job>();
  let begun: { name: string; at: number } | null = null;
  for (const { at, line } of said) {
    const [what, name = ''] = line.trim().split(' ');
    if (what === '@up') up = at;
    else if (what === '@done') done = true;
    else if (what === '@b') begun = { name, at };
    else if (what === '@e') {
      if (begun?.name !== name) throw new Error(`“${line}” ends what has not begun`);
      const job = jobs.get(name) ?? { name, seconds: [] };
      jobs.set(name, job);
      job.seconds.push(at - begun.at);
      begun = null;
    }
  }
  return { up, jobs: [...jobs.values()], done };
}

/** Two Linuxes that do the same jobs, over some rounds of each: rows of a race, the first of them from the start to the first program. */
export function raceOfJobs(ours: readonly ReturnType<typeof readJobs>[], theirs: readonly ReturnType<typeof readJobs>[]): RaceRow[] {
  const work: Record<string, Record<string, { first: number[]; warm: number[] }>> = {};
  for (const [engine, rounds] of Object.entries({ ours, theirs }))
    for (const { up, jobs } of rounds)
      for (const { name, seconds } of [...(up === null ? [] : [{ name: 'start to init', seconds: [up] }]), ...jobs]) {
        const timed = ((work[name] ??= {})[engine] ??= { first: [], warm: [] });
        timed.first.push(seconds[0]);
        timed.warm.push(...seconds.slice(1));
      }
  return rowsOf(work, 'ours', 'theirs');
}

/** The jobs as a table: first repetition and best one, and the geometric mean of each. */
export function formatJobs({ up, jobs, done }: ReturnType<typeof readJobs>): string {
  const seconds = (value: number): string => value.toFixed(2).padStart(8);
  const best = (job: Job): number => Math.min(...job.seconds);
  const mean = (values: readonly number[]): number => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  const rows = jobs.map((job) => `${job.name.padEnd(16)}${seconds(job.seconds[0])}${seconds(best(job))}`);
  return [
    `${''.padEnd(16)}${'first, s'.padStart(8)}${'best, s'.padStart(8)}`,
    ...(up === null ? [] : [`${'start to init'.padEnd(16)}${seconds(up)}`]),
    ...rows,
    ...(jobs.length === 0
      ? []
      : [`${'geometric mean'.padEnd(16)}${seconds(mean(jobs.map((job) => job.seconds[0])))}${seconds(mean(jobs.map(best)))}`]),
    ...(done ? [] : ['The Guest did not come to its end.']),
  ].join('\n');
}
