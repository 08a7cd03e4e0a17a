import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

const card = { width: 300, height: 80 };

test.each([
  ['above its word', { left: 100, top: 400, bottom: 420 }, 1280, { left: 100, top: 312 }],
  ['below, where the head of the page would cover it', { left: 100, top: 120, bottom: 140 }, 1280, { left: 100, top: 148 }],
  ['not over the right edge', { left: 1200, top: 400, bottom: 420 }, 1280, { left: 972, top: 312 }],
  ['not over the left edge', { left: 0, top: 400, bottom: 420 }, 320, { left: 8, top: 312 }],
])('%s', (_, word, width, place) => expect(placeOf(word, card, width, 60)).toEqual(place));
