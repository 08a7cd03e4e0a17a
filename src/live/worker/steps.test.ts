/** Steps over what is called, out of it and to another block, both ways: in the Guest’s machine code and in the Host’s TypeScript. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { base, loadDebugBuild, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { LguestProgram, World } from '#world';
import type { ChunkRange, Progress, Stride } from '../protocol.ts';
import { Runner } from './runner.ts';
import { takeStep } from './steps.ts';
import { goToLine } from './ways.ts';

let debug: LguestProgram;
beforeAll(async () => {
  debug = await loadDebugBuild();
});

const SOURCE = 'docs/host/page_tables.mdx';
const FIRST = readFileSync(`${TOP}/${SOURCE}`, 'utf8').split('\n').indexOf('  const write = (errcode & 2) !== 0;') + 1;

interface Walker {
  /** On to just before an instruction of the Guest's that begins so. */
  readonly to: (what: RegExp) => void;
  /** From a call of the Guest's into what it calls, be there page faults on the way or not. */
  readonly enter: () => void;
  /** On to just before the first line of `demandPage`. */
  readonly toDemandPage: () => void;
  readonly step: (stride: Stride, backwards?: boolean, chunk?: ChunkRange | null) => void;
  /** To a line of the chapter, by its number. */
  readonly toLine: (line: number, backwards?: boolean) => void;
  readonly world: () => World;
  readonly text: () => string;
  readonly last: () => Progress;
}

function walk(scene: string): Walker {
  const bundle = sceneBundles().find(({ name }) => name === scene)!;
  let world: World | undefined;
  let last: Progress | undefined;
  const runner = new Runner(
    (onEvent) => (world = base.World.fromScene(bundle, { program, onEvent, keepEvents: false })),
    (report) => {
      if (report.type === 'progress') last = report;
    },
    { names: base.namesOf(program) },
  );
  world?.study(debug);
  const settle = (): void => {
    while (runner.running) runner.slice(() => performance.now());
  };
  const step: Walker['step'] = (stride, backwards = false, chunk = null) => {
    takeStep(runner, { stride, backwards, chunk, fresh: () => undefined });
    settle();
  };
  const text = (): string =>
    world?.midway == null ? (world?.look(['next']).next?.code[0]?.text ?? '') : (world.look(['locals']).locals?.[0]?.name ?? '');
  return {
    to: (what) => {
      for (let n = 0; n === 0 || world?.worldName !== 'guest-kernel' || !what.test(text()); n++) {
        if (n > 5000) throw new Error(`never ${what}`);
        runner.step(1);
      }
    },
    enter: () => {
      const [call, behind] = world!.look(['next']).next!.code;
      const inside = (): boolean => {
        const at = world!.look(['next']).next!.address;
        return world!.worldName === 'guest-kernel' && at !== call.address && at !== behind.address;
      };
      while (!inside()) runner.step(1);
    },
    toDemandPage: () => {
      runner.toLine({ source: SOURCE, line: FIRST }, false, () => undefined);
      settle();
    },
    step,
    toLine: (line, backwards = false) => {
      goToLine(runner, { source: SOURCE, line }, backwards, () => undefined);
      settle();
    },
    world: () => world!,
    text,
    last: () => last!,
  };
}

const esp = (world: World): number => world.look(['registers']).registers!.esp;

test('over a call of the Guest’s: to behind it, with all that the Host does meanwhile', () => {
  const { to, step, world } = walk('lazy');
  to(/^call/);
  const [, behind] = world().look(['next']).next!.code;
  const stack = esp(world());
  step('over');
  expect(world().look(['next']).next?.address).toBe(behind.address);
  expect(esp(world())).toBe(stack);
});

test('out of a routine of the Guest’s: to behind the call that led there, not to the Host’s next line', () => {
  const { to, enter, step, world } = walk('lazy');
  to(/^call/);
  const [, behind] = world().look(['next']).next!.code;
  const stack = esp(world());
  enter();
  step('out');
  expect(world().midway).toBeNull();
  expect(world().look(['next']).next?.address).toBe(behind.address);
  expect(esp(world())).toBe(stack);
});

test('where the stack tells of no caller, that is said, and nothing moves', () => {
  const { to, step, world, last } = walk('introduction');
  to(/^rep movs/);
  const place = world().place();
  step('out');
  expect(last().remark).toContain('does not tell who called');
  expect(world().place()).toEqual(place);
});

test('back out of a routine of the Guest’s: to the call that led there', () => {
  const { to, enter, step, world } = walk('lazy');
  to(/^call/);
  const [call] = world().look(['next']).next!.code;
  const stack = esp(world());
  enter();
  step('out', true);
  expect(world().look(['next']).next?.address).toBe(call.address);
  expect(esp(world())).toBe(stack);
});

test('over a call of the Host’s stays in the function; out of it goes to the one that called; back likewise', () => {
  const { toDemandPage, step, world, text } = walk('page_tables');
  toDemandPage();
  const depth = world().look(['locals']).locals!.length;
  for (let n = 0; n < 4; n++) {
    step('over');
    expect(world().look(['locals']).locals!.length).toBeLessThanOrEqual(depth);
  }
  expect(text()).toBe('demandPage');
  step('out');
  expect(world().look(['locals']).locals!.length).toBeLessThan(depth);
  step('over', true);
  expect(world().midway).not.toBeNull();
});

test('to another block: the next line is of no line of this one, both ways', () => {
  const { toDemandPage, step, world } = walk('page_tables');
  toDemandPage();
  const { source, line } = world().currentLine()!;
  const chunk = { source, from: line - 1, to: line + 1 };
  const outside = (): boolean => {
    const now = world().currentLine();
    return now !== null && (now.source !== source || now.line < chunk.from || now.line > chunk.to);
  };
  step('chunk', false, chunk);
  expect(outside()).toBe(true);
  step('chunk', true, chunk);
  expect(outside()).toBe(true);
});

test('where all runs begin is told; one step on it is another place, and one back the same again', () => {
  const { step, last } = walk('page_tables');
  const places = [false, false, true, true].map((backwards) => {
    step('into', backwards);
    return [last().atBeginning, last().instructions];
  });
  const [, [, count]] = places;
  expect(count, 'the Host’s own').toBeGreaterThan(0);
  expect(places).toEqual([false, false, false, true].map((is) => [is, count]));
});

test.each([false, true])(
  'to a line that is no code (backwards: %s): nothing moves, and it is said why; to one that is, it goes',
  (backwards) => {
    const { toDemandPage, step, toLine, last, world } = walk('page_tables');
    toDemandPage();
    const { where } = last();
    // A comment above the function.
    toLine(FIRST - 2, backwards);
    expect(last().remark).toBe('Nothing runs in that line: neither this Guest nor its Host has code there.');
    expect(last().where).toEqual(where);
    step('over');
    toLine(FIRST, backwards);
    expect(last().remark).toBeUndefined();
    expect(world().currentLine()).toEqual({ source: SOURCE, line: FIRST });
  },
);
