/** What code has thrown, in words: a reader's may throw anything. */
import { showValue } from './views/locals.ts';

/** Without its full stop. */
export function wordsOfThrown(value: unknown): string {
  try {
    if (!(value instanceof Error)) return `${typeof value === 'number' ? value : showValue(value).text} was thrown`;
    const [name, message] = [String(value.name), String(value.message)];
    if (message === '') return `${name} was thrown, without a message`;
    return name === 'Error' ? message : `${name}: ${message}`;
  } catch {
    return 'something was thrown that cannot even be looked at';
  }
}
