import type { World as WorldClass } from '#world';

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

/**
 * Runs `bench-lguest.elf` under lguest and takes the time between its lines.
 * @param World the class, from the bundle under test
 * @param image the ELF file
 * @param args its command line: `w=all reps=2 d=20`
 * @param now a clock in milliseconds
 */
export function measureWorkloads(World: typeof WorldClass, image: Uint8Array, args: string, now: () => number): Measurement[] {
  const results: Measurement[] = [];
  let line = '';
  let begun = now();
  const heard = (text: string): void => {
    line += text;
    for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
      const rep = /^@rep (\w+) (\d+) ck=(\w+) tsc=(\w+)/.exec(line.slice(0, end));
      line = line.slice(end + 1);
      const seconds = (now() - begun) / 1000;
      begun = now();
      if (!rep) continue;
      const instructions = Number.parseInt(rep[4], 16);
      results.push({
        workload: rep[1], repetition: Number(rep[2]), checksum: rep[3], instructions, seconds, mips: instructions / seconds / 1e6,
      });
    }
  };
  const world = World.create({
    argv: ['64', 'bench', ...args.split(' ')], files: (path) => (path === 'bench' ? image : undefined), keepEvents: false,
    onEvent: (event) => { if (event.kind === 'console' && event.fd === 1) heard(event.text); },
  });
  while (world.run(50_000_000).reason === 'limit');
  return results;
}
