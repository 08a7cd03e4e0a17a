/** A Host, with lguest loaded and the Launchers started. */
import type { Machine } from '#machine';
import { consoleFiles, createKernel, createMm, createTask, findTask, keepFrames } from '#hostos';
import type { Kernel, OutsideRequest } from '#hostos';
import type { ToldEvent } from './events.ts';
import { addFile, ramBytesOf } from './options.ts';
import type { WorldOptions } from './options.ts';
import type { LguestProgram } from './program.ts';

/** The arguments of all Launchers. */
export function launchersOf({ argv, launchers = [] }: Pick<WorldOptions, 'argv' | 'launchers'>): (readonly string[])[] {
  return [argv, ...launchers];
}

/** A Host on a machine; its events and what it wants of the outside go to these functions. */
export function createHost(
  options: WorldOptions,
  machine: Machine,
  emit: (event: ToldEvent) => void,
  request: (request: OutsideRequest) => void,
): Kernel {
  const launchers = launchersOf(options);
  return createKernel({
    machine,
    ramBytes: ramBytesOf(launchers),
    entry: options.program.hostEntry,
    seed: options.seed ?? 1,
    terminals: launchers.map(() => options.tty ?? true),
    wires: options.wires,
    bridges: options.bridges,
    emit,
    request,
  });
}

/** Puts what the Launchers' arguments name into the current Host's file system. */
export function addFiles(options: WorldOptions): void {
  for (const argument of launchersOf(options).flat()) addFile(argument, options);
  if (options.hostPages !== undefined) keepFrames(options.hostPages);
}

/** Loads lguest into the current Host and starts the Launchers. Returns their tasks' ids, or a sentence where it cannot be loaded. */
export function loadLguest(program: LguestProgram, kernel: Kernel, launchers: readonly (readonly string[])[]): number[] | string {
  program.install(kernel);
  const error = program.init();
  if (error < 0) return `lguest cannot start on this Host (error ${-error})`;
  return launchers.map(
    (argv, tty) => createTask(program.LAUNCHER, program.newLauncher([...argv]), { mm: createMm(), files: consoleFiles(tty), tty }).id,
  );
}

/** The exit status of each of these tasks of the current Host; null while it lives. */
export function statusesOf(tasks: readonly number[]): (number | null)[] {
  return tasks.map((id) => {
    const task = findTask(id);
    return task === undefined || task.state !== 'zombie' ? null : task.exitStatus;
  });
}
