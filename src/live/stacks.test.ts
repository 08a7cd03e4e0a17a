import { expect, test } from 'vitest';
import { sceneUnder, stackAt, titleUnder } from './stacks.ts';

test.each([
  [['M:003'], 'mastery_same+M-003', 'M:003'],
  [['M:003', 'M:014', 'M:999'], 'mastery_same+M-003+M-014+M-999', 'M:003+M:014+M:999'],
])('a scene under %j is called %s', (patches, name, together) => {
  expect(sceneUnder('mastery_same', patches)).toBe(name);
  expect(stackAt(`https://a.test/live/scenes/${name}.json`)).toEqual({
    url: 'https://a.test/live/scenes/mastery_same.json',
    patches: together,
  });
});

test.each(['mastery_same', 'mastery_same.M-003', 'mastery_same.M-003+M-014', 'mastery_same+', 'mastery_same+M-3', '+M-003'])(
  '%s is none that a reader has put together',
  (name) => expect(stackAt(`https://a.test/live/scenes/${name}.json`)).toBeNull(),
);

test.each([
  [[], undefined, 'scene', 'A Guest'],
  [['M:014'], undefined, 'scene+M-014', 'A Guest, with M:014'],
  [['M:014'], 'M:014', 'scene.M-014', 'A Guest, with M:014'],
  [['M:003', 'M:014'], 'M:014', 'scene+M-003+M-014', 'A Guest, with M:003 and M:014'],
  [['M:003', 'M:014'], 'M:003+M:014', 'scene.M-003+M-014', 'A Guest, with M:003 and M:014'],
  [['M:003', 'M:014', 'M:999'], 'M:014', 'scene+M-003+M-014+M-999', 'A Guest, with M:003, M:014 and M:999'],
  [['M:003', 'M:005', 'M:014', 'M:999'], 'M:014', 'scene+M-003+M-005+M-014+M-999', 'A Guest, with 4 patches'],
])('with %j inside, where the build has made %s, it is %s', (inside, built, scene, title) => {
  expect([sceneUnder('scene', inside, built), titleUnder('A Guest', inside)]).toEqual([scene, title]);
});
