/** The judge of exercises: the same in the page's worker and in the tests. */
import type { brokenPromises, findOut, judge, LinePosition, LguestProgram, runScene, SceneBundle } from '#world';
import type { Edits, Weaver, WovenProblem, Woven } from '#weave';
import { changed } from '../edit/broken.ts';
import type { ChangeTask, FindTask, Graded, LineName } from './exercise.ts';

/** What it takes. */
export interface Court {
  readonly weaver: Weaver;
  readonly world: {
    readonly brokenPromises: typeof brokenPromises;
    readonly findOut: typeof findOut;
    readonly judge: typeof judge;
    readonly runScene: typeof runScene;
  };
  /** A scene, as the build made it. */
  readonly scene: (name: string) => Promise<SceneBundle>;
}

/** Tries a reader's edits. */
export async function grade({ scene, wants, keeps = [], tries = [] }: ChangeTask, edits: Edits, court: Court): Promise<Graded> {
  const { weaver, world } = court;
  const given = changed(tries, (chunk) => weaver.textOf(chunk));
  if (given === null) throw new Error('the test does not fit this book');
  let printed: string | null = null;
  const first = await attempt(scene, { ...edits, ...given }, court, (program, bundle) => {
    const { faults, console } = world.judge(program, bundle, wants);
    printed = console;
    return faults.map((fault) => `The Guest ${fault}`);
  });
  const faults = [...first];
  for (const other of first.length > 0 ? [] : keeps) {
    faults.push(
      ...(await attempt(other, edits, court, (program, bundle) =>
        world
          .brokenPromises(bundle.scene, world.runScene(program, bundle))
          .map((fault) => `But another Guest, “${bundle.scene.title}”, ${fault}`),
      )),
    );
  }
  return { faults, console: printed };
}

/** Runs a scene on edits. What cannot be built, and what breaks, is a fault, too. */
async function attempt(
  name: string,
  edits: Edits,
  { weaver, scene }: Court,
  run: (program: LguestProgram, bundle: SceneBundle) => string[],
): Promise<string[]> {
  const built = await scene(name);
  let woven: Woven | null = null;
  try {
    woven = weaver.weave(edits, built.patches?.split('+') ?? []);
    const program = woven.program();
    return run(program, woven.changesScenes ? woven.scene(built) : built);
  } catch (error) {
    const problems = error instanceof Error ? (error as { problems?: readonly WovenProblem[] }).problems : undefined;
    if (problems !== undefined) return problems.map((one) => `It cannot be built: ${toldAt(one)}`);
    if (woven === null) throw error;
    return [`It breaks: ${toldAt(woven.problemOf(error))}`];
  }
}

function toldAt({ chunk, at, chapter, line, message }: WovenProblem): string {
  if (chunk !== null) return at > 0 ? `${chunk}, line ${at}: ${message}` : `${chunk}: ${message}`;
  return chapter === '' ? message : `${chapter}, line ${line}: ${message}`;
}

/** What is to be found out: the book's own Guest is run for it. */
export async function answerTo({ scene, sought }: FindTask, { weaver, world, scene: get }: Court): Promise<number | string> {
  const place = ([chunk, line]: LineName): LinePosition => {
    const found = weaver.placeOf(chunk, line);
    if (found === null) throw new Error(`${chunk} has no such line: ${line}`);
    return found;
  };
  const bundle = await get(scene);
  const program = weaver.weave({}, bundle.patches?.split('+') ?? []).program();
  const found = world.findOut(
    program,
    bundle,
    'hits' in sought ? { hits: place(sought.hits) } : 'before' in sought ? { ...sought, before: place(sought.before) } : sought,
  );
  if (found === null) throw new Error('the Guest does not tell');
  return found;
}

/** Whether an answer is right. A number may be decimal or, with 0x, hexadecimal. */
export function isAnswer(given: string, answer: number | string): boolean {
  const word = given.trim().toLowerCase();
  if (typeof answer === 'string' && word === answer.trim().toLowerCase()) return true;
  const value = numberOf(word);
  if (value === null) return false;
  return value === (typeof answer === 'number' ? answer : numberOf(answer.trim().toLowerCase()));
}

function numberOf(word: string): number | null {
  const plain = word.replace(/[\s,_']/g, '');
  return /^(?:0x[0-9a-f]+|\d+)$/.test(plain) ? Number(plain) : null;
}
