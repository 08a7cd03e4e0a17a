/** What a project may tell the tangler about itself. */
import type { TangleConfig } from './types.ts';

/** @throws Error with a sentence, when a configuration cannot be right. */
export function checkConfig({ docs, out, parts, anywhere }: TangleConfig): void {
  const letters = parts.map(({ letter }) => letter);
  const paths = [docs, out, ...parts.map(({ folder }) => folder)];
  const say = (values: readonly string[], sentence: (value: string) => string): string[] => values.map(sentence);
  const [wrong] = [
    ...say(
      paths.filter((path) => !isPlain(path)),
      (path) => `${JSON.stringify(path)} is not a plain path below the project's root`,
    ),
    ...say(isApart(docs, out) ? [] : [out], () => `what is extracted to ${out} would lie among the chapters in ${docs}`),
    ...say(
      letters.filter((letter) => !/^[A-Z]$/.test(letter)),
      (letter) => `the letter of a part is one of A to Z, not ${JSON.stringify(letter)}`,
    ),
    ...say(
      letters.filter((letter, index) => letters.indexOf(letter) !== index),
      (letter) => `two parts have the letter ${letter}`,
    ),
    ...say(
      anywhere.filter((letter) => !letters.includes(letter)),
      (letter) => `no part has the letter ${letter}`,
    ),
  ];
  if (wrong !== undefined) throw new Error(`tangle: ${wrong}`);
}

/** Whether a path stays below the folder it starts from. */
export function isPlain(path: string): boolean {
  return !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Whether neither of two folders lies in the other. */
export function isApart(a: string, b: string): boolean {
  return !`${a}/`.startsWith(`${b}/`) && !`${b}/`.startsWith(`${a}/`);
}
