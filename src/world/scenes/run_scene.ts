import { linesInPrograms, programLines } from '../lines/code_map.ts';
import type { LguestProgram } from '../program.ts';
import { MemoryDisk } from './memory_disk.ts';
import type { SceneBundle } from './scene.ts';
import type { Statistics } from '../statistics.ts';
import { drive } from '../drive.ts';
import { World } from '../world.ts';
import type { OutsideRequest } from '#hostos';

/** What a scene did. */
export interface SceneResult {
  /** Everything the Guest and the Launcher printed. */
  console: string;
  /** How it ended: the Launcher's exit status, or the reason it did not end. */
  ending: string;
  /** Counts of the whole run. */
  summary: Statistics;
  /** Of the chapter's own lines: those that could be executed, and those that were. */
  coverage: { lines: number[]; executed: number[] };
}

/** Runs a scene from beginning to end, in slices of the given size; the size must not matter. When its Launcher is gone, so is lguest. */
export function runScene(program: LguestProgram, bundle: SceneBundle, slice = bundle.scene.instructions): SceneResult {
  const world = World.fromScene(bundle, { program, keepEvents: false });
  const source = `docs/${bundle.scene.chapter}.mdx`;
  const lines = new Set<number>();
  for (const place of programLines(program)) if (place.source === source) lines.add(place.line);
  for (const place of linesInPrograms(bundle)) if (place.source === source) lines.add(place.line);
  for (const { source: index, line } of bundle.lines) if (bundle.sources[index] === source) lines.add(line);

  let console = '';
  let ending = 'out of instructions';
  const executed = new Set<number>();
  const disk = bundle.scene.disk && MemoryDisk.fromScene(bundle.scene.disk);
  const driver = { serve: (request: OutsideRequest) => disk?.answer(request), script: [...(bundle.scene.keys ?? [])] };
  while (world.instructions < bundle.scene.instructions) {
    const stop = drive(world, Math.min(bundle.scene.instructions, world.instructions + slice), driver);
    console += world.takeConsole();
    for (const hit of world.takeLineHits()) if (hit.source === source) executed.add(hit.line);
    if (stop.reason === 'limit') continue;
    ending = stop.reason === 'exited' ? `exit ${stop.status}` : stop.reason === 'panicked' ? `panic: ${stop.message}` : stop.reason;
    break;
  }
  const summary = world.statistics();
  if (ending.startsWith('exit')) {
    world.unload();
    for (const hit of world.takeLineHits()) if (hit.source === source) executed.add(hit.line);
  }
  return {
    console,
    ending,
    summary,
    coverage: { lines: [...lines].sort((a, b) => a - b), executed: [...executed].filter((line) => lines.has(line)).sort((a, b) => a - b) },
  };
}
