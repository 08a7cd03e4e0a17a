/** What happened, event by event, with filters. */
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import type { ListedEvent } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { matchesEvent, parseEventQuery } from '../event_search.ts';
import { signOf } from '../worlds.ts';
import EventSearch from './EventSearch.tsx';

/** Kinds under a common switch. */
const GROUPS: readonly (readonly [name: string, kinds: readonly string[], on: boolean])[] = [
  ['hypercalls', ['hypercall'], true],
  ['traps', ['trap', 'fault', 'deliver', 'irq'], true],
  ['crossings', ['switch'], false],
  ['Launcher', ['notify', 'io', 'console', 'syscall', 'request', 'task'], true],
  ['time', ['timer', 'preempt', 'nmi', 'sample'], false],
  ['death', ['death'], true],
];
const SHOWN = 300;

export default function Events({ session }: { session: Session }): ReactNode {
  useStream(session, 'events');
  const events = useSession(session, (view) => view.events);
  const dropped = useSession(session, (view) => view.dropped);
  const terminals = useSession(session, (view) => view.terminals);
  const [on, setOn] = useState<ReadonlySet<string>>(new Set(GROUPS.filter(([, , initially]) => initially).map(([name]) => name)));
  const [chosen, setChosen] = useState(-1);
  const [text, setText] = useState('');
  const found = useSession(session, (view) => view.found);
  const list = useRef<HTMLDivElement>(null);
  const name = useId();
  const optionId = (seq: number): string => `${name}-${seq}`;
  const kinds = new Set(GROUPS.filter(([name]) => on.has(name)).flatMap(([, own]) => own));
  const query = parseEventQuery(text);
  // What was found in the whole run, as long as it is what is looked for.
  const whole = found !== null && found.text === text && found.kinds.join() === [...kinds].join() ? found : null;
  const fitting = events.filter((event) => kinds.has(event.kind) && matchesEvent(query, event));
  const shown = whole?.events ?? fitting.slice(-SHOWN);
  const last = shown.at(-1)?.seq;
  useEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [last]);
  const toggle = (name: string): void =>
    setOn((before) => {
      const next = new Set(before);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  const go = (event: ListedEvent | undefined): void => {
    if (event !== undefined) session.send({ type: 'go', at: event.at });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = choice(
      event.key,
      shown,
      shown.findIndex(({ seq }) => seq === chosen),
    );
    if (event.key === 'Enter') go(shown.find(({ seq }) => seq === chosen));
    else if (next !== undefined) {
      setChosen(next.seq);
      keepInSight(list.current, optionId(next.seq));
    } else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="filters" role="group" aria-label="Events to show">
        {GROUPS.map(([group]) => (
          <button key={group} type="button" aria-pressed={on.has(group)} onClick={() => toggle(group)}>
            {group}
          </button>
        ))}
      </div>
      <EventSearch session={session} text={text} setText={setText} kinds={[...kinds]} fitting={fitting.length} whole={whole} />
      {whole === null && dropped > 0 && <p className="events__dropped">{grouped(dropped)} earlier ones not kept</p>}
      <div
        ref={list}
        className="events"
        role="listbox"
        tabIndex={0}
        aria-label="Events, the latest last. Enter goes to one"
        aria-activedescendant={shown.some(({ seq }) => seq === chosen) ? optionId(chosen) : undefined}
        onKeyDown={onKeyDown}
      >
        {shown.map((event) => {
          const sign = signOf(event.world);
          return (
            <div
              key={event.seq}
              id={optionId(event.seq)}
              role="option"
              aria-selected={event.seq === chosen}
              className={`events__one world-${event.world}`}
              title="Go to it"
              onClick={() => {
                setChosen(event.seq);
                go(event);
              }}
            >
              <span className="events__at">{grouped(event.at)}</span>
              <span className="events__world" title={sign.label}>
                {sign.shape}
              </span>
              <span className="events__kind">{event.kind}</span>
              <span>
                {terminals > 1 && (
                  <>
                    <span className="guest-tag">G{event.guest + 1}</span>{' '}
                  </>
                )}
                {event.text}
              </span>
            </div>
          );
        })}
      </div>
    </>
  );
}

/** Which event a key chooses; the one chosen before may be none (-1). */
function choice(key: string, shown: readonly ListedEvent[], from: number): ListedEvent | undefined {
  const last = shown.length - 1;
  const start = from < 0 ? last + 1 : from;
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: start - 1,
    ArrowDown: start + 1,
    PageUp: start - 8,
    PageDown: start + 8,
    Home: 0,
    End: last,
  };
  const to = steps[key];
  return to === undefined ? undefined : shown[Math.max(0, Math.min(last, to))];
}

/** Scrolls the list, and nothing else. */
function keepInSight(list: HTMLElement | null, id: string): void {
  const option = document.getElementById(id);
  if (list === null || option === null) return;
  const { top, bottom } = option.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (top < frame.top) list.scrollTop -= frame.top - top;
  if (bottom > frame.bottom) list.scrollTop += bottom - frame.bottom;
}
