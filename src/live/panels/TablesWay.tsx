/** The way of one address: its three parts, each entry that is met in the Guest's tables and in the shadow, and what becomes of an access there. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';

import type { TreeView } from '../protocol.ts';
import { readAddress } from '../page/breakpoints.ts';
import type { Session } from '../page/session.ts';
import { useView } from '../page/use_session.ts';
import { flagsOf, spokenEntry } from './page_entries.ts';
import { partsOf, verdictOf, wayOf } from './page_walk.ts';
import type { Access, Side, Verdict, Way } from './page_walk.ts';

/** Registers of the Guest's whose value may be followed. */
const FOLLOWED = ['eip', 'esp', 'cr2'] as const;
type Source = (typeof FOLLOWED)[number];

const hex = (address: number): string => (address >>> 0).toString(16).padStart(8, '0');

export default function TablesWay({ session, tree }: { session: Session; tree: TreeView }): ReactNode {
  const [source, setSource] = useState<Source | null>('eip');
  const [text, setText] = useState('');
  const [access, setAccess] = useState<Access>({ write: false, user: false });
  const registers = useGuestRegisters(session, tree.guest);
  const field = useId();
  const typed = readAddress(text);
  const address = source === null ? typed : (registers?.[source] ?? null);
  return (
    <div className="way">
      <div className="way__ask">
        <label htmlFor={field}>The way of</label>
        <input
          id={field}
          value={source === null ? text : address === null ? '' : hex(address)}
          aria-invalid={source === null && text !== '' && typed === null}
          spellCheck={false}
          autoComplete="off"
          placeholder="c0100000"
          size={10}
          onChange={({ target }) => {
            setSource(null);
            setText(target.value);
          }}
        />
        <span className="filters" role="group" aria-label="Follow a register of the Guest’s">
          {FOLLOWED.map((name) => (
            <button key={name} type="button" aria-pressed={source === name} onClick={() => setSource(name)}>
              {name}
            </button>
          ))}
        </span>
        <span className="filters" role="group" aria-label="What is tried there">
          <button type="button" aria-pressed={access.write} onClick={() => setAccess({ ...access, write: !access.write })}>
            to write
          </button>
          <button type="button" aria-pressed={access.user} onClick={() => setAccess({ ...access, user: !access.user })}>
            in ring 3
          </button>
        </span>
      </div>
      {address === null ? (
        <p className="panel__empty">An address, please: up to eight hexadecimal digits.</p>
      ) : (
        <Shown {...{ tree, address, access }} />
      )}
    </div>
  );
}

/** The Guest's registers: the processor's while it runs the Guest, else those that the Host has put away. */
function useGuestRegisters(session: Session, guest: number): Readonly<Record<Source, number>> | null {
  const real = useView(session, 'registers');
  const saved = useView(session, 'guests')?.find((one) => one.guest === guest)?.registers ?? null;
  // CR2 of the real processor is the Guest's only where the fault was in the Guest: what the Host has noted is.
  return real?.world.startsWith('guest') && saved !== null ? { ...real, cr2: saved.cr2 } : saved;
}

function Shown({ tree, address, access }: { tree: TreeView; address: number; access: Access }): ReactNode {
  const { directory, table, offset } = partsOf(address);
  const verdict = verdictOf(tree, address, access);
  return (
    <>
      <p className="way__parts" aria-label={`${hex(address)}: directory entry ${directory}, page entry ${table}, byte ${offset}`}>
        <span>
          {(directory >>> 0).toString(2).padStart(10, '0')}
          <small>directory {directory}</small>
        </span>
        <span>
          {table.toString(2).padStart(10, '0')}
          <small>page table {table}</small>
        </span>
        <span>
          {offset.toString(2).padStart(12, '0')}
          <small>byte {offset}</small>
        </span>
      </p>
      <OneWay side="guest" way={wayOf({ ...tree, writeProtect: true }, 'guest', address, access)} />
      <OneWay side="shadow" way={wayOf(tree, 'shadow', address, access)} />
      <p className={`way__verdict way__verdict--${verdict.kind}`} role="status">
        {tell(verdict, access)}
      </p>
    </>
  );
}

function OneWay({ side, way: { steps, to, error } }: { side: Side; way: Way }): ReactNode {
  const own = side === 'guest';
  return (
    <ol className={`way__steps world-${own ? 'guest-kernel' : 'host'}`} aria-label={own ? 'By the Guest’s tables' : 'By the shadow'}>
      <li className="way__who">{own ? '● Guest' : '■ shadow'}</li>
      {steps.map(({ index, at, entry }, n) => (
        <li key={n} title={`${n === 0 ? 'Directory' : 'Page'} entry ${index}, at ${hex(at)}: ${spokenEntry(entry)}`}>
          <small>{hex(at)}</small> {entry & 1 ? `${(entry >>> 12).toString(16).padStart(5, '0')} ${flagsOf(entry)}` : 'nothing'}
        </li>
      ))}
      <li className="way__end">{to === null ? '✗' : `${error === null ? '' : '✗ '}${hex(to)}`}</li>
    </ol>
  );
}

function tell(verdict: Verdict, { write, user }: Access): string {
  const what = `${write ? 'Writing' : 'Reading'} there in ring ${user ? 3 : 1}`;
  switch (verdict.kind) {
    case 'through':
      return `${what} goes through: the processor asks the shadow alone.`;
    case 'hidden':
      return `${what}: page fault, error code ${verdict.error}. The Guest’s tables allow it, so the Host brings the shadow up to date, and the Guest never knows.`;
    case 'own':
      return `${what}: page fault, error code ${verdict.error}. The Guest’s own tables forbid it: the Host hands the fault to the Guest, with error code ${verdict.told}.`;
    case 'dies':
      return `${what}: page fault, error code ${verdict.error}, and the Host ends the Guest: ${verdict.reason}.`;
  }
}
