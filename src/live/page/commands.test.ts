import { describe, expect, it } from 'vitest';
import { actionOf, ACTIONS, canDo, HELP_KEY, LINE_KEY, obey } from './commands.ts';
import type { Command } from './commands.ts';
import { ASLEEP } from './state.ts';
import type { Phase, SessionView } from './state.ts';

const standing = (phase: Phase, more: Partial<SessionView> = {}): SessionView => ({ ...ASLEEP, open: true, phase, rate: 200, ...more });
const BEFORE = 'toggle event-before back over-before out-before chunk-before instruction-before stop-before';
const PLACE = { source: 'docs/host/core.mdx', line: 7 };

describe('commands', () => {
  it.each<[Phase, Command, readonly object[], Partial<SessionView>]>([
    ['paused', { type: 'toggle' }, [{ type: 'run', pace: 200 }], { phase: 'running', eager: false }],
    ['idle', { type: 'toggle' }, [{ type: 'run', pace: 200 }], { phase: 'running' }],
    ['running', { type: 'toggle' }, [{ type: 'pause' }], { phase: 'running' }],
    ['exited', { type: 'toggle' }, [{ type: 'reset' }], { phase: 'exited', eager: true }],
    ['panicked', { type: 'toggle' }, [{ type: 'reset' }], { eager: true }],
    ['loading', { type: 'toggle' }, [], { phase: 'loading', eager: true }],
    ['failed', { type: 'toggle' }, [], { phase: 'failed', eager: false }],
    ['asleep', { type: 'step' }, [], { phase: 'asleep' }],
    ['running', { type: 'instruction' }, [{ type: 'step', instructions: 1 }], { eager: false }],
    ['exited', { type: 'instruction-before' }, [{ type: 'back', instructions: 1 }], { search: 'back' }],
    ['paused', { type: 'step' }, [{ type: 'stride', stride: 'into', backwards: false }], { search: 'step', byHand: true }],
    ['exited', { type: 'out-before' }, [{ type: 'stride', stride: 'out', backwards: true }], { search: 'back', byHand: true }],
    ['paused', { type: 'chunk' }, [{ type: 'stride', stride: 'chunk', backwards: false }], { search: 'step' }],
    ['paused', { type: 'event' }, [{ type: 'event' }], { search: 'event' }],
    ['loading', { type: 'event' }, [{ type: 'event' }], { search: null }],
    ['paused', { type: 'event-before' }, [{ type: 'back-to-event' }], { search: 'event-before' }],
    ['paused', { type: 'line', place: PLACE, backwards: false }, [{ type: 'line', place: PLACE, backwards: false }], { search: 'line' }],
    [
      'exited',
      { type: 'line', place: PLACE, backwards: true },
      [{ type: 'line', place: PLACE, backwards: true }],
      { search: 'line-before' },
    ],
    ['exited', { type: 'step' }, [], { phase: 'exited', search: null }],
    ['exited', { type: 'event' }, [], { search: null }],
    ['panicked', { type: 'instruction' }, [], { phase: 'panicked' }],
    ['idle', { type: 'step' }, [{ type: 'stride', stride: 'into', backwards: false }], { search: 'step' }],
    ['idle', { type: 'play' }, [{ type: 'play' }], { typist: false }],
    ['idle', { type: 'type', text: 'ä\n', tty: 1 }, [{ type: 'input', tty: 1, bytes: [0xc3, 0xa4, 10] }], {}],
    ['asleep', { type: 'pace', pace: 8 }, [], { pace: 8 }],
    ['failed', { type: 'retry' }, [], { phase: 'failed' }],
  ])('%s, %o: asks for %o', (phase, command, requests, changes) => {
    const done = obey(command, standing(phase, { typist: true }));
    expect(done.requests).toEqual(requests);
    expect(done.view).toMatchObject(changes);
  });

  it('a breakpoint that goes takes with it what was noted there: the next may have its number', () => {
    const [one, two] = [1, 2].map((id) => ({ id, on: true, kind: 'line', place: PLACE, note: 'vaddr' }) as const);
    const notes = Object.fromEntries([one, two].map(({ id, note }) => [id, { id, note, count: 0, hits: [], fault: null }]));
    const { view } = obey({ type: 'breakpoints', breakpoints: [one] }, standing('paused', { breakpoints: [one, two], notes }));
    expect([view.breakpoints, view.notes]).toEqual([[one], { 1: notes[1] }]);
  });

  it('have a key each, and no two the same', () => {
    const keys = [HELP_KEY, LINE_KEY, ...ACTIONS.flatMap((action) => action.keys)];
    expect(new Set(keys).size).toBe(keys.length);
    for (const action of ACTIONS) expect(actionOf(action.keys[0])).toBe(action);
    expect(actionOf('x')).toBeUndefined();
  });

  it.each<[Phase, string]>([
    ['asleep', ''],
    ['loading', ''],
    ['failed', ''],
    ['running', `${BEFORE} step over out event chunk instruction reset`],
    ['paused', `${BEFORE} step over out event chunk instruction reset`],
    ['idle', `${BEFORE} step over out event chunk instruction reset`],
    ['exited', `${BEFORE} reset`],
    ['panicked', `${BEFORE} reset`],
  ])('%s: what can be done is %s', (phase, can) => {
    expect(
      ACTIONS.filter((action) => canDo(action, { phase }))
        .map(({ command }) => command)
        .sort()
        .join(' '),
    ).toBe(can.split(' ').sort().join(' '));
  });
});
