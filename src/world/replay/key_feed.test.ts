import { expect, test } from 'vitest';
import type { OutsideInput } from '#hostos';
import { KeyFeed } from './key_feed.ts';

/** What goes into the world, in short: a number of bytes, + for more to come, ! for the end. */
function show(input: OutsideInput): string {
  if (input.kind === 'keys') return `${input.bytes.length}${input.more ? '+' : ''}`;
  return input.kind === 'end-of-keys' ? '!' : input.kind;
}

/** `5`: so many bytes are typed; `?`: the terminal asks; `!`: the end; `x`: given up. */
test.each<[string, string]>([
  ['5', '5'],
  ['5 6', '5 6'],
  ['2048', '2048'],
  ['2049', '2048+'],
  ['2049 ?', '2048+ 1'],
  ['2049 5 ?', '2048+ 6'],
  ['5000 ! ? ?', '2048+ 2048+ 904 !'],
  ['5 !', '5 !'],
  ['!', '!'],
  ['5000 ? x 5', '2048+ 2048+ 5'],
  ['?', ''],
])('%s gives %s', (deeds, given) => {
  const got: OutsideInput[] = [];
  const feed = new KeyFeed((input) => got.push(input));
  let next = 0;
  for (const deed of deeds.split(' ')) {
    if (deed === '?') feed.more(0);
    else if (deed === '!') feed.end(0);
    else if (deed === 'x') feed.clear();
    else
      feed.type(
        0,
        Uint8Array.from({ length: Number(deed) }, () => next++ & 0xff),
      );
  }
  expect(got.map(show).join(' ')).toBe(given);
  if (deeds.includes('x')) return;
  const bytes = got.flatMap((input) => (input.kind === 'keys' ? [...input.bytes] : []));
  expect(bytes).toEqual(bytes.map((_, i) => i & 0xff));
});
