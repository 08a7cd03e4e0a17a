/** Where each of the 256 vectors leads, as a map; and of one of them, all that its gates say. */
import { memo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import clsx from 'clsx';

import type { DescriptorPair, GateView, Route, Value } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView, useViewBefore } from '../page/use_session.ts';
import { decodeGate, hex, ringAt, selectorText, tellGate, tellOwnGate, tellReach, vectorTitle } from './descriptor_text.ts';
import WhichGuest from './WhichGuest.tsx';
import Wrote, { asValue, Shown } from './Wrote.tsx';

const SIDE = 16;
type Ways = Readonly<Partial<Record<Route, readonly [letters: string, label: string]>>>;
/** What each way is called, by which letters, in whose colour: under lguest, and on the bare machine. */
const WAYS: Ways = {
  straight: ['K', 'straight to the Guest’s kernel'],
  reflected: ['HK', 'to the Host, which hands it to the Guest’s handler'],
  host: ['H', 'to the Host; the Guest has no handler'],
};
const OWN_WAYS: Ways = {
  straight: ['K', 'to the kernel’s handler'],
  nowhere: ['·', 'nowhere: there is no gate'],
};

export default function Gates({ session }: { session: Session }): ReactNode {
  const view = useView(session, 'descriptors');
  const before = useViewBefore(session, 'descriptors');
  const bare = useSession(session, (one) => one.bare);
  const ways = bare ? OWN_WAYS : WAYS;
  const [whose, setWhose] = useState(0);
  const [chosen, setChosen] = useState(14);
  const grid = useRef<HTMLDivElement>(null);
  const guest = view?.guests.find((one) => one.guest === whose) ?? view?.guests[0];
  if (view === null || guest === undefined) return <p className="panel__empty">There is no Guest whose gates could be shown.</p>;
  const old = before?.guests.find((one) => one.guest === guest.guest)?.gates;
  const choose = (vector: number): void => {
    setChosen(vector);
    grid.current?.querySelector<HTMLElement>(`[data-vector="${vector}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: chosen - 1,
      ArrowRight: chosen + 1,
      ArrowUp: chosen - SIDE,
      ArrowDown: chosen + SIDE,
      Home: chosen - (chosen % SIDE),
      End: chosen - (chosen % SIDE) + SIDE - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(SIDE * SIDE - 1, to)));
  };
  /** Of a Guest that is gone the tables are gone, too. */
  const isThere = bare || !guest.ended;
  return (
    <Wrote session={session} label="Gates">
      <div className="gates">
        <WhichGuest guests={view.guests} shown={guest.guest} label="Whose gates" choose={setWhose} />
        <div
          className="gates__map"
          role="grid"
          aria-label="Where each vector leads. The arrows choose one"
          ref={grid}
          onKeyDown={onKeyDown}
        >
          {Array.from({ length: SIDE }, (_, row) => (
            <div key={row} role="row">
              <span role="rowheader">{row.toString(16)}0</span>
              {guest.gates.slice(row * SIDE, (row + 1) * SIDE).map((gate) => (
                <Cell
                  key={gate.index}
                  vector={gate.index}
                  at={isThere ? gate.at : null}
                  route={gate.route}
                  ways={ways}
                  reach={gate.reach}
                  changed={old !== undefined && differs(old[gate.index], gate)}
                  chosen={gate.index === chosen}
                  choose={setChosen}
                />
              ))}
            </div>
          ))}
        </div>
        <div className="gates__told">
          {bare ? (
            <OwnGate gate={guest.gates[chosen]} descriptors={guest.descriptors} />
          ) : (
            <One gate={guest.gates[chosen]} guest={isThere ? guest.guest : null} />
          )}
          <ul className="gates__legend">
            {(Object.keys(ways) as Route[]).map((route) => (
              <li key={route}>
                <span className={`gates__cell gates__cell--${route}`}>{ways[route]?.[0]}</span> {ways[route]?.[1]}:{' '}
                {guest.gates.filter((gate) => gate.route === route).length}
              </li>
            ))}
            <li>
              <span className={clsx('gates__cell', bare ? 'gates__cell--nowhere' : 'gates__cell--host', 'gates__cell--reach')}>·</span>{' '}
              {bare ? 'an instruction of an outer ring may raise it' : 'an instruction of the Guest’s may raise it'}
            </li>
          </ul>
          {guest.ended && !bare && <p className="gates__ended">The Guest is gone. So its gates were when its Launcher went.</p>}
        </div>
      </div>
    </Wrote>
  );
}

const realAt = (at: number | null): Value | null => (at === null ? null : { kind: 'physical', address: at, length: 8 });
const titleOf = (vector: number): string => `gate ${vector}`;

function differs(a: GateView, b: GateView): boolean {
  return a.route !== b.route || a.real.join() !== b.real.join() || a.asked.join() !== b.asked.join();
}

interface CellProps {
  vector: number;
  /** Where the gate lies in real memory. */
  at: number | null;
  route: Route;
  ways: Ways;
  reach: number;
  changed: boolean;
  chosen: boolean;
  choose: (vector: number) => void;
}

const Cell = memo(function Cell({ vector, at, route, ways, reach, changed, chosen, choose }: CellProps): ReactNode {
  const [letters, label] = ways[route] ?? ['', ''];
  return (
    <button
      type="button"
      role="gridcell"
      data-vector={vector}
      {...asValue(realAt(at), titleOf(vector))}
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen}
      aria-label={`${letters}, vector ${vectorTitle(vector)}: ${label}`}
      title={`${vectorTitle(vector)}: ${label}`}
      className={clsx('gates__cell', `gates__cell--${route}`, reach > 0 && 'gates__cell--reach', changed && 'gates__cell--changed')}
      onFocus={() => choose(vector)}
      onClick={() => choose(vector)}
    >
      {letters}
    </button>
  );
});

/** On the bare machine nobody stands between the program and its gates. */
function OwnGate({ gate, descriptors }: { gate: GateView; descriptors: readonly DescriptorPair[] }): ReactNode {
  const { kind, selector, offset } = decodeGate(gate.real);
  return (
    <div className="gates__one" role="status">
      <p className="gates__title">{vectorTitle(gate.index)}</p>
      {tellOwnGate(gate, ringAt(descriptors, selector)).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <dl>
        <dt>in the processor’s table</dt>
        <dd>
          <Shown value={realAt(gate.at)} called={titleOf(gate.index)}>
            {gate.real.join() === '0,0' ? 'nothing' : `${kind}, ${selector.toString(16).padStart(4, '0')}:${hex(offset)}`}
          </Shown>
          {gate.real.join() !== '0,0' && <span> ({selectorText(selector)})</span>}
        </dd>
      </dl>
    </div>
  );
}

/** @param guest whose it is; null: it is gone, and its tables with it */
function One({ gate, guest }: { gate: GateView; guest: number | null }): ReactNode {
  const [own, real] = [decodeGate(gate.asked), decodeGate(gate.real)];
  return (
    <div className="gates__one" role="status">
      <p className="gates__title">{vectorTitle(gate.index)}</p>
      <p>{tellGate(gate)}</p>
      <p>{tellReach(gate)}</p>
      <dl>
        <dt>in the processor’s table</dt>
        <dd>
          <Shown value={guest === null ? null : realAt(gate.at)} called={titleOf(gate.index)}>
            {real.kind}, {real.selector.toString(16).padStart(4, '0')}:{hex(real.offset)}
          </Shown>{' '}
          <span>({selectorText(real.selector)})</span>
        </dd>
        <dt>the Guest asked for</dt>
        <dd>
          <Shown
            value={guest === null ? null : { kind: 'asked', guest, table: 'idt', index: gate.index }}
            called={`${titleOf(gate.index)} that the Guest asked for`}
          >
            {own.present ? `${own.kind}, ${own.selector.toString(16).padStart(4, '0')}:${hex(own.offset)}` : 'nothing'}
          </Shown>
        </dd>
      </dl>
    </div>
  );
}
