/** A variant is a program as itself: a patch over the book's own chunks is extracted, type-checked, bundled, and runs a Guest otherwise. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleVariant } from '../../scripts/lib/bundle.mjs';
import { base, loadProgram, program } from '../../scripts/lib/bundles.mjs';
import { BASE_BUNDLE_PATH, TOP } from '../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../scripts/lib/scenes.mjs';
import { tangleConfig } from '../../scripts/lib/tangle_config.mjs';
import { Tangler } from '../tangle/core/tangle.ts';
import { nodeFileSystem } from '../tangle/node/node.ts';
import { typeCheck } from '../tangle/node/tools.ts';
import type { Finding } from '../tangle/node/tools.ts';
import type { FileSystem } from '#tangle';
import type { LguestProgram, SceneBundle } from '#world';

const PATCH = 'docs/mastery/made_up.mdx';
/** Where nobody looks for variants that are there: what a broken-off run leaves behind must not be in anybody’s way. */
const OUT = '.tangled/cache/made-up';
/** The alarm clock of H:200 comes late, as a file of the patch's own says. */
const chapter = (late: string): string => `
\`\`\`ts M:990 replaces=H:200
import { late } from '#tangled/host/made_up.ts';

/** The Guest wants IRQ 0 in \`delta\` nanoseconds, and gets it later. */
export function guestSetClockevent(cpu: LgCpu, delta: number): void {
  hrtimerCancel(cpu.hrt);
  if (delta !== 0) hrtimerStart(cpu.hrt, ktimeGetReal() + late(cpu, delta));
}
\`\`\`

\`\`\`ts M:990.late file=host/made_up.ts
import type { LgCpu } from '#tangled/host/lg.ts';

export const late = (cpu: LgCpu, delta: number): number => ${late};
\`\`\`
`;

/** The book with a chapter that is not there. */
function withChapter(text: string): Tangler {
  const disk = nodeFileSystem(TOP);
  const fs: FileSystem = {
    ...disk,
    read: (path) => (path === PATCH ? text : disk.read(path)),
    list: (folder) => (folder === tangleConfig.docs ? [...disk.list(folder), PATCH].sort() : disk.list(folder)),
    write: (path, written) => {
      // What the build knows of the chapters stays as it is.
      if (path.startsWith(`${OUT}/`) || !path.startsWith('.tangled/cache/')) disk.write(path, written);
    },
  };
  return new Tangler(fs, tangleConfig);
}

async function check(text: string): Promise<{ problems: string[]; findings: Finding[]; paths: string[] }> {
  const { problems, index } = await withChapter(text).tangle({ with: ['M:990'], out: OUT, force: true });
  const indexes = new Map([
    ['.tangled', index],
    [OUT, index],
  ]);
  const variant = { folder: OUT, importPrefix: tangleConfig.importPrefix, entries: ['src/weave/lguest.ts'] };
  const findings = typeCheck(TOP, indexes, '.tangled/cache/types-made-up.tsbuildinfo', 'scripts/lib/tsconfig.core.json', variant);
  return { problems: problems.map(({ message }) => message), findings, paths: index.files.map(({ path }) => path) };
}

const remove = (): void => rmSync(join(TOP, OUT), { recursive: true, force: true });
beforeAll(remove);
afterAll(remove);

test('what a patch brings is in its variant only', async () => {
  const tangler = withChapter(chapter('delta'));
  const alone = await tangler.weave();
  expect(alone.problems).toEqual([]);
  expect(alone.plain.has('host/made_up.ts')).toBe(false);
  const { plain } = await tangler.weave({ with: ['M:990'], out: OUT });
  expect(plain.get('host/made_up.ts')).toContain('late = (cpu');
  expect(plain.get('host/interrupts_and_traps.ts')).toContain("import { late } from '#tangled/host/made_up.ts';");
  expect(plain.get('host/interrupts_and_traps.ts')).not.toContain('A new wish replaces the old');
});

test('it is type-checked as itself, at the lines of the chapter', async () => {
  const wrong = await check(chapter('cpu.lg.nowhere + delta').replace('late(cpu, delta)', 'late(delta)'));
  expect(wrong.problems).toEqual([]);
  expect(wrong.findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
    'docs/mastery/made_up.mdx:8 TS2554',
    'docs/mastery/made_up.mdx:15 TS2339',
  ]);
  const right = await check(chapter('delta * 3 + cpu.id'));
  expect(right).toMatchObject({ problems: [], findings: [] });
  expect(right.paths).toContain('host/made_up.ts');
});

test('it is bundled, and a Guest notices', async () => {
  expect((await check(chapter('delta * 3 + cpu.id'))).findings).toEqual([]);
  const path = join(dirname(BASE_BUNDLE_PATH), 'made_up.mjs');
  await bundleVariant(path, undefined, join(TOP, OUT));
  const variant = await loadProgram(path);
  const scene = sceneBundles().find(({ name }) => name === 'interrupts') as SceneBundle;
  const run = (which: LguestProgram): { console: string; lines: Set<string>; hash: string } => {
    const world = base.World.fromScene(scene, { program: which });
    world.run(scene.scene.instructions);
    return {
      console: world.takeConsole(),
      lines: new Set(world.takeLineHits().map(({ source, line }) => `${source}:${line}`)),
      hash: world.stateHash(),
    };
  };
  const [ours, theirs] = [run(program), run(variant)];
  expect(ours.console).not.toBe('');
  expect(theirs.console).not.toBe('');
  expect(theirs.hash).not.toBe(ours.hash);
  expect([...theirs.lines].filter((line) => line.startsWith(PATCH)).sort()).toEqual([`${PATCH}:7`, `${PATCH}:8`]);
  expect([...ours.lines].some((line) => line.startsWith(PATCH))).toBe(false);
});
