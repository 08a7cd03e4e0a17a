/** The page's side of the checker: started with the first editor. */
import type { ChangeTask, FindTask, Graded } from '../exercises/exercise.ts';
import type { Edits, WovenProblem } from '../protocol.ts';
import type { Answer, Question, ToldParting } from '../edit_protocol.ts';

/** An edit may be checked for so many milliseconds: what it runs when it is loaded may go round for ever. */
const LONGEST = 15_000;
/** What is run to its end, or fetched first, may take longer. */
const LONGEST_RUN = 60_000;

type Without<Each> = Each extends Question ? Omit<Each, 'id'> : never;
type Asked = Without<Question>;

/** A worker that answers questions, started with the first. */
class Expert {
  #worker: Worker | null = null;
  /** Who waits for an answer, by the question's number. */
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  ask(url: string, question: Asked, longest: number): Promise<Answer> {
    if (this.#worker === null) {
      this.#worker = new Worker(url, { type: 'module' });
      this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        this.#waiting.get(data.id)?.(data);
        this.#waiting.delete(data.id);
      };
      this.#worker.onerror = () => this.#end('the checker could not be fetched');
    }
    const id = ++this.#last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#end('this takes too long'), longest);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      this.#worker?.postMessage({ ...question, id } satisfies Question);
    });
  }

  /** Nobody answers any more; the next question starts another worker. */
  #end(message: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    const left = [...this.#waiting];
    this.#waiting.clear();
    for (const [id, tell] of left) tell({ id, type: 'failed', message });
  }
}

/** One for all: a page has one that is quick to answer, */
const checker = new Expert();
/** One for all: and one that is thorough, and may think while the other answers. */
const thorough = new Expert();

const ask = (url: string, question: Asked, longest = LONGEST): Promise<Answer> => checker.ask(url, question, longest);

/** What is wrong with edits, as far as it concerns a chunk; a sentence where that cannot be told. */
export async function checkEdits(url: string, edits: Edits, chunk: string): Promise<readonly WovenProblem[] | string> {
  const answer = await ask(url, { type: 'check', edits, chunk });
  return answer.type === 'check' ? answer.problems : answer.type === 'failed' ? answer.message : [];
}

/** What TypeScript's own checker says of edits, as far as it concerns a chunk; a sentence where that cannot be told. */
export async function checkTypes(url: string, edits: Edits, chunk: string): Promise<readonly WovenProblem[] | string> {
  const answer = await thorough.ask(url, { type: 'types', edits, chunk }, LONGEST_RUN);
  return answer.type === 'types' ? answer.problems : answer.type === 'failed' ? answer.message : [];
}

/** Edits as a patch. @throws Error when it cannot be made */
export async function patchOfEdits(url: string, edits: Edits): Promise<string> {
  const answer = await ask(url, { type: 'patch', edits });
  if (answer.type !== 'patch') throw new Error(answer.type === 'failed' ? answer.message : 'no patch');
  return answer.text;
}

/** Whether edits do what an exercise wants; a sentence where that cannot be told. */
export async function gradeEdits(url: string, task: ChangeTask, edits: Edits): Promise<Graded | string> {
  const answer = await ask(url, { type: 'grade', task, edits }, LONGEST_RUN);
  return answer.type === 'grade' ? answer.graded : answer.type === 'failed' ? answer.message : 'it does not answer';
}

/** Where a scene's run on edits parts from the book's; null: nowhere; a sentence where that cannot be told. */
export async function partingOf(url: string, scene: string, edits: Edits, inputs: readonly string[]): Promise<ToldParting | null | string> {
  const answer = await thorough.ask(url, { type: 'part', scene, edits, inputs }, LONGEST_RUN);
  return answer.type === 'part' ? answer.parting : answer.type === 'failed' ? answer.message : 'it does not answer';
}

/** Whether an answer is right, and which is; a sentence where that cannot be told. */
export async function gradeAnswer(url: string, task: FindTask, given: string): Promise<{ right: boolean; answer: string } | string> {
  const answer = await ask(url, { type: 'answer', task, given }, LONGEST_RUN);
  return answer.type === 'answer' ? answer : answer.type === 'failed' ? answer.message : 'it does not answer';
}
