/** Where runs stop, each with its switch, the ways to its next and last time, and, of a line, what is noted at each of its hits. */
import { useEffect, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';

import type { Breakpoint, SymbolTable } from '../protocol.ts';
import { readAddress, withChange, withOne } from '../page/breakpoints.ts';
import type { NewBreakpoint } from '../page/breakpoints.ts';
import type { Session } from '../page/session.ts';
import { addressMeant, nameOf } from '../page/symbols.ts';
import { isAway } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import ChapterLink from './ChapterLink.tsx';
import Fault, { faultIn } from './Fault.tsx';
import NotesOfLine from './NotesOfLine.tsx';

/** Kinds of events, with an example of a condition. */
const EVENTS: readonly (readonly [kind: string, label: string, example: string])[] = [
  ['trap', 'trap', 'vector == 14 && error == 3'],
  ['hypercall', 'hypercall', 'name == "SET_PTE"'],
  ['fault', 'page fault, looked at by the Host', 'hidden'],
  ['deliver', 'trap put on the Guest’s stack', 'vector == 128'],
  ['irq', 'virtual interrupt', 'n == 0'],
  ['notify', 'notification', 'address < 0x400000'],
  ['syscall', 'system call of the Launcher', 'name == "read"'],
  ['request', 'request to /dev/lguest', ''],
  ['death', 'the Host ends a Guest', ''],
];

export default function Breakpoints({ session }: { session: Session }): ReactNode {
  const list = useSession(session, (view) => view.breakpoints);
  const symbols = useSession(session, (view) => view.symbols);
  const set = (breakpoints: readonly Breakpoint[]): void => session.send({ type: 'breakpoints', breakpoints });
  return (
    <div className="stops">
      {list.length === 0 ? (
        <p className="panel__empty">None yet. A click left of a line of code makes one; others are made here.</p>
      ) : (
        <ul className="stops__list">
          {list.map((one) => (
            <One
              key={one.id}
              session={session}
              one={one}
              change={(change) => set(withChange(list, one.id, change))}
              remove={() => set(list.filter(({ id }) => id !== one.id))}
            />
          ))}
        </ul>
      )}
      <Make symbols={symbols} make={(one) => set(withOne(list, one))} />
    </div>
  );
}

interface OneProps {
  session: Session;
  one: Breakpoint;
  change: (change: object) => void;
  remove: () => void;
}

function One({ session, one, change, remove }: OneProps): ReactNode {
  const away = useSession(session, isAway);
  const symbols = useSession(session, (view) => view.symbols);
  const what = describe(one, symbols);
  const go = (backwards: boolean): void => session.send({ type: 'to-breakpoint', id: one.id, backwards });
  return (
    <li className="stops__one">
      <label>
        <input type="checkbox" checked={one.on} onChange={() => change({ on: !one.on })} aria-label={`Runs stop: ${what}`} />
        {one.kind === 'line' ? <ChapterLink source={one.place.source} line={one.place.line} /> : <span>{what}</span>}
      </label>
      <span className="stops__ways">
        <button
          type="button"
          disabled={away}
          onClick={() => go(true)}
          aria-label={`The last time before: ${what}`}
          title="The last time before"
        >
          ◀
        </button>
        <button type="button" disabled={away} onClick={() => go(false)} aria-label={`The next time: ${what}`} title="The next time">
          ▶
        </button>
        <button type="button" onClick={remove} aria-label={`Remove: ${what}`} title="Remove">
          ✕
        </button>
      </span>
      {(one.kind === 'line' || one.kind === 'address') && (
        <When
          when={one.when ?? ''}
          example={one.kind === 'line' ? 'errcode == 3' : 'eax == 14'}
          what={what}
          change={(when) => change({ when })}
        />
      )}
      {one.kind === 'line' && <NotesOfLine session={session} id={one.id} note={one.note} change={change} />}
    </li>
  );
}

/** A condition, taken when it is left or Enter is pressed. */
function When({ when, example, what, change }: { when: string; example: string; what: string; change: (when: string) => void }): ReactNode {
  const [text, setText] = useState(when);
  useEffect(() => setText(when), [when]);
  const fault = faultIn(text);
  const [refused, refuse] = useState('');
  // What is none is not taken: it would be true nowhere, and a run that never stops there looks like one that never comes there.
  const take = (): void => {
    refuse(text);
    if (fault === null && text.trim() !== when) change(text.trim());
  };
  return (
    <form
      className="stops__when"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <input
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={take}
        placeholder={`only when… ${example}`}
        aria-label={`Only when, ${what}`}
        aria-invalid={fault !== null}
        spellCheck={false}
      />
      {fault !== null && refused === text && <Fault text={text} fault={fault} />}
    </form>
  );
}

const hex = (address: number): string => `0x${address.toString(16).padStart(8, '0')}`;

function describe(one: Breakpoint, symbols: SymbolTable | null): string {
  switch (one.kind) {
    case 'line':
      return `${one.place.source.replace(/^docs\//, '')}, line ${one.place.line}`;
    case 'address':
      return `the instruction at ${nameOf(symbols, one.address) ?? hex(one.address)}`;
    case 'event': {
      const label = EVENTS.find(([kind]) => kind === one.event)?.[1] ?? one.event;
      return one.when === '' ? label : `${label}, ${one.when}`;
    }
    case 'data':
      return `${one.reads ? 'who reads or writes' : 'who writes'} the word at ${one.physical ? 'physical ' : ''}${hex(one.address)}`;
  }
}

type Kind = 'event' | 'address' | 'data' | 'physical';

/** Why nothing can be made of what was written. */
function notAnAddress(text: string, symbols: SymbolTable | null): string {
  const wanted = symbols === null ? 'an address, such as 0xc0100000' : 'an address, such as 0xc0100000, or a name that the kernel knows';
  return text === '' ? `This wants ${wanted}.` : `There is no “${text}” here: this wants ${wanted}.`;
}

/** A new one. */
function Make({ symbols, make }: { symbols: SymbolTable | null; make: (one: NewBreakpoint) => void }): ReactNode {
  const [kind, setKind] = useState<Kind>('event');
  const [event, setEvent] = useState(EVENTS[0][0]);
  const [text, setText] = useState('');
  const address = kind === 'physical' ? readAddress(text) : addressMeant(symbols, text);
  const fault = kind === 'event' ? faultIn(text) : null;
  const [refused, refuse] = useState<string | null>(null);
  const bad = fault !== null || (kind !== 'event' && text !== '' && address === null);
  const submit = (happened: FormEvent): void => {
    happened.preventDefault();
    refuse(text);
    if (fault !== null) return;
    if (kind === 'event') make({ kind, event, when: text.trim() });
    else if (address === null) return;
    else if (kind === 'address') make({ kind, address });
    else make({ kind: 'data', address, physical: kind === 'physical', reads: false });
    setText('');
    refuse(null);
  };
  return (
    <form className="stops__make" onSubmit={submit}>
      <select value={kind} onChange={({ target }) => setKind(target.value as Kind)} aria-label="What to stop at">
        <option value="event">an event</option>
        <option value="address">an instruction’s address</option>
        <option value="data">who writes a word of the Guest’s</option>
        <option value="physical">who writes a word of real memory</option>
      </select>
      {kind === 'event' && (
        <select value={event} onChange={({ target }) => setEvent(target.value)} aria-label="Which event">
          {EVENTS.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      )}
      <input
        value={text}
        onChange={({ target }) => setText(target.value)}
        placeholder={
          kind === 'event'
            ? `when… ${EVENTS.find(([name]) => name === event)?.[2] ?? ''}`
            : symbols === null
              ? '0xc0100000'
              : '0xc0100000, or a name'
        }
        aria-label={kind === 'event' ? 'Only when' : 'Address'}
        aria-invalid={bad}
        spellCheck={false}
      />
      <button type="submit">Add</button>
      {fault !== null && refused === text && <Fault text={text} fault={fault} />}
      {kind !== 'event' && address === null && refused === text && (
        <p className="stops__refused" role="alert">
          {notAnAddress(text.trim(), kind === 'physical' ? null : symbols)}
        </p>
      )}
    </form>
  );
}
