/** Searching among events. */
import { expect, test } from 'vitest';
import type { ListedEvent } from './protocol.ts';
import { matchesEvent, parseEventQuery } from './event_search.ts';

const EVENTS: readonly ListedEvent[] = [
  {
    seq: 0,
    at: 10,
    kind: 'trap',
    world: 'guest-kernel',
    guest: 0,
    text: 'page fault at 0xc0100000, address 0x00200000, error 2',
    error: 2,
    vector: 14,
  },
  { seq: 1, at: 10, kind: 'fault', world: 'host', guest: 0, text: 'page fault at 0x00200000 mended; the Guest never knows', error: 2 },
  {
    seq: 2,
    at: 20,
    kind: 'trap',
    world: 'guest-user',
    guest: 0,
    text: 'page fault at 0x0804800c, address 0x0020c000, error 5',
    error: 5,
    vector: 14,
  },
  { seq: 3, at: 30, kind: 'hypercall', world: 'host', guest: 0, text: 'SET_PTE(1, 2, 3)' },
  { seq: 4, at: 40, kind: 'trap', world: 'guest-user', guest: 0, text: 'system call at 0x08048010', error: 0, vector: 128 },
];

test.each([
  ['', [0, 1, 2, 3, 4]],
  ['fault', [0, 1, 2]],
  ['Fault -mended', [0, 2]],
  ['error=2', [0, 1]],
  ['error:0x5', [2]],
  ['error=2 error=5 trap', [0, 2]],
  ['vector=14', [0, 2]],
  ['vector=0x80', [4]],
  ['set_pte', [3]],
  ['error=9', []],
  ['trap error', [0, 2]],
  ['-', []],
])('“%s” finds %j', (text, found) => {
  const query = parseEventQuery(text);
  expect(EVENTS.filter((event) => matchesEvent(query, event)).map(({ seq }) => seq)).toEqual(found);
});
