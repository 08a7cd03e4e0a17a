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
  /** Everything the Guest and the Launcher printed. */
  console: string;
  /** How it ended: the Launcher's exit status, or the reason it did not end. */
  ending: string;
  /** Counts of the whole run. */
  summary: Statistics;
  /** Of its chapter. */
  coverage: Coverage;
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
  const takeHits = (): void => {
    for (const { source, line } of world.takeLineHits()) chapters.get(source)?.executed.add(line);
  };

  let console = '';
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
  if (ending.startsWith('exit')) {
    world.unload();
    takeHits();
  }
  const coverageOf = (one: string): Coverage => {
    const { lines, executed } = chapters.get(`docs/${one}.mdx`)!;
    return { lines: [...lines].sort((a, b) => a - b), executed: [...executed].filter((line) => lines.has(line)).sort((a, b) => a - b) };
  };
  return {
    console,
    ending,
    summary,
    coverage: coverageOf(chapter),
    shown: Object.fromEntries(shows.map((one) => [one, coverageOf(one)])),
  };
}
