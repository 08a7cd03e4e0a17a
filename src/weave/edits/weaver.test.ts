/** Chunks woven where they are edited come to the same program as the build's; an edit to another, or to a complaint at its line. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { base, program, programOf } from '../../../scripts/lib/bundles.mjs';
import { BOOK_PATH, TOP, WEAVE_BUNDLE_PATH } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import { broken, turned } from '../../live/edit/broken.ts';
import { carryPatch } from '../../tangle/core/carry_patch.ts';
import type { LguestProgram, SceneBundle } from '#world';
import type * as Edits from './index.ts';

const { EndlessLoop, WeaveFault, Weaver } = (await import(WEAVE_BUNDLE_PATH)) as typeof Edits;
const weaver = new Weaver(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Edits.Book);
const scenes = sceneBundles();
const scene = (wanted: string): SceneBundle => scenes.find(({ name }) => name === wanted) as SceneBundle;
/** The Guest that runs under all patches at once. */
const PATCHED = scenes.map(({ name }) => name).filter((name) => /^mastery_same\.M-\d+\+/.test(name));
const RUN = ['introduction', 'hypercalls', 'interrupts', 'page_tables', 'traps', 'block', ...PATCHED];

/** A run to the last line: the world's state, the lines that ran, the place, what was printed. */
function run(which: LguestProgram, bundle: SceneBundle): unknown {
  const world = base.World.fromScene(bundle, { program: which });
  const stop = world.run(bundle.scene.instructions);
  const lines = world.takeLineHits().map(({ source, line, count }) => `${source}:${line} ${count}`);
  return { stop, hash: world.stateHash(), place: world.place(), console: world.takeConsole(), lines: lines.sort() };
}

/** The lines of a scene's Guest. */
const linesOf = ({ lines }: SceneBundle): Set<number> => new Set(base.unpackLines(lines).map(({ line }) => line));

/** The edit that puts something in place of what a chunk has once. */
function edit(chunk: string, from: string, to: string): Record<string, string> {
  const text = weaver.textOf(chunk) ?? '';
  expect(text.split(from)).toHaveLength(2);
  return { [chunk]: text.replace(from, () => to) };
}

describe('the book as it is', () => {
  const book = weaver.weave({}).program();

  test('counts the same lines, and is the same program', () => {
    const linesOf = ({ lines }: LguestProgram): string[] => lines.positions.map(({ source, line }) => `${source}:${line}`).sort();
    expect(linesOf(book)).toEqual(linesOf(program));
    expect(book.lines.identity).toBe(program.lines.identity);
    expect([book.hostEntry, book.switcher]).toEqual([program.hostEntry, program.switcher]);
  });

  test.each(RUN)('runs %s as the build does, and makes it of the same bytes', async (name) => {
    const bundle = scene(name);
    const woven = bundle.patches === undefined ? null : weaver.weave({}, bundle.patches.split('+'));
    expect(run(woven?.program() ?? book, bundle)).toEqual(run(await programOf(bundle), bundle));
    expect({ ...(woven ?? weaver.weave({})).scene(bundle), name: bundle.name }).toEqual(bundle);
  });
});

const ALARM = 'hrtimerStart(cpu.hrt, ktimeGetReal() + delta);';

describe('an edit', () => {
  test('runs, and what nobody edited stays where it is', () => {
    const woven = weaver.weave(edit('H:200', ALARM, `const late = delta * 3;\n  ${ALARM.replace('delta', 'late')}`));
    const lines = woven.program().lines.positions.filter(({ source }) => source === 'docs/host/interrupts.mdx');
    const before = program.lines.positions.filter(({ source }) => source === 'docs/host/interrupts.mdx');
    expect(woven.edited).toEqual(['H:200']);
    expect(new Set(lines.map(({ line }) => line))).toEqual(new Set(before.map(({ line }) => line)));
    const late = run(woven.program(), scene('interrupts')) as { hash: string };
    expect(late.hash).not.toBe((run(program, scene('interrupts')) as { hash: string }).hash);
  });

  test.each([
    ['a piece', 'H:330.install', 'const spteAt =', 'const = ', 4],
    ['what a patch puts in place of another', 'M:009', 'releasePgd(pgdir + index * 4);', 'releasePgd(;', 4],
    ['a piece of that, in assembly', 'M:006.go', 'addl\t$2, %eax', 'addll\t$2', 1],
  ])('of %s may be wrong, and is told so at its line', (_, chunk, from, to, line) => {
    expect(weaver.check(edit(chunk, from, from), chunk)).toEqual([]);
    expect(weaver.check(edit(chunk, from, to), chunk)).toMatchObject([{ chunk, at: line }]);
  });

  test('of a Guest’s assembly is in its image, at the chapter’s lines; a mistake in it is told at its own', () => {
    const hello = scene('introduction');
    const line = 'print\t"Hello from the inside.\\n"';
    const chunk = 'P:001';
    const more = weaver.weave(edit(chunk, line, `nop\n\t${line.replace('Hello', 'Greetings')}`)).scene(hello);
    expect(more.lines.length).toBeGreaterThan(hello.lines.length);
    expect(linesOf(more)).toEqual(linesOf(hello));
    expect(run(program, more)).toHaveProperty('console', expect.stringContaining('Greetings from the inside.'));
    const wrong = weaver.weave(edit(chunk, line, 'movll\t%eax'));
    expect(() => wrong.scene(hello)).toThrow(WeaveFault);
    try {
      wrong.scene(hello);
    } catch (error) {
      expect((error as InstanceType<typeof WeaveFault>).problems[0]).toMatchObject({ chunk, at: 4 });
    }
  });

  test.each<[string, Record<string, string> | (() => Record<string, string>), string]>([
    ['no TypeScript', () => edit('H:200', ALARM, 'hrtimerStart(cpu.hrt,;'), 'H:200:7:25 Unexpected token'],
    ['a name that is not there', () => edit('H:200', ALARM, ALARM.replace('delta', 'detla')), 'H:200:7:42 nothing here is called detla'],
    [
      'another’s variable',
      () => edit('H:200', ALARM, 'hrtimerStart = null;'),
      'H:200:7:3 hrtimerStart is imported: only its own module can change it',
    ],
    ['a chunk that is gone', { 'H:999.gone': '' }, 'H:999.gone:0:1 the book has no H:999.gone any more'],
  ])('that is %s is refused at its line', (_, edits, told) => {
    const { problems } = weaver.weave(typeof edits === 'function' ? edits() : edits);
    expect(problems.map(({ chunk, at, column, message }) => `${chunk}:${at}:${column} ${message}`)).toEqual([told]);
  });

  test.each([
    [
      'goes round for ever',
      'for (;;) delta++;',
      EndlessLoop,
      'H:200:7 EndlessLoop: a loop went round more than 4,000,000 times, and the Guest did not move',
    ],
    [
      'throws',
      "null!.toString();\n  throw new Error('never');",
      TypeError,
      "H:200:7 TypeError: Cannot read properties of null (reading 'toString')",
    ],
    ['calls itself', 'guestSetClockevent(cpu, delta);', RangeError, 'H:200:3 RangeError: Maximum call stack size exceeded'],
  ])('that %s is ended, and its line is told', (_, code, kind, told) => {
    const woven = weaver.weave(edit('H:200', ALARM, code));
    const world = base.World.fromScene(scene('interrupts'), { program: woven.program() });
    let thrown: unknown;
    try {
      world.run(scene('interrupts').scene.instructions);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(kind);
    const { chunk, at, message } = woven.problemOf(thrown);
    expect(`${chunk}:${at} ${message}`).toBe(told);
  });

  test.each([
    ['null', 'null was thrown'],
    ['undefined', 'undefined was thrown'],
    ['42', '42 was thrown'],
    ['Number.NaN', 'NaN was thrown'],
    ['-0', '0 was thrown'],
    ['7n', '7 was thrown'],
    ['true', 'true was thrown'],
    ["'no timer'", '"no timer" was thrown'],
    ['Symbol("late")', 'Symbol(late) was thrown'],
    ['() => delta', 'a function was thrown'],
    ['{}', '{} was thrown'],
    ["{ code: 5, why: 'late' }", '{ code: 5, why: "late" } was thrown'],
    ["{ name: 'Mine', message: 'late', stack: 'at woven/host/traps.ts:1:1' }", '{ name: "Mine", message: "late", …'],
    ['[1, 2]', '[2: 1, 2] was thrown'],
    ['Object.create(null)', '{} was thrown'],
    ["{ get name() { throw new Error('no'); } }", 'something was thrown that cannot even be looked at'],
    ['(delta, null)', 'null was thrown'],
    ['hrtimerStart && null', 'null was thrown'],
    ['new Error()', 'Error was thrown, without a message'],
    ["new Error('late')", 'late'],
    ["new RangeError('late')", 'RangeError: late'],
    ['Object.assign(new Error(), { message: null, name: 7 })', '7: null'],
  ])('that throws %s is ended, and its line is told, with a semicolon or without', (value, told) => {
    for (const code of [`throw ${value};\n  `, `if (delta >= 0) throw ${value}\n  `]) {
      const woven = weaver.weave(edit('H:200', ALARM, `${code}${ALARM}`));
      expect(woven.problems).toEqual([]);
      const world = base.World.fromScene(scene('interrupts'), { program: woven.program() });
      try {
        world.run(scene('interrupts').scene.instructions);
        expect.fail('nothing was thrown');
      } catch (error) {
        const { chunk, at, message } = woven.problemOf(error);
        expect(`${chunk}:${at}`).toBe('H:200:7');
        if (told.endsWith('…')) expect(message).toMatch(told.slice(0, -1));
        else expect(message).toBe(told);
      }
    }
  });
});

/** The attributes of each `<Break>` of the chapters. */
const breaks = readdirSync(`${TOP}/docs`, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.mdx'))
  .flatMap((chapter) =>
    [...readFileSync(`${TOP}/docs/${chapter}`, 'utf8').matchAll(/<Break ((?:\w+="[^"]*"\s*)+(?:quiet)?)>/g)].map(([, told]) => ({
      chapter: chapter.replace(/\.mdx$/, ''),
      quiet: told.endsWith('quiet'),
      ...(Object.fromEntries([...told.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])) as {
        chunk: string;
        line: string;
        becomes?: string;
        scene: string;
        shows?: string;
      }),
    })),
  );

/** What is seen of a scene on broken code: what is printed, and how it ends; or what breaks. */
function outcomeOf(woven: Edits.Woven, bundle: SceneBundle): string {
  try {
    const { console, ending } = base.runScene(woven.program(), woven.changesScenes ? woven.scene(bundle) : bundle);
    return `${console} ${ending}`;
  } catch (error) {
    return woven.problemOf(error).message;
  }
}

describe('what chapters offer to break', () => {
  test.each(breaks.map((one) => [`${one.chunk} in ${one.chapter}`, one] as const))(
    '%s',
    (_, { chapter, chunk, scene: name, shows, quiet, ...change }) => {
      const text = readFileSync(`${TOP}/docs/${chapter}.mdx`, 'utf8');
      const id = chunk.replaceAll('.', '\\.');
      expect(text).toMatch(new RegExp(`^\`\`\`\\w+ ${id} |^<Excerpt of="${id}" />`, 'm'));
      expect(text).toMatch(new RegExp(`<LiveGuest scene="${name}" (?:title="[^"]*" )?/>`));
      const edited = broken(weaver.textOf(chunk) ?? '', change);
      // It is mended where a reader has written on, too.
      const [book, mine] = [weaver.textOf(chunk) ?? '', (text: string) => `mine\n${text}`];
      expect(turned(edited ?? '', change, [book])).toEqual({ isBroken: true, next: book });
      expect(turned(mine(edited ?? ''), change, [book])).toEqual({ isBroken: true, next: mine(book) });
      const woven = weaver.weave({ [chunk]: edited ?? '' });
      expect([edited === null, woven.problems]).toEqual([false, []]);
      const told = outcomeOf(woven, scene(name));
      if (shows !== undefined) expect(told).toContain(shows);
      const { console: before, ending } = base.runScene(program, scene(name));
      if (quiet) expect(told).toBe(`${before} ${ending}`);
      else expect(told).not.toBe(`${before} ${ending}`);
      if (shows !== undefined) expect(`${before} ${ending}`).not.toContain(shows);
    },
  );
});

test('edits are a patch that git applies, as untangle does, and that leaves the chapters as they were edited', () => {
  const edits = {
    ...edit('H:200', ALARM, `const late = delta * 3;\n  ${ALARM}`),
    ...edit('H:200.init', "'lguest.clockdev'", "'another'"),
    ...edit('P:001', 'hlt', 'nop\n\thlt'),
  };
  const folder = mkdtempSync(join(tmpdir(), 'edits-'));
  try {
    for (const path of ['docs/introduction.mdx', 'docs/host/interrupts.mdx']) cpSync(`${TOP}/${path}`, `${folder}/${path}`);
    writeFileSync(`${folder}/edits.patch`, weaver.patch(edits));
    const carried = carryPatch(weaver.patch(edits), 'edits.patch', 'docs', (path) => readFileSync(`${folder}/${path}`, 'utf8'));
    expect(carried.problems).toEqual([]);
    execFileSync('git', ['apply', 'edits.patch'], { cwd: folder, env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() } });
    for (const [path, text] of carried.texts) expect(readFileSync(`${folder}/${path}`, 'utf8')).toBe(text);
    expect([...carried.texts.keys()].sort()).toEqual(['docs/host/interrupts.mdx', 'docs/introduction.mdx']);
    const interrupts = readFileSync(`${folder}/docs/host/interrupts.mdx`, 'utf8');
    for (const chunk of ['H:200', 'H:200.init'] as const) expect(interrupts).toContain(`\n${edits[chunk]}\n\`\`\``);
    expect(readFileSync(`${folder}/docs/introduction.mdx`, 'utf8')).toContain(`\n${edits['P:001']}\n\`\`\``);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What a patch changes, if each of its places stands where it says: the lines of the chapter then; null otherwise. */
function applied(patch: string, lines: readonly string[]): string[] | null {
  const now = [...lines];
  const [, ...places] = patch.split(/^@@ -(\d+),\d+ \+\d+,\d+ @@\n/m);
  for (let at = 0; at < places.length; at += 2) {
    const body = places[at + 1].split('\n').slice(0, -1);
    const old = body.filter((line) => !line.startsWith('+')).map((line) => line.slice(1));
    const from = Number(places[at]) - 1;
    // Without lines around it, a place is the file's beginning or its end to git.
    if (!body[0].startsWith(' ') || !body.at(-1)!.startsWith(' ') || old.join('\n') !== now.slice(from, from + old.length).join('\n'))
      return null;
    now.splice(from, old.length, ...body.filter((line) => !line.startsWith('-')).map((line) => line.slice(1)));
  }
  return now;
}

describe('of every block', () => {
  const { chapters } = JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Edits.Book;
  const chunks = chapters.map(({ path, fences }) => ({
    path,
    lines: readFileSync(`${TOP}/${path}`, 'utf8').split('\n'),
    ids: fences
      .map(({ meta, line, count }) => ({ id: meta.split(' ').find((word) => weaver.textOf(word) !== undefined) ?? '', line, count }))
      .filter(({ id }) => id !== ''),
  }));
  const CHANGES = [
    ['its last line is another', (text: string): string => text.replace(/.*$/, 'another')],
    ['its first line is another', (text: string): string => text.replace(/^.*/, 'another')],
    ['it is a line longer', (text: string): string => `${text}\nmore`],
    ['it has a line more in front', (text: string): string => `more\n${text}`],
    ['it is empty', (): string => ''],
    ['it is a line shorter', (text: string): string => text.replace(/\n.*$/, '')],
  ] as const;

  test.each(CHANGES)('where %s, the patch stands where it says', (_, change) => {
    const wrong: string[] = [];
    let count = 0;
    for (const { path, lines, ids } of chunks) {
      for (const { id, line, count: length } of ids) {
        const text = change(weaver.textOf(id)!);
        if (text === weaver.textOf(id)) continue;
        const wanted = [...lines.slice(0, line), ...text.split('\n'), ...lines.slice(line + length)];
        if (applied(weaver.patch({ [id]: text }), lines)?.join('\n') !== wanted.join('\n')) wrong.push(`${path}: ${id}`);
        count++;
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(2000);
  });

  test.each(CHANGES)('where %s, git and untangle take the patch: the first, the last and all of a chapter', (_, change) => {
    const folder = mkdtempSync(join(tmpdir(), 'edits-'));
    try {
      cpSync(`${TOP}/docs`, `${folder}/docs`, { recursive: true });
      for (const of of [(ids: string[]) => ids.slice(0, 1), (ids: string[]) => ids.slice(-1), (ids: string[]) => ids]) {
        const edited = chunks.flatMap(({ ids }) => of(ids.map(({ id }) => id)));
        const patch = weaver.patch(Object.fromEntries(edited.map((id) => [id, change(weaver.textOf(id)!)])));
        writeFileSync(`${folder}/edits.patch`, patch);
        expect(carryPatch(patch, 'edits.patch', 'docs', (path) => readFileSync(`${folder}/${path}`, 'utf8')).problems).toEqual([]);
        execFileSync('git', ['apply', '--check', 'edits.patch'], {
          cwd: folder,
          env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
        });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test.each([
  ['ends the fence', 'H:200', '```', 'would end this block'],
  ['ends a longer one', 'H:200', '  `````', 'would end this block'],
  ['opens another', 'H:200', '```ts H:200', 'would end this block'],
  ['has a character that a compiler counts as a line', 'H:200', '// \u2028', 'line separator (U+2028) cannot stand in a chapter'],
  ['ends the fence, in assembly', 'G:020', '# \n```', 'would end this block'],
])('a line that %s is refused', (_, chunk, line, sentence) => {
  const text = `${weaver.textOf(chunk)}\n/*\n${line}\n*/`;
  expect(weaver.check({ [chunk]: text }, chunk)).toContainEqual(
    expect.objectContaining({ chunk, message: expect.stringContaining(sentence) as string }),
  );
});

test('nothing is wrong with assembly that nobody edited', () => {
  for (const chunk of ['P:001', 'G:020', 'S:100', 'H:220.guest', 'D:100']) expect([chunk, weaver.check({}, chunk)]).toEqual([chunk, []]);
});
