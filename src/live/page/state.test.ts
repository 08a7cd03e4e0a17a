import { describe, expect, it } from 'vitest';
import type { ListedEvent, Progress, Registers, Standing } from '../protocol.ts';
import { afterReport, ASLEEP } from './state.ts';
import type { SessionView } from './state.ts';

const registers = (eax: number): Registers => ({ eax }) as Registers;
const event = (seq: number): ListedEvent => ({ seq, at: seq, kind: 'irq', world: 'host', guest: 0, text: '' });

function progress(more: Partial<Progress> = {}, standing: Standing = { phase: 'paused' }): Progress {
  return {
    type: 'progress',
    standing,
    single: false,
    instructions: 100,
    where: { at: 100, step: 0, time: 0, line: 0 },
    atBeginning: false,
    midway: false,
    world: 'guest-kernel',
    ends: [],
    console: [],
    place: null,
    hits: [],
    views: {},
    stretches: [],
    events: [],
    dropped: 0,
    ...more,
  };
}

const paused: SessionView = { ...ASLEEP, open: true, phase: 'paused', views: { registers: registers(1) } };

describe('what is shown', () => {
  it('marks what a step changed, and what a step back changed', () => {
    const on = afterReport(paused, progress({ single: true, views: { registers: registers(2) } }));
    expect([on.views.registers?.eax, on.before.registers?.eax]).toEqual([2, 1]);
    const back = afterReport(on, progress({ views: { registers: registers(1) } }), true);
    expect([back.views.registers?.eax, back.before.registers?.eax]).toEqual([1, 2]);
    const printed = [{ tty: 0, more: '', less: 'H' }];
    expect(afterReport(on, progress(), true, 0, printed).printed).toEqual(printed);
  });

  it.each<[string, Partial<SessionView>, Progress]>([
    ['after a run that nobody could follow', { phase: 'running', rate: null }, progress()],
    ['in such a run', { phase: 'running', rate: null }, progress({}, { phase: 'running' })],
    ['at the end', {}, progress({}, { phase: 'exited', status: 0 })],
    ['at the beginning', {}, progress({ atBeginning: true })],
  ])('marks nothing %s', (_when, view, report) => {
    const { before, printed } = afterReport({ ...paused, ...view }, report, false, 0, [{ tty: 0, more: 'H', less: '' }]);
    expect([before, printed]).toEqual([{}, []]);
  });

  it('goes on with what comes as it is shown, and begins anew with what comes fresh', () => {
    const one = afterReport(paused, progress({ events: [event(1), event(2)], dropped: 3 }));
    const two = afterReport(one, progress({ events: [event(3)] }));
    expect([two.events.map(({ seq }) => seq), two.dropped]).toEqual([[1, 2, 3], 3]);
    const anew = afterReport(two, progress({ events: [event(1)], dropped: 0 }), true);
    expect([anew.events.map(({ seq }) => seq), anew.dropped]).toEqual([[1], 0]);
  });

  it('keeps the latest events, and counts those that it let go', () => {
    const many = Array.from({ length: 2000 }, (_, seq) => event(seq));
    const full = afterReport(paused, progress({ events: many }));
    const more = afterReport(full, progress({ events: [event(2000), event(2001)], dropped: 5 }));
    expect([more.events.length, more.events[0].seq, more.dropped]).toEqual([2000, 2, 7]);
  });

  it('shows those who have just begun to watch what there is, and leaves the rest as it was', () => {
    const stepped = afterReport(
      paused,
      progress({ single: true, views: { registers: registers(2) }, hits: [{ source: 'a', line: 1, count: 1 }] }),
    );
    const looked = afterReport(stepped, {
      type: 'looked',
      views: { next: { address: 1, code: [] } },
      stretches: [],
      events: [event(1)],
      dropped: 2,
    });
    expect(looked).toEqual({ ...stepped, views: { ...stepped.views, next: { address: 1, code: [] } }, events: [event(1)], dropped: 2 });
  });

  it('stops to speak of a search when its answer is there, not before', () => {
    const searching: SessionView = { ...paused, search: 'event' };
    expect(afterReport(searching, progress({}, { phase: 'running' })).search).toBe('event');
    expect(afterReport(searching, { type: 'searching', done: 0.5 })).toMatchObject({ phase: 'running', search: 'event', searched: 0.5 });
    expect(afterReport(searching, progress()).search).toBeNull();
    expect(afterReport(searching, { type: 'failed', message: 'gone' })).toMatchObject({ phase: 'failed', message: 'gone', search: null });
  });
});
