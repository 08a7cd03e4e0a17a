/** Why a Guest could not be built, in a plain sentence without its full stop. */
import { wordsOfThrown } from '#world';

/** Something went wrong in a way that we have words for. */
export class Mishap extends Error {}

/** Fetches a file of the site as JSON. @param what “the scene” */
export async function fetchJson(url: string, what: string, get: typeof fetch = fetch): Promise<unknown> {
  const response = await get(url).catch(() => {
    throw new Mishap(`${what} could not be fetched: you may be offline`);
  });
  if (!response.ok) {
    throw new Mishap(
      `${what} is not there (${response.status}): this book may have been published anew since you opened the page; load it again`,
    );
  }
  return response.json().catch(() => {
    throw new Mishap(`${what} came damaged, or is something else`);
  });
}

/** Puts an error into words. */
export function reasonOf(error: unknown): string {
  const message = (error instanceof Error ? String(error.message) : wordsOfThrown(error)).trim().replace(/\.+$/, '');
  if (/dynamically imported module|Importing a module script failed/i.test(message))
    return 'its program could not be fetched: you may be offline, or this book was published anew since you opened the page; then load it again';
  if (/Web ?Assembly|\bwasm\b/i.test(message)) {
    if (/content security|\bCSP\b|unsafe-eval/i.test(message))
      return 'the server of this site forbids WebAssembly, of which the processor is made (its Content-Security-Policy lacks ‘wasm-unsafe-eval’)';
    if (/not defined|find variable|undefined/i.test(message))
      return 'this browser has WebAssembly switched off, and the processor is made of it';
  }
  return message === '' ? 'nobody knows why' : message;
}
