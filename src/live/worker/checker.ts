/** A worker beside the Guest's: looks edits over while somebody types, and makes patches of them. Bundled on its own. */
import type { Answer, Question } from '../edit_protocol.ts';
import { Editing } from './editing.ts';
import { reasonOf } from './reason.ts';

/** The part of a worker's global scope used here; the DOM's types do not know it. */
interface WorkerScope {
  postMessage(answer: Answer): void;
  onmessage: ((message: { data: Question }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
/** One for all: a page has one checker. */
const editing = new Editing();

async function answer(question: Question): Promise<Answer> {
  const { id, type, edits } = question;
  const { weaver } = await editing.get();
  if (type === 'patch') return { id, type, text: weaver.patch(edits) };
  return { id, type, problems: weaver.check(edits, question.chunk) };
}

scope.onmessage = ({ data }) => {
  answer(data)
    .catch((error: unknown): Answer => ({ id: data.id, type: 'failed', message: reasonOf(error) }))
    .then((told) => scope.postMessage(told))
    .catch(() => undefined);
};
