#!/usr/bin/env node
// Runs several engines over the bench image in turn, round after round (so a
// noisy machine hits all of them alike), and prints a table of the best warm
// repetition of each workload, with the ratio to the first engine.
//
//   node compare.mjs [--rounds 3] [--out FILE] 'NAME=COMMAND' ... -- [guest options]
//
// A command prints one JSON record a workload, as run-v86.mjs does; the guest
// options are appended to it.  REPS=n in front of a command overrides reps=.
//   node compare.mjs 'v86=node run-v86.mjs --v86 DIR' 'ours=node run-machine.mjs' -- reps=5

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { commandLine } from '../../../scripts/lib/arguments.mjs';

// What stands behind -- is the Guest's.
const cut = process.argv.indexOf('--');
const guest = cut < 0 ? [] : process.argv.splice(cut).slice(1);
const {
  values: opt,
  positionals,
  refuse,
} = commandLine({
  usage: "Usage: node compare.mjs [--rounds 3] [--out FILE] 'NAME=COMMAND' ... -- [guest options]",
  options: { rounds: { type: 'string', default: '3' }, out: { type: 'string' } },
  positionals: [1, Infinity],
});
const engines = positionals.map((word) => {
  const [, name, reps, command] = /^([^=]+)=(?:REPS=(\d+) )?(.+)$/.exec(word) ?? refuse(`“${word}” is not NAME=COMMAND.`);
  return { name, reps, command };
});

const all = {}; // workload -> engine -> {first, warm, instructions, checksum}
for (let round = 0; round < +opt.rounds; round++)
  for (const e of engines) {
    const args = guest.filter((g) => !(e.reps && g.startsWith('reps=')));
    if (e.reps) args.push(`reps=${e.reps}`);
    const r = spawnSync('sh', ['-c', `exec ${e.command} ${args.join(' ')}`], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for (const l of r.stdout.split('\n')) {
      if (!l.startsWith('{')) continue;
      const rec = JSON.parse(l);
      if (!rec.workload) {
        if (rec.end !== 'ok') console.error(e.name, l);
        continue;
      }
      const m = ((all[rec.workload] ??= {})[e.name] ??= { first: [], warm: [], instructions: null, checksum: rec.checksum });
      m.first.push(rec.seconds[0]);
      m.warm.push(...(rec.seconds.length > 1 ? rec.seconds.slice(1) : rec.seconds));
      if (rec.instructions) m.instructions = rec.instructions.at(-1);
      if (m.checksum !== rec.checksum) m.checksum = 'differs';
    }
    if (opt.out) writeFileSync(opt.out, JSON.stringify(all));
  }

const median = (v) => [...v].sort((a, b) => a - b)[v.length >> 1];
const names = engines.map((e) => e.name);
console.log(
  ['workload', ...names.flatMap((n) => [n, 'median', 'first']), ...names.slice(1).map((n) => `${n}/${names[0]}`), 'checksums'].join('\t'),
);
for (const [w, by] of Object.entries(all)) {
  const best = (n) => by[n] && Math.min(...by[n].warm);
  const sums = new Set(Object.values(by).map((m) => m.checksum));
  console.log(
    [
      w,
      ...names.flatMap((n) =>
        by[n] ? [best(n).toFixed(4), median(by[n].warm).toFixed(4), Math.min(...by[n].first).toFixed(4)] : ['-', '-', '-'],
      ),
      ...names.slice(1).map((n) => (by[n] && by[names[0]] ? (best(n) / best(names[0])).toFixed(2) : '-')),
      sums.size === 1 && !sums.has('differs') ? 'equal' : 'DIFFER',
    ].join('\t'),
  );
}
