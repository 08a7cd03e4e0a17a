import { expect, it } from 'vitest';
import { gnuAnswers, hasGnuAs, missingTools, ourAnswers, type Answer } from './gnu_as.ts';

/**
 * Tests of lines at the edge of what can be said, one a row: `.byte -256 => 00 told`. Behind the arrow stand the bytes that GNU as makes of a line
 * (`refused`: none), and `told` where a warning says that they are not all of what was written. `more` is told by ours alone: GNU as cuts it in silence.
 */
export function edges(table: string): void {
  const rows = table
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '')
    .map((row) => {
      const [line, answer] = row.split(' => ');
      const [bytes, word = ''] = answer.split(' ');
      return { line, bytes: bytes === 'refused' ? null : bytes === 'nothing' ? '' : bytes, told: word !== '', theirs: word === 'told' };
    });
  const shown = ({ bytes, told }: Answer, line: string): string =>
    `${line} => ${bytes ?? 'refused'}${bytes !== null && told.length ? ' told' : ''}`;
  const wanted = (told: 'told' | 'theirs'): string[] =>
    rows.map((row) => `${row.line} => ${row.bytes ?? 'refused'}${row[told] ? ' told' : ''}`);
  const lines = rows.map(({ line }) => line);

  it('are as GNU as has them, and what is cut is told', () => {
    expect(ourAnswers(lines).map((answer, i) => shown(answer, lines[i]))).toEqual(wanted('told'));
  });

  it.skipIf(!hasGnuAs)(`are what GNU as says here ${missingTools}`, () => {
    expect(gnuAnswers(lines).map((answer, i) => shown(answer, lines[i]))).toEqual(wanted('theirs'));
  });
}

/** Around every power of two at which a field ends, with either sign. */
export const EDGE_VALUES: readonly bigint[] = [3, 7, 8, 15, 16, 31, 32, 63]
  .map((bits) => 2n ** BigInt(bits))
  .flatMap((edge) => [edge - 1n, edge, edge + 1n, 1n - edge, -edge, -1n - edge])
  .concat(0x80n, 0xffn, 0xff7fn, 0xff80n, 0xffff7fn, 0xffffff7fn, 0xffffff80n, 0xffff8000n)
  .filter((value) => value >= -(2n ** 63n));

/** Lines of which ours makes other bytes than GNU as, or tells nothing where GNU as does. */
export function disagreements(lines: readonly string[]): string[] {
  const theirs = gnuAnswers(lines);
  return ourAnswers(lines).flatMap(({ bytes, told }, i) => {
    const silent = told.length === 0 && theirs[i].told.length > 0;
    return bytes === theirs[i].bytes && !silent
      ? []
      : [`${lines[i]}: ${theirs[i].bytes} ${theirs[i].told.join()}, ours ${bytes} ${told.join()}`];
  });
}
