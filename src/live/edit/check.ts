/** The page's side of the checker: started with the first editor. */
import type { ChangeTask, FindTask, Graded } from '../exercises/exercise.ts';
import type { Edits, WovenProblem } from '../protocol.ts';
import type { Answer, Question } from '../edit_protocol.ts';

/** One for all: a page has one. */
let worker: Worker | null = null;
/** One for all: who waits for an answer, by the question's number. */
const waiting = new Map<number, (answer: Answer) => void>();
/** One for all: numbers of questions. */
let last = 0;

/** An edit may be checked for so many milliseconds: what it runs when it is loaded may go round for ever. */
const LONGEST = 15_000;

/** What is run to its end may take longer. */
const LONGEST_RUN = 60_000;

type Without<Each> = Each extends Question ? Omit<Each, 'id'> : never;

function ask(url: string, question: Without<Question>, longest = LONGEST): Promise<Answer> {
  if (worker === null) {
    worker = new Worker(url, { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      waiting.get(data.id)?.(data);
      waiting.delete(data.id);
    };
    worker.onerror = () => end('the checker could not be fetched');
  }
  const id = ++last;
  return new Promise((resolve) => {
    const timer = setTimeout(() => end('this takes too long'), longest);
    waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    worker?.postMessage({ ...question, id } satisfies Question);
  });
}

/** Nobody answers any more; the next question starts another worker. */
function end(message: string): void {
  worker?.terminate();
  worker = null;
  for (const [id, tell] of waiting) tell({ id, type: 'failed', message });
  waiting.clear();
}

/** What is wrong with edits, as far as it concerns a chunk; a sentence where that cannot be told. */
export async function checkEdits(url: string, edits: Edits, chunk: string): Promise<readonly WovenProblem[] | string> {
  const answer = await ask(url, { type: 'check', edits, chunk });
  return answer.type === 'check' ? answer.problems : answer.type === 'failed' ? answer.message : [];
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

/** Whether an answer is right, and which is; a sentence where that cannot be told. */
export async function gradeAnswer(url: string, task: FindTask, given: string): Promise<{ right: boolean; answer: string } | string> {
  const answer = await ask(url, { type: 'answer', task, given }, LONGEST_RUN);
  return answer.type === 'answer' ? answer : answer.type === 'failed' ? answer.message : 'it does not answer';
}
