/** Where each of the 256 vectors leads, as a map; and of one of them, all that its gates say. */
import { memo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import clsx from 'clsx';

import type { GateView, Route } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useView, useViewBefore } from '../page/use_session.ts';
import { decodeGate, hex, selectorText, tellGate, tellReach, vectorTitle } from './descriptor_text.ts';

const SIDE = 16;
/** What each way is called, by which letters, in whose colour. */
const ROUTES: Readonly<Record<Route, readonly [letters: string, label: string]>> = {
  straight: ['K', 'straight to the Guest’s kernel'],
  reflected: ['HK', 'to the Host, which hands it to the Guest’s handler'],
  host: ['H', 'to the Host; the Guest has no handler'],
};

export default function Gates({ session }: { session: Session }): ReactNode {
  const view = useView(session, 'descriptors');
  const before = useViewBefore(session, 'descriptors');
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
  return (
    <div className="gates">
      {view.guests.length > 1 && (
        <div className="filters" role="group" aria-label="Whose gates">
          {view.guests.map((one) => (
            <button key={one.guest} type="button" aria-pressed={one === guest} onClick={() => setWhose(one.guest)}>
              Guest {one.guest + 1}
            </button>
          ))}
        </div>
      )}
      <div className="gates__map" role="grid" aria-label="Where each vector leads. The arrows choose one" ref={grid} onKeyDown={onKeyDown}>
        {Array.from({ length: SIDE }, (_, row) => (
          <div key={row} role="row">
            <span role="rowheader">{row.toString(16)}0</span>
            {guest.gates.slice(row * SIDE, (row + 1) * SIDE).map((gate) => (
              <Cell
                key={gate.index}
                vector={gate.index}
                route={gate.route}
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
        <One gate={guest.gates[chosen]} />
        <ul className="gates__legend">
          {(Object.keys(ROUTES) as Route[]).map((route) => (
            <li key={route}>
              <span className={`gates__cell gates__cell--${route}`}>{ROUTES[route][0]}</span> {ROUTES[route][1]}:{' '}
              {guest.gates.filter((gate) => gate.route === route).length}
            </li>
          ))}
          <li>
            <span className="gates__cell gates__cell--host gates__cell--reach">·</span> an instruction of the Guest’s may raise it
          </li>
        </ul>
        {guest.ended && <p className="gates__ended">The Guest is gone. So its gates were when its Launcher went.</p>}
      </div>
    </div>
  );
}

function differs(a: GateView, b: GateView): boolean {
  return a.route !== b.route || a.real.join() !== b.real.join() || a.asked.join() !== b.asked.join();
}

interface CellProps {
  vector: number;
  route: Route;
  reach: number;
  changed: boolean;
  chosen: boolean;
  choose: (vector: number) => void;
}

const Cell = memo(function Cell({ vector, route, reach, changed, chosen, choose }: CellProps): ReactNode {
  return (
    <button
      type="button"
      role="gridcell"
      data-vector={vector}
      tabIndex={chosen ? 0 : -1}
      aria-selected={chosen}
      aria-label={`${ROUTES[route][0]}, vector ${vectorTitle(vector)}: ${ROUTES[route][1]}`}
      title={`${vectorTitle(vector)}: ${ROUTES[route][1]}`}
      className={clsx('gates__cell', `gates__cell--${route}`, reach > 0 && 'gates__cell--reach', changed && 'gates__cell--changed')}
      onFocus={() => choose(vector)}
      onClick={() => choose(vector)}
    >
      {ROUTES[route][0]}
    </button>
  );
});

function One({ gate }: { gate: GateView }): ReactNode {
  const [own, real] = [decodeGate(gate.asked), decodeGate(gate.real)];
  return (
    <div className="gates__one" role="status">
      <p className="gates__title">{vectorTitle(gate.index)}</p>
      <p>{tellGate(gate)}</p>
      <p>{tellReach(gate)}</p>
      <dl>
        <dt>in the processor’s table</dt>
        <dd>
          {real.kind}, {real.selector.toString(16).padStart(4, '0')}:{hex(real.offset)} <span>({selectorText(real.selector)})</span>
        </dd>
        <dt>the Guest asked for</dt>
        <dd>
          {own.present ? (
            <>
              {own.kind}, {own.selector.toString(16).padStart(4, '0')}:{hex(own.offset)}
            </>
          ) : (
            'nothing'
          )}
        </dd>
      </dl>
    </div>
  );
}
