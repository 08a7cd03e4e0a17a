import type { LguestProgram, World as WorldClass } from '#world';
import type { runBare as RunBare } from '#bare';

/** What is measured, of what runs Guests. */
export interface BenchedLguest {
  World: typeof WorldClass;
  program: LguestProgram;
}

/** One repetition of one workload, as measured. */
export interface Measurement {
  workload: string;
  repetition: number;
  checksum: string;
  /** Instructions by the Guest's own time stamp counter. */
  instructions: number;
  seconds: number;
  mips: number;
}

/** Takes what a Guest prints, and the time between its lines. @param now a clock in milliseconds */
function listener(results: Measurement[], now: () => number): (text: string) => void {
  let line = '';
  let begun = now();
  return (text) => {
    line += text;
    for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
      const rep = /^@rep (\w+) (\d+) ck=(\w+) tsc=(\w+)/.exec(line.slice(0, end));
      line = line.slice(end + 1);
      const seconds = (now() - begun) / 1000;
      begun = now();
      if (!rep) continue;
      const instructions = Number.parseInt(rep[4], 16);
      results.push({
        workload: rep[1],
        repetition: Number(rep[2]),
        checksum: rep[3],
        instructions,
        seconds,
        mips: instructions / seconds / 1e6,
      });
    }
  };
}

/**
 * Runs `bench-lguest.elf` under lguest.
 * @param lguest the class, from the bundle under test, and what it runs
 * @param image the ELF file
 * @param args its command line: `w=all reps=2 d=20`
 * @param now a clock in milliseconds
 */
export function measureWorkloads({ World, program }: BenchedLguest, image: Uint8Array, args: string, now: () => number): Measurement[] {
  const results: Measurement[] = [];
  const heard = listener(results, now);
  const world = World.create({
    program,
    argv: ['64', 'bench', ...args.split(' ')],
    files: (path) => (path === 'bench' ? image : undefined),
    keepEvents: false,
    hears: ['console'],
    onEvent: (event) => {
      if (event.kind === 'console' && event.fd === 1) heard(event.text);
    },
  });
  while (world.run(50_000_000).reason === 'limit');
  return results;
}

/** Runs `bench.elf` on the bare machine; parameters as of {@link measureWorkloads}. */
export function measureMachine(runBare: typeof RunBare, image: Uint8Array, args: string, now: () => number): Measurement[] {
  const results: Measurement[] = [];
  const heard = listener(results, now);
  const decoder = new TextDecoder();
  runBare(image, { args: [...args.split(' '), 'out=e9', 'exit=f4'], output: (bytes) => heard(decoder.decode(bytes)) });
  return results;
}

/** A line a workload: instructions of the last repetition, the first and the best one's time and speed. */
export function formatMeasurements(measurements: readonly Measurement[]): string {
  const lines = ['workload   Minstr   first s    best s   first MIPS   best MIPS'];
  for (const workload of new Set(measurements.map((m) => m.workload))) {
    const all = measurements.filter((m) => m.workload === workload);
    const [first] = all;
    const best = all.reduce((a, b) => (b.mips > a.mips ? b : a));
    const last = all[all.length - 1];
    lines.push(
      `${workload.padEnd(9)}${(last.instructions / 1e6).toFixed(2).padStart(8)}${first.seconds.toFixed(3).padStart(10)}${best.seconds.toFixed(3).padStart(10)}` +
        `${first.mips.toFixed(1).padStart(13)}${best.mips.toFixed(1).padStart(12)}`,
    );
  }
  return lines.join('\n');
}
