/** Lines chosen before there is a Guest: marked, and the next that is booted stops there. */
import { afterEach, expect, test } from 'vitest';
import { markOf, offerStops, publishMarks, takeKeptStops, toggleStop } from './line_stops.ts';
import { withLines } from './breakpoints.ts';

const [here, there] = [7, 9].map((line) => ({ source: 'docs/a.mdx', line }));

afterEach(() => {
  offerStops(null);
  takeKeptStops();
  publishMarks([]);
});

test('they are marked, taken away by another click, and handed over once', () => {
  for (const place of [here, there, here]) toggleStop(place);
  expect([markOf(here), markOf(there)]).toEqual([undefined, 'stop']);
  expect(takeKeptStops()).toEqual([there]);
  expect(takeKeptStops()).toEqual([]);
});

test('while a Guest is at work they are its affair', () => {
  const heard: number[] = [];
  offerStops(({ line }) => heard.push(line));
  toggleStop(here);
  expect([heard, takeKeptStops()]).toEqual([[7], []]);
});

test('a Guest that has one there already keeps the one', () => {
  const once = withLines([], [here]);
  expect(withLines(once, [here, there]).map((one) => one.kind === 'line' && one.place.line)).toEqual([7, 9]);
});
