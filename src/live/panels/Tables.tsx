/** Page tables: the Guest's and their shadow side by side, as two trees; and the way of an address through both. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import type { TreeView } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView, useViewBefore } from '../page/use_session.ts';
import { changesIn } from './page_entries.ts';
import TablesTree from './TablesTree.tsx';
import TablesWay from './TablesWay.tsx';
import Wrote from './Wrote.tsx';

const hex = (address: number): string => address.toString(16).padStart(8, '0');
const keyOf = ({ guest, shadowDirectory }: TreeView): string => `${guest} ${shadowDirectory}`;

export default function Tables({ session }: { session: Session }): ReactNode {
  const trees = useView(session, 'tables');
  const before = useViewBefore(session, 'tables');
  const terminals = useSession(session, (view) => view.terminals);
  /** The one that a reader has chosen; without, it is the one in use. */
  const [chosen, setChosen] = useState('');
  if (trees === null) return <p className="panel__empty">Nothing has been looked at.</p>;
  if (trees.length === 0) return <p className="panel__empty">The Host has made no page tables for a Guest yet.</p>;
  const shown = trees.find((tree) => keyOf(tree) === chosen) ?? trees.find(({ current }) => current) ?? trees[0];
  return (
    <div className="tables">
      {trees.length > 1 && (
        <div className="filters" role="group" aria-label="Which directory">
          {trees.map((tree) => (
            <button
              key={keyOf(tree)}
              type="button"
              aria-pressed={tree === shown}
              title={tree.current ? 'The one in use' : 'Kept for when the Guest comes back to it'}
              onClick={() => setChosen(tree.current ? '' : keyOf(tree))}
            >
              {terminals > 1 && <span className="guest-tag">G{tree.guest + 1}</span>} {hex(tree.gpgdir)}
              {tree.current && ' in use'}
            </button>
          ))}
        </div>
      )}
      {shown.ended && <p className="tables__ended">The Guest is gone. So its tables were when its Launcher went.</p>}
      <TablesWay session={session} tree={shown} />
      <Wrote session={session} label="Entries of the page tables">
        <TablesTree tree={shown} changes={changesIn(shown, before)} />
      </Wrote>
    </div>
  );
}
