import { expect, it } from 'vitest';
import { describe } from './describe.ts';
import { ASLEEP } from './state.ts';
import type { SessionView } from './state.ts';

const exited: SessionView = { ...ASLEEP, open: true, phase: 'exited', instructions: 1234 };

it.each<[string, Partial<SessionView>, string]>([
  ['a power-off', { ends: [{ guest: 0, at: 9, reason: null, status: 0, last: null }] }, 'The Guest powered off after 1,234 instructions.'],
  [
    'a shutdown',
    { ends: [{ guest: 0, at: 9, reason: 'CRASH: Bye', status: 0, last: null }] },
    'The Guest shut itself down after 1,234 instructions: “Bye”.',
  ],
  [
    'a death',
    { status: 1, ends: [{ guest: 0, at: 9, reason: 'bad address 0x5', status: 1, last: null }] },
    'The Host ended this Guest after 1,234 instructions: bad address 0x5.',
  ],
  [
    'a wrong command',
    { status: 1, ends: [{ guest: 0, at: 9, reason: null, status: 1, last: null }] },
    'The Launcher gave up after 1,234 instructions, status 1.',
  ],
  [
    'several, each in its way',
    {
      status: 1,
      terminals: 4,
      ends: [
        { guest: 1, at: 3, reason: null, status: 1, last: null },
        { guest: 0, at: 5, reason: 'bad address 0x5', status: 1, last: null },
        { guest: 3, at: 7, reason: 'CRASH: Bye', status: 0, last: null },
        { guest: 2, at: 9, reason: null, status: 0, last: null },
      ],
    },
    'All 4 Guests have come to an end after 1,234 instructions: 2 shut down, 1 ended by the Host, 1 given up by the Launcher.',
  ],
])('%s is told truly', (_what, view, sentence) => {
  expect(describe({ ...exited, ...view })).toBe(sentence);
});

it.each<[string, Partial<SessionView>, string]>([
  ['at the beginning', { atBeginning: true }, 'Stopped before the Guest’s first instruction.'],
  ['there, on the bare machine', { atBeginning: true, instructions: 0, bare: true }, 'Stopped before the first instruction.'],
  ['before the Launcher’s first line', { midway: true, world: 'launcher' }, 'Paused after 21 instructions. The Launcher is at work.'],
  ['later', { instructions: 22, world: 'switcher' }, 'Paused after 22 instructions. The processor is in the Switcher.'],
])('who stands %s is told so', (_where, view, sentence) => {
  expect(describe({ ...ASLEEP, open: true, phase: 'paused', instructions: 21, world: 'host', ...view })).toBe(sentence);
});

it('a Host that broke is told with its reason', () => {
  const panicked = { phase: 'panicked', instructions: 50, message: 'triple fault' } as const;
  expect(describe({ ...ASLEEP, open: true, ...panicked })).toBe('The Host itself broke after 50 instructions: triple fault.');
});

const searching: SessionView = { ...ASLEEP, open: true, phase: 'running', instructions: 1000, searchedFrom: 1000 };

it.each<[Partial<SessionView>, string]>([
  [{ search: 'event' }, 'Looking for the next event…'],
  [{ search: 'event', instructions: 51_000 }, 'Looking for the next event: 50,000 instructions on. Stop (p) to stay there.'],
  [{ search: 'line', instructions: 1001 }, 'Running to that line: 1 instruction on. Stop (p) to stay there.'],
  [
    { search: 'line-before', searched: 0.255 },
    'Looking for when that line last ran: 25 % of the run’s past, from its end, have been searched. Stop (p) to stay where you were.',
  ],
  [{ search: 'moment', searched: 0.5 }, 'Going there: 50 % of the way are run again. Stop (p) to stay where you were.'],
  [{ search: 'back', phase: 'paused' }, 'Going back…'],
])('a search %o says what is searched, and how to stop it', (view, sentence) => {
  expect(describe({ ...searching, ...view })).toBe(sentence);
});

const problem = { chapter: 'host/interrupts', line: 40, chunk: 'H:200', at: 7, column: 1, length: 0, message: 'null was thrown' };
const end = 'The page is well, and so is the book.';

it.each<[Partial<SessionView>, string]>([
  [{ edited: ['H:200'], problems: [problem] }, `Your edit broke it: H:200, line 7 of your text: null was thrown. ${end}`],
  [
    { edited: ['H:200'], problems: [problem], brought: 'link' },
    `What the link brought broke it: H:200, line 7 of its text: null was thrown. ${end}`,
  ],
  [{ edited: ['H:200'], message: 'it says too much', brought: 'file' }, `What the file brought broke it: it says too much. ${end}`],
  [{ message: 'you may be offline' }, 'This Guest cannot run here: you may be offline.'],
])('what broke is told as whose it is: %o', (view, sentence) => {
  expect(describe({ ...ASLEEP, open: true, phase: 'failed', ...view })).toBe(sentence);
});
