/** Links compiled modules to a program: a registry of functions in place of the loader's files. */
import { countersOf } from '#tangle/runtime';
import type { LineCounters } from '#tangle/runtime';
import { ModuleFault } from './fault.ts';
import type { CodeGuard } from './code_guard.ts';
import type { CompiledModule } from './module.ts';

/** A module as others see it. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** An import that leads nowhere. */
export class LinkFault extends ModuleFault {
  readonly path: string;

  constructor(path: string, line: number, column: number, message: string) {
    super([{ line, column, message }]);
    this.path = path;
  }
}

/** What linked modules come to. */
export interface LinkedModules {
  readonly entry: ModuleExports;
  readonly lines: LineCounters;
}

/**
 * Makes one program of modules; each call makes another, with counters of its own.
 * @param entry path of the module that is the program
 * @param get a module by the name under which others import it; undefined: there is none
 * @param outside what is no module of the book
 * @throws LinkFault
 */
export function linkModules(
  entry: string,
  get: (name: string) => CompiledModule | undefined,
  outside: (name: string) => ModuleExports | undefined,
  guard: CodeGuard,
): LinkedModules {
  const { lines, hit } = countersOf();
  // What a reader writes may throw at any line.
  lines.exact = true;
  let counted = 0;
  const made = new Map<CompiledModule, Record<string, unknown>>();
  const order: { module: CompiledModule; run: Generator<void, void> }[] = [];

  /** Loads a module behind all that it needs, as far as they do not need it. */
  const load = (module: CompiledModule): void => {
    if (made.has(module)) return;
    made.set(module, {});
    for (const name of module.needs) {
      const needed = get(name);
      if (needed !== undefined) load(needed);
      else if (outside(name) === undefined) throw new LinkFault(module.path, lineOf(module, name), 1, `there is no ${name}`);
    }
    order.push({ module, run: instantiate(module) });
  };
  const exportsOf = (name: string): Record<string, unknown> | ModuleExports => {
    const module = get(name);
    return (module && made.get(module)) ?? outside(name) ?? {};
  };
  const instantiate = (module: CompiledModule): Generator<void, void> => {
    const sources = [...new Set(module.counted.map(({ source }) => source))];
    const places = module.counted.flatMap(({ source, line }) => [sources.indexOf(source), line]);
    const before = counted;
    lines.register(before, sources, places, module.hash);
    counted += module.counted.length;
    const imported = module.needs.map(exportsOf);
    return module.factory(made.get(module) as Record<string, unknown>, imported, (n) => hit(before + n), guard);
  };
  const first = get(entry);
  if (first === undefined) throw new LinkFault(entry, 1, 1, 'no chunk makes the program');
  load(first);
  for (const { module } of order) {
    for (const [name, from, theirs] of module.handedOn) {
      Object.defineProperty(made.get(module), name, { enumerable: true, get: () => exportsOf(from)[theirs] });
    }
  }
  for (const { module } of order) {
    for (const { from, name, line, column } of module.imports) {
      const there = get(from);
      const has =
        name === '*' ||
        (there === undefined ? name in exportsOf(from) : there.exports.includes(name) || there.handedOn.some(([one]) => one === name));
      if (!has) throw new LinkFault(module.path, line, column, `${from} has no ${name} that could be imported as a value`);
    }
  }
  // Functions are there before anything runs, so that modules may need each other.
  for (const { run } of order) run.next();
  for (const { run } of order) run.next();
  return { entry: { ...made.get(first) }, lines };
}

function lineOf(module: CompiledModule, name: string): number {
  return module.imports.find(({ from }) => from === name)?.line ?? 1;
}
