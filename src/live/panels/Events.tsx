/** What happened, event by event, with filters. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { useSession, useStream } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';

/** Kinds under a common switch. */
const GROUPS: readonly (readonly [name: string, kinds: readonly string[], on: boolean])[] = [
  ['hypercalls', ['hypercall'], true],
  ['traps', ['trap', 'fault', 'deliver', 'irq'], true],
  ['crossings', ['switch'], false],
  ['Launcher', ['notify', 'io', 'console', 'syscall', 'request', 'task'], true],
  ['time', ['timer'], false],
  ['death', ['death'], true],
];
const SHOWN = 300;

export default function Events({ session }: { session: Session }): ReactNode {
  useStream(session, 'events');
  const events = useSession(session, (view) => view.events);
  const dropped = useSession(session, (view) => view.dropped);
  const terminals = useSession(session, (view) => view.terminals);
  const [on, setOn] = useState<ReadonlySet<string>>(new Set(GROUPS.filter(([, , initially]) => initially).map(([name]) => name)));
  const list = useRef<HTMLOListElement>(null);
  const kinds = new Set(GROUPS.filter(([name]) => on.has(name)).flatMap(([, own]) => own));
  const shown = events.filter((event) => kinds.has(event.kind)).slice(-SHOWN);
  const last = shown.at(-1)?.seq;
  useEffect(() => {
    if (list.current !== null) list.current.scrollTop = list.current.scrollHeight;
  }, [last]);
  const toggle = (name: string): void => {
    const next = new Set(on);
    if (!next.delete(name)) next.add(name);
    setOn(next);
  };
  return (
    <>
      <div className="filters" role="group" aria-label="Events to show">
        {GROUPS.map(([name]) => (
          <button key={name} type="button" aria-pressed={on.has(name)} onClick={() => toggle(name)}>
            {name}
          </button>
        ))}
      </div>
      <ol ref={list} className="events" tabIndex={0} aria-label="Events, the latest last">
        {dropped > 0 && <li className="events__dropped">{dropped.toLocaleString('en')} earlier ones not kept</li>}
        {shown.map((event) => {
          const sign = signOf(event.world);
          return (
            <li key={event.seq} className={`world-${event.world}`}>
              <span className="events__at">{event.at.toLocaleString('en')}</span>
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
            </li>
          );
        })}
      </ol>
    </>
  );
}
