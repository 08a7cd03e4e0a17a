import { expect, it } from 'vitest';
import { markerClass } from './marker_class.ts';

const MILESTONES = ' P:010 H:340 ';

it.each([
  ['H:340', 'marker'],
  ['H:340.flags', 'marker'],
  ['P:010', 'marker'],
  ['P:001', 'marker marker--own'],
  ['P:001.scene', 'marker marker--own'],
  ['H:34', 'marker marker--own'],
])('%s: %s', (id, dress) => expect(markerClass(id, MILESTONES)).toBe(dress));
