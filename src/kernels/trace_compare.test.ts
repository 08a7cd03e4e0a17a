import { describe, expect, test } from 'vitest';
import { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } from './trace_compare.ts';
import { LHCALL } from '#tangled/host/lg.ts';

const RECORDED = `0 0 LHREQ 0 0x40000000 0x405 0x3ff000 0x100000
1 120 TRAPEXIT 14 err=0x2 cs=61 eip=00100000 cr2=00200000 esp=00000000
2 120   FAULT 00200000 err=2 -> host maps it
3 260 HCALL LGUEST_INIT(1) 0x8000 0x0 0x0 eip=00100010
4 400 ASYNC[0] SET_STACK(7) 0x69 0xc0010000 0x2
5 400 HCALL FLUSH_ASYNC(0) 0x0 0x0 0x0 eip=c0100020
6 500 HOSTIRQ 32 cs=61 eip=c0100030
7 640 HCALL SET_CLOCKEVENT(9) 0xf4240 0x0 0x0 eip=c0100040
8 700 IRQ 0 handler=c0100400 from cs=61 eip=c0100050
9 800   FAULT 00000000 err=0 -> reflect to guest
10 800   DELIVER trap 14 handler=c0100500 esp=c000ff00 err=0x0 type=e
11 900 HCALL SET_PMD(15) 0x3ff000 0x300 0x0 eip=c0100060
12 950 HCALL SHUTDOWN(2) 0x9000 0x1 0x0 eip=c0100070
`;

const ours = (events: object[]): string => events.map((event, seq) => JSON.stringify({ seq, at: seq * 10, ...event })).join('\n');
const call = (nr: number, edx: number, ebx: number, ecx: number, eip: number, ring?: number): object => ({
  kind: 'hypercall',
  nr,
  edx,
  ebx,
  ecx,
  eip,
  ...(ring === undefined ? {} : { ring }),
});
const EVENTS = [
  { kind: 'switch', to: 'guest' },
  { kind: 'fault', address: 0x200000, error: 2, hidden: true },
  call(1, 0x8000, 0, 0, 0x100010),
  call(7, 0x69, 0xc0010000, 2, 0xc0100020, 0),
  call(0, 0, 0, 0, 0xc0100020),
  call(9, 777, 0, 0, 0xc0100040),
  { kind: 'deliver', vector: 32, gate: 0xc0100400 },
  { kind: 'fault', address: 0, error: 0, hidden: false },
  { kind: 'deliver', vector: 14, gate: 0xc0100500 },
  call(15, 0x3ff000, 0x300, 0, 0xc0100060),
  call(2, 0x9000, 1, 0, 0xc0100070),
];

const compare = (events: object[]): string =>
  describeComparison(compareTraces(parseOurs(ours(events), LHCALL), parseRecorded(RECORDED, LHCALL)));

describe('a run and a recording', () => {
  test('agree, whatever the clock does', () => {
    expect(compare(EVENTS)).toBe(
      'hypercalls: 6 the same, no difference\nfaults: 2 the same, no difference\ntraps: 1 the same, no difference\n',
    );
  });

  test.each([
    [
      'another argument',
      9,
      call(15, 0x3ff000, 0x301, 0, 0xc0100060),
      '  - recorded line 12: SET_PMD(15) 0x3ff000 0x300 0x0 at 0xc0100060\n  + ours line 10: SET_PMD(15) 0x3ff000 0x301 0x0 at 0xc0100060',
    ],
    [
      'another place in the ring',
      3,
      call(7, 0x69, 0xc0010000, 2, 0xc0100020, 5),
      '  - recorded line 5: SET_STACK(7) 0x69 0xc0010000 0x2 ring 0\n  + ours line 4: SET_STACK(7) 0x69 0xc0010000 0x2 ring 5',
    ],
    [
      'a fault judged otherwise',
      7,
      { kind: 'fault', address: 0, error: 0, hidden: true },
      '  - recorded line 10: 0x0 error 0 reflected\n  + ours line 8: 0x0 error 0 hidden',
    ],
    [
      'another handler',
      8,
      { kind: 'deliver', vector: 14, gate: 0xc0100600 },
      '  - recorded line 11: 14 to 0xc0100500\n  + ours line 9: 14 to 0xc0100600',
    ],
  ])('differ: %s', (_, at, event, told) => {
    expect(compare(EVENTS.with(at, event))).toContain(`1 difference\n  --\n${told}\n`);
  });

  test('find each other again after something that only one of them did', () => {
    const more = EVENTS.toSpliced(4, 0, call(5, 0, 0, 0, 0xc0100024), call(8, 8, 0, 0, 0xc0100028));
    expect(compare(more)).toContain(
      'hypercalls: 6 the same, 1 difference\n  --\n  + ours line 5: FLUSH_TLB(5) 0x0 0x0 0x0 at 0xc0100024\n  + ours line 6: TS(8)',
    );
    expect(compare(EVENTS.toSpliced(3, 1))).toContain('hypercalls: 5 the same, 1 difference\n  --\n  - recorded line 5: SET_STACK(7)');
  });

  test('are compared as far as the shorter goes', () => {
    expect(compare(EVENTS.slice(0, 5))).toContain('hypercalls: 3 the same, no difference');
  });

  test('of two builds of one kernel agree where its addresses stand for the same things', () => {
    const moved = (event: object): object =>
      JSON.parse(JSON.stringify(event), (_, value: unknown) =>
        typeof value === 'number' && value >= 0xc0100000 ? value + 0x4000 : value,
      ) as object;
    const apart = (events: object[], recorded = RECORDED): string =>
      describeComparison(compareTraces(otherBuild(parseOurs(ours(events), LHCALL)), otherBuild(parseRecorded(recorded, LHCALL))));
    const elsewhere = EVENTS.map(moved)
      .with(2, call(1, 0xb000, 0, 0, 0x104010))
      .toSpliced(1, 1);
    expect(apart(elsewhere)).toBe(
      'hypercalls: 6 the same, no difference\nfaults: 1 the same, no difference\ntraps: 1 the same, no difference\n',
    );
    expect(apart(elsewhere.with(-2, call(15, 0x3fe000, 0x301, 0, 0xc0104060)))).toContain(
      '1 difference\n  --\n  - recorded line 12: SET_PMD(15) @ 0x300 0x0 direct',
    );
  });

  test('of two builds are known to disagree where one address stands for two things', () => {
    const twice = `${RECORDED}13 960 HCALL SET_PTE(14) 0x3ff000 0xc0200000 0x5067 eip=c0100080\n14 970 HCALL LOAD_IDT_ENTRY(6) 0x20 0x600400 0xc0108e00 eip=c0100090\n`;
    const both = (directory: number, handler: number): string =>
      describeComparison(
        compareTraces(
          otherBuild(
            parseOurs(
              ours([
                ...EVENTS,
                call(14, directory, 0xc0200000, 0x7067, 0),
                call(6, 0x20, 0x600000 | (handler & 0xffff), (handler & 0xffff0000) | 0x8e00, 0),
              ]),
              LHCALL,
            ),
          ),
          otherBuild(parseRecorded(twice, LHCALL)),
        ),
      );
    expect(both(0x3ff000, 0xc0120400)).toContain('hypercalls: 8 the same, no difference\nfaults');
    expect(both(0x3fd000, 0xc0120400)).toContain(
      'hypercalls: 8 the same, no difference\n  addresses seen again: 0 stand for what they stood for, 1 for something else\n',
    );
  });

  test('a line that is no event is named', () => {
    expect(() => parseOurs('{"kind":"irq","n":0}\nlguest', LHCALL)).toThrow('line 2 is no event');
  });
});
