import { linesInPrograms, programLines } from '../lines/code_map.ts';
import type { LguestProgram } from '../program.ts';
import { MemoryDisk } from './memory_disk.ts';
import { unpackLines } from './scene.ts';
import type { SceneBundle } from './scene.ts';
import type { Statistics } from '../statistics.ts';
import { drive } from '../drive.ts';
import { World } from '../world.ts';
import type { OutsideRequest } from '#hostos';

/** Of a chapter's own lines: those that could be executed, and those that were. */
export interface Coverage {
  lines: number[];
  executed: number[];
}

/** What a scene did. */
export interface SceneResult {
  /** Everything the Guest and the Launcher printed, in letters: their bytes are UTF-8. */
  console: string;
  /** How it ended: the Launcher's exit status, or the reason it did not end. */
  ending: string;
  /** Counts of the whole run. */
  summary: Statistics;
  /** Of its chapter. */
  coverage: Coverage;
  /** Of lguest's own TypeScript: how many lines there are that can run, and how many ran, each counted as often as it did. */
  lines: { program: number; run: number };
  /** Nanoseconds on the Host's clock from its start to the end. */
  time: number;
  /** Of each further chapter that shows it. */
  shown: Record<string, Coverage>;
}

/** Runs a scene from beginning to end, in slices of the given size; the size must not matter. When its Launcher is gone, so is lguest. */
export function runScene(program: LguestProgram, bundle: SceneBundle, slice = bundle.scene.instructions): SceneResult {
  const world = World.fromScene(bundle, { program, keepEvents: false });
  const { chapter, shows = [] } = bundle.scene;
  const chapters = new Map(
    [chapter, ...shows].map((one) => [`docs/${one}.mdx`, { lines: new Set<number>(), executed: new Set<number>() }]),
  );
  for (const { source, line } of programLines(program)) chapters.get(source)?.lines.add(line);
  for (const { source, line } of linesInPrograms(bundle)) chapters.get(source)?.lines.add(line);
  for (const { source, line } of unpackLines(bundle.lines)) chapters.get(bundle.sources[source])?.lines.add(line);
  const own = new Set(program.lines.positions.map(({ source, line }) => `${source}:${line}`));
  let run = 0;
  const takeHits = (): void => {
    for (const { source, line, count } of world.takeLineHits()) {
      chapters.get(source)?.executed.add(line);
      if (own.has(`${source}:${line}`)) run += count;
    }
  };

  let console = ''; // a character for each byte
  let ending = 'out of instructions';
  const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
  const driver = { serve: (request: OutsideRequest) => disk?.answer(request), script: [...(bundle.scene.keys ?? [])] };
  while (world.instructions < bundle.scene.instructions) {
    const stop = drive(world, Math.min(bundle.scene.instructions, world.instructions + slice), driver);
    console += world.takeConsole();
    takeHits();
    if (stop.reason === 'limit') continue;
    ending = stop.reason === 'exited' ? `exit ${stop.status}` : stop.reason === 'panicked' ? `panic: ${stop.message}` : stop.reason;
    break;
  }
  const summary = world.statistics();
  const lines = { program: own.size, run };
  const { time } = world;
  if (ending.startsWith('exit')) {
    world.unload();
    takeHits();
  }
  const coverageOf = (one: string): Coverage => {
    const { lines, executed } = chapters.get(`docs/${one}.mdx`)!;
    return { lines: [...lines].sort((a, b) => a - b), executed: [...executed].filter((line) => lines.has(line)).sort((a, b) => a - b) };
  };
  return {
    console: new TextDecoder().decode(Uint8Array.from(console, (byte) => byte.charCodeAt(0))),
    ending,
    summary,
    lines,
    time,
    coverage: coverageOf(chapter),
    shown: Object.fromEntries(shows.map((one) => [one, coverageOf(one)])),
  };
}
