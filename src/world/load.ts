/** A Host, with lguest loaded and the Launchers started. */
import { Machine } from '#machine';
import { consoleFiles, createKernel, createMm, createTask, findTask, keepFrames, startProfile, within } from '#hostos';
import type { Kernel, OutsideRequest } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { ToldEvent } from './events.ts';
import { addFilesOf, ramBytesOf } from './options.ts';
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
  for (const argv of launchersOf(options)) addFilesOf(argv, options);
  if (options.hostPages !== undefined) keepFrames(options.hostPages);
  if (options.profile !== undefined) startProfile(options.profile);
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

/** Whoever wrote a byte, and how many writes had been before. */
type Written = ReadonlyMap<number, { readonly line: LinePosition; readonly n: number }>;

/**
 * Tells which line of the program wrote last to these pages of real memory while lguest was loaded; null: none did. For that it is loaded once more, into a Host of its own, when somebody asks for the
 * first time.
 */
export function beforehand(
  options: WorldOptions,
  pages: () => readonly number[],
): (physical: number, length: number) => LinePosition | null {
  let known: Written | null = null;
  return (physical, length) => {
    if (!pages().includes(physical - (physical % PAGE))) return null;
    known ??= writtenOnLoading(options, pages());
    let last: { readonly line: LinePosition; readonly n: number } | null = null;
    for (let at = physical; at < physical + length; at++) {
      const one = known.get(at);
      if (one !== undefined && (last === null || one.n > last.n)) last = one;
    }
    return last?.line ?? null;
  };
}

const PAGE = 4096;

function writtenOnLoading(options: WorldOptions, pages: readonly number[]): Written {
  const { program } = options;
  const { lines } = program;
  const launchers = launchersOf(options);
  const machine = new Machine({ ramBytes: ramBytesOf(launchers), translate: false });
  const kernel = createHost(options, machine, ignore, ignore);
  const written = new Map<number, { line: LinePosition; n: number }>();
  let line: LinePosition | null = null;
  let n = 0;
  // It tells of the first access only, until it is asked anew.
  const watch = (): void => {
    const { access } = machine;
    const { physical = 0, size = 0 } = access ?? {};
    n++;
    if (line !== null) for (let at = physical; at < physical + size; at++) written.set(at, { line, n });
    machine.observe(
      null,
      pages.map((page) => ({ physical: page, length: PAGE, reads: false, writes: true })),
      watch,
    );
  };
  lines.start(0);
  lines.watch((position) => (line = position));
  try {
    within(kernel, () => {
      addFiles(options);
      watch();
      loadLguest(program, kernel, launchers);
    });
  } finally {
    lines.watch(null);
    lines.stop();
    lines.drain(ignore);
    machine.observe(null, []);
  }
  return written;
}

const ignore = (): void => undefined;

/** The exit status of each of these tasks of the current Host; null while it lives. */
export function statusesOf(tasks: readonly number[]): (number | null)[] {
  return tasks.map((id) => {
    const task = findTask(id);
    return task === undefined || task.state !== 'zombie' ? null : task.exitStatus;
  });
}
