import { expect, test } from 'vitest';
import { stackAt, stackedName } from './stacks.ts';

test.each([
  [['M:003'], 'mastery_same+M-003', 'M:003'],
  [['M:003', 'M:014', 'M:999'], 'mastery_same+M-003+M-014+M-999', 'M:003+M:014+M:999'],
])('a scene under %j is called %s', (patches, name, together) => {
  expect(stackedName('mastery_same', patches)).toBe(name);
  expect(stackAt(`https://a.test/live/scenes/${name}.json`)).toEqual({
    url: 'https://a.test/live/scenes/mastery_same.json',
    patches: together,
  });
});

test.each(['mastery_same', 'mastery_same.M-003', 'mastery_same.M-003+M-014', 'mastery_same+', 'mastery_same+M-3', '+M-003'])(
  '%s is none that a reader has put together',
  (name) => expect(stackAt(`https://a.test/live/scenes/${name}.json`)).toBeNull(),
);
