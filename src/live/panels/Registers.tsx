/** The processor's registers; those that changed since the last report are marked. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { GuestRegisters, GuestView } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { hasEnded, lastOf } from '../page/state.ts';
import { useSession, useView, useViewBefore } from '../page/use_session.ts';
import WhichGuest from './WhichGuest.tsx';
import Wrote, { Shown } from './Wrote.tsx';

type Name = Exclude<keyof GuestRegisters, 'world' | 'cpl'>;

const GENERAL: readonly Name[] = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp', 'esp', 'eip', 'eflags', 'cr2', 'cr3'];
const SELECTORS: readonly Name[] = ['cs', 'ss', 'ds', 'es', 'fs', 'gs'];
/** Bits of EFLAGS that have a letter of their own. */
const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [0, 'C'],
  [2, 'P'],
  [4, 'A'],
  [6, 'Z'],
  [7, 'S'],
  [8, 'T'],
  [9, 'I'],
  [10, 'D'],
  [11, 'O'],
];

export default function Registers({ session }: { session: Session }): ReactNode {
  const registers = useView(session, 'registers');
  const before = useViewBefore(session, 'registers');
  const ended = useSession(session, hasEnded);
  const ends = useSession(session, (view) => view.ends);
  const bare = useSession(session, (view) => view.bare);
  // Of a program on the bare machine they are the processor's still.
  const guests = ended && !bare ? lastOf({ phase: 'exited', ends }) : [];
  if (guests.length > 0) return <Left guests={guests} />;
  if (registers === null) return <p className="panel__empty">No processor yet.</p>;
  return (
    <Wrote session={session} label="Values of the registers">
      <Table registers={registers} before={before} live />
    </Wrote>
  );
}

/** After the end: the Guests' own, as they left them. The processor's are the Host's by then, and tell nothing. */
function Left({ guests }: { guests: readonly GuestView[] }): ReactNode {
  const [chosen, setChosen] = useState(0);
  const shown = guests.find(({ guest }) => guest === chosen) ?? guests[0];
  return (
    <div className={`world-${shown.registers.world}`}>
      <WhichGuest guests={guests} shown={shown.guest} label="Whose registers" choose={setChosen} />
      <Table registers={shown.registers} before={null} />
      <p className="regs__whose">As the Guest left them. CR3 is the directory that it had set.</p>
    </div>
  );
}

/** @param live they are the processor's, now: who wrote them can be found out */
function Table({
  registers,
  before,
  live = false,
}: {
  registers: GuestRegisters;
  before: GuestRegisters | null;
  live?: boolean;
}): ReactNode {
  const changed = (name: Name): boolean => before !== null && before[name] !== registers[name];
  const text = (name: Name, digits: number): string => (registers[name] >>> 0).toString(16).padStart(digits, '0');
  const cell = (name: Name, digits: number): ReactNode => (
    <div key={name} className={clsx('reg', changed(name) && 'reg--changed')}>
      <dt>{name}</dt>
      <dd>{live ? <Shown value={{ kind: 'register', name }}>{text(name, digits)}</Shown> : text(name, digits)}</dd>
    </div>
  );
  const flags = FLAGS.map(([bit, letter]) => ((registers.eflags >>> bit) & 1 ? letter : letter.toLowerCase()))
    .reverse()
    .join(' ');
  return (
    <>
      <dl className="regs">{GENERAL.map((name) => cell(name, 8))}</dl>
      <dl className="regs regs--short">{SELECTORS.map((name) => cell(name, 4))}</dl>
      <p className="regs__flags" title="Flags; a capital letter is set">
        {flags} <span className="regs__ring">ring {registers.cpl}</span>
      </p>
    </>
  );
}
