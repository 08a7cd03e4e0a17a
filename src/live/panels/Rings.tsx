/** A virtqueue at work: two rings that run side by side, and the chains on their way round. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import { grouped } from '../page/grouped.ts';
import { arcPath, CENTRE, point } from './rings_geometry.ts';
import type { ChainView, DeviceView, QueueView, Value } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView } from '../page/use_session.ts';
import Wrote, { Shown } from './Wrote.tsx';

const AVAIL = 92;
const USED = 62;
/** What the driver has said, by bit of the status byte. */
const STATUS: readonly (readonly [bit: number, word: string])[] = [
  [1, 'seen'],
  [2, 'has a driver'],
  [4, 'ready'],
  [0x80, 'given up'],
];

export default function Rings({ session }: { session: Session }): ReactNode {
  const devices = useView(session, 'rings');
  const terminals = useSession(session, (view) => view.terminals);
  const [chosen, setChosen] = useState('');
  if (devices === null) return <p className="panel__empty">Nothing has been looked at.</p>;
  const all = devices.flatMap((device) =>
    device.queues.map((queue, n) => ({ key: `${device.guest} ${device.name} ${n}`, device, queue, n })),
  );
  if (all.length === 0) return <p className="panel__empty">This Guest has no device with a queue.</p>;
  const shown = all.find(({ key }) => key === chosen) ?? all.find(({ queue }) => queue.availIdx !== 0) ?? all[0];
  return (
    <Wrote session={session} label="Indexes and descriptors of the ring">
      <div className="rings">
        <div className="filters" role="group" aria-label="Queues">
          {all.map(({ key, device, n, queue }) => (
            <button key={key} type="button" aria-pressed={key === shown.key} onClick={() => setChosen(key)}>
              {terminals > 1 && <span className="guest-tag">G{device.guest + 1}</span>} {device.name} {device.queues.length > 1 ? n : ''}
              {queue.waiting.length + queue.inFlight.length > 0 && (
                <span className="rings__busy"> {queue.waiting.length + queue.inFlight.length}</span>
              )}
            </button>
          ))}
        </div>
        {shown.device.ended && <p className="rings__ended">The Guest is gone. This is how it left the ring.</p>}
        <Queue device={shown.device} queue={shown.queue} />
      </div>
    </Wrote>
  );
}

function Queue({ device, queue }: { device: DeviceView; queue: QueueView }): ReactNode {
  const { num, availIdx, usedIdx, lastAvail, pfn } = queue;
  const guest = device.ended ? null : device.guest;
  const valueOf: ValueOf = (what) => (guest === null ? null : { kind: 'ring', guest, pfn, what });
  const words = STATUS.filter(([bit]) => (device.status & bit) !== 0)
    .map(([, word]) => word)
    .join(', ');
  return (
    <>
      <svg
        className="rings__dial"
        viewBox="-8 -8 236 236"
        role="img"
        aria-label={`Ring of ${num}: available index ${availIdx}, last seen ${lastAvail}, used index ${usedIdx}`}
      >
        <Track radius={AVAIL} num={num} />
        <Track radius={USED} num={num} />
        <Arc radius={AVAIL} num={num} from={lastAvail} count={queue.waiting.length} className="rings__waiting" />
        <Arc radius={USED} num={num} from={usedIdx} count={queue.inFlight.length} className="rings__flight" />
        <Pointer radius={AVAIL} num={num} at={availIdx} outward letter="K" className="rings__guest" />
        <Pointer radius={(AVAIL + USED) / 2} num={num} at={lastAvail} outward letter="L" className="rings__launcher" />
        <Pointer radius={USED} num={num} at={usedIdx} outward={false} letter="L" className="rings__launcher" />
        <text x={CENTRE} y={CENTRE - 4} className="rings__number">
          {num}
        </text>
        <text x={CENTRE} y={CENTRE + 11} className="rings__word">
          places
        </text>
      </svg>
      <div className="rings__facts">
        <p className="rings__device">
          <b>{device.name}</b>: interrupt {queue.irq}, ring at page 0x{queue.pfn.toString(16)}, driver: {words === '' ? 'none yet' : words}
          {queue.resets > 0 && `, begun again ${queue.resets} ${queue.resets === 1 ? 'time' : 'times'}`}
        </p>
        <dl className="rings__indexes">
          <Index name="available" who="● Guest" index={availIdx} num={num} value={valueOf('available')} />
          <Index name="last seen" who="▲ Launcher" index={lastAvail} num={num} value={valueOf('taken')} />
          <Index name="used" who="▲ Launcher" index={usedIdx} num={num} value={valueOf('used')} />
        </dl>
        <p className="rings__flags">
          <span>{queue.noInterrupt ? '⊘ the Guest wants no interrupt' : '✓ interrupts wanted'}</span>
          <span>{queue.noNotify ? '⊘ the Launcher wants no notification' : '✓ notifications wanted'}</span>
        </p>
        {queue.jumped && <p className="rings__jumped">The Guest’s index is more than {num} ahead: this cannot be.</p>}
        <Chains title="Waiting for the Launcher" chains={queue.waiting} none="nothing" valueOf={valueOf} />
        <Chains title="In flight" chains={queue.inFlight} none="nothing" valueOf={valueOf} />
        <p className="rings__last">
          {queue.lastUsed === null
            ? 'Nothing was given back yet.'
            : `Given back last: descriptor ${queue.lastUsed.head}, ${queue.lastUsed.len} bytes written.`}
        </p>
      </div>
    </>
  );
}

/** A place of the ring as a value whose writer can be asked for; null: the ring is gone. */
type ValueOf = (what: 'available' | 'used' | 'taken' | number) => Value | null;

interface IndexProps {
  name: string;
  who: string;
  index: number;
  num: number;
  value: Value | null;
}

function Index({ name, who, index, num, value }: IndexProps): ReactNode {
  return (
    <div>
      <dt>
        {name} <span>{who}</span>
      </dt>
      <dd>
        <Shown value={value} called={name}>
          {grouped(index)}
        </Shown>{' '}
        <span>place {index % num}</span>
      </dd>
    </div>
  );
}

const MOST_CHAINS = 4;
const MOST_PARTS = 6;

interface ChainsProps {
  title: string;
  chains: readonly ChainView[];
  none: string;
  valueOf: ValueOf;
}

function Chains({ title, chains, none, valueOf }: ChainsProps): ReactNode {
  return (
    <div className="rings__chains">
      <p>
        {title}: {chains.length === 0 ? none : chains.length}
      </p>
      {chains.length > 0 && (
        <ol>
          {chains.slice(0, MOST_CHAINS).map(({ head, parts, broken }) => (
            <li key={head}>
              {parts.slice(0, MOST_PARTS).map(({ index, len, write }, n) => (
                <span
                  key={n}
                  className={write ? 'rings__part rings__part--in' : 'rings__part'}
                  title={write ? 'the device writes here' : 'the device reads this'}
                >
                  <Shown value={valueOf(index)} called={`descriptor ${index}`}>
                    <b>{index}</b> {write ? '◁' : '▷'} {len}
                  </Shown>
                </span>
              ))}
              {parts.length > MOST_PARTS && <span>and {parts.length - MOST_PARTS} more</span>}
              {broken && <span className="rings__jumped">and does not end</span>}
            </li>
          ))}
          {chains.length > MOST_CHAINS && <li>and {chains.length - MOST_CHAINS} more</li>}
        </ol>
      )}
    </div>
  );
}

function Track({ radius, num }: { radius: number; num: number }): ReactNode {
  const length = (2 * Math.PI * radius) / num;
  return (
    <circle
      cx={CENTRE}
      cy={CENTRE}
      r={radius}
      className="rings__track"
      strokeDasharray={`${length * 0.72} ${length * 0.28}`}
      transform={`rotate(-90 ${CENTRE} ${CENTRE})`}
    />
  );
}

function Arc({
  radius,
  num,
  from,
  count,
  className,
}: {
  radius: number;
  num: number;
  from: number;
  count: number;
  className: string;
}): ReactNode {
  if (count === 0) return null;
  if (count >= num) return <circle cx={CENTRE} cy={CENTRE} r={radius} className={className} />;
  return <path d={arcPath(radius, num, from, count)} className={className} />;
}

function Pointer({
  radius,
  num,
  at,
  outward,
  letter,
  className,
}: {
  radius: number;
  num: number;
  at: number;
  outward: boolean;
  letter: string;
  className: string;
}): ReactNode {
  const degrees = ((at % num) / num) * 360;
  const tip = outward ? -radius - 5 : -radius + 5;
  const back = outward ? tip - 8 : tip + 8;
  const [x, y] = point(outward ? radius + 19 : radius - 19, num, at % num);
  return (
    <g className={className}>
      <path d={`M0 ${tip} l-4 ${back - tip} h8z`} transform={`translate(${CENTRE} ${CENTRE}) rotate(${degrees})`} />
      {radius !== (AVAIL + USED) / 2 && (
        <text x={x} y={y + 3} className="rings__letter">
          {letter}
        </text>
      )}
    </g>
  );
}
