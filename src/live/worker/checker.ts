/** A worker beside the Guest's: looks edits over while somebody types, makes patches of them, and judges exercises. Bundled on its own. */
import { brokenPromises, findOut, judge, namesOf, parseInput, parting, runScene } from '#world';
import type { Answer, Question, ToldParting } from '../edit_protocol.ts';
import { answerTo, grade, isAnswer } from '../exercises/grade.ts';
import type { Court } from '../exercises/grade.ts';
import { beside } from './beside.ts';
import { Editing } from './editing.ts';
import { textOfEvent } from './event_text.ts';
import { fetched } from './fetched_scenes.ts';
import type { FetchedScene } from './fetched_scenes.ts';
import { fetchJson, reasonOf } from './reason.ts';
import { TypeChecker } from './type_checker.ts';
import type { Declarations } from './type_checker.ts';

/** The part of a worker's global scope used here; the DOM's types do not know it. */
interface WorkerScope {
  postMessage(answer: Answer): void;
  onmessage: ((message: { data: Question }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
/** One for all: a page has one checker. */
const editing = new Editing();

/** A scene, as it lies beside us. */
function sceneOf(name: string): Promise<FetchedScene> {
  return fetched(beside(`scenes/${name}.json`));
}

/** Runs a scene on the book's code and on edits, both from the beginning. Without an end of its own it is followed for so many instructions. */
const FOLLOWED = 20_000_000;

async function partingOf({ scene, edits, inputs }: Extract<Question, { readonly type: 'part' }>): Promise<ToldParting | null> {
  const bundle = await sceneOf(scene);
  const { weaver } = await editing.get();
  const patches = bundle.patches?.split('+') ?? [];
  const woven = weaver.weave(edits, patches);
  const book = weaver.weave({}, patches);
  const { isUnwoven = false } = bundle;
  const parties = [
    { program: book.program(), bundle: isUnwoven ? book.scene(bundle) : bundle },
    { program: woven.program(), bundle: woven.changesScenes || isUnwoven ? woven.scene(bundle) : bundle },
  ] as const;
  const found = parting(parties, inputs.map(parseInput), FOLLOWED);
  if (found === null) return null;
  const [first, second] = found.events.map((event, n) => event && textOfEvent(event, namesOf(parties[n].program)));
  return { shared: found.shared, at: (found.events[1] ?? found.events[0])?.at ?? 0, book: first, edited: second };
}

/** TypeScript and what it needs, fetched when the first question about types comes. One for all: a page has one checker. */
let types: Promise<TypeChecker> | null = null;

async function typeChecker(): Promise<TypeChecker> {
  const [{ weaver }, { default: ts }, declarations] = await Promise.all([
    editing.get(),
    import(beside('typescript.js')) as Promise<{ default: ConstructorParameters<typeof TypeChecker>[0] }>,
    fetchJson(beside('types.json'), 'what TypeScript must know') as Promise<Declarations>,
  ]);
  return new TypeChecker(ts, declarations, weaver);
}

async function answer(question: Question): Promise<Answer> {
  const { id, type } = question;
  const { weaver } = await editing.get();
  const court: Court = { weaver, world: { brokenPromises, findOut, judge, runScene }, scene: sceneOf };
  switch (type) {
    case 'patch':
      return { id, type, text: weaver.patch(question.edits) };
    case 'check':
      return { id, type, problems: weaver.check(question.edits, question.chunk) };
    case 'types':
      types ??= typeChecker().catch((error: unknown) => {
        // The next one may try again.
        types = null;
        throw error;
      });
      return { id, type, problems: (await types).check(question.edits, question.chunk) };
    case 'part':
      return { id, type, parting: await partingOf(question) };
    case 'grade':
      return { id, type, graded: await grade(question.task, question.edits, court) };
    case 'answer': {
      const found = await answerTo(question.task, court);
      return { id, type, right: isAnswer(question.given, found), answer: String(found) };
    }
  }
}

scope.onmessage = ({ data }) => {
  answer(data)
    .catch((error: unknown): Answer => ({ id: data.id, type: 'failed', message: reasonOf(error) }))
    .then((told) => scope.postMessage(told))
    .catch(() => undefined);
};
