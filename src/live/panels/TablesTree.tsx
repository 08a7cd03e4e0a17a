/** Directory and page entries, the Guest's left, the shadow's right; those that are alike and follow each other in one row. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { Difference, DirectoryView, RunView, TreeView } from '../protocol.ts';
import { DIFFERENCES, flagsOf, LEGEND, pagesOf, spokenEntry } from './page_entries.ts';
import type { Changes } from './page_entries.ts';
import { entryOf, PRESENT } from './page_walk.ts';
import type { Side } from './page_walk.ts';
import { Shown } from './Wrote.tsx';

/** A directory entry with more rows than that is folded at first. */
const MANY = 24;
const SWITCHER = 1023;
const hex = (address: number): string => (address >>> 0).toString(16).padStart(8, '0');

export default function TablesTree({ tree, changes }: { tree: TreeView; changes: Changes }): ReactNode {
  /** What a reader has unfolded, or folded: by index. */
  const [folds, setFolds] = useState<ReadonlyMap<number, boolean>>(new Map());
  const frame = useRef<HTMLDivElement>(null);
  const isOpen = ({ index, runs }: DirectoryView): boolean => folds.get(index) ?? (index !== SWITCHER && runs.length <= MANY);
  useEffect(() => {
    const row = frame.current?.querySelector('.tables__run.tables--changed');
    if (frame.current !== null && row) keepInSight(frame.current, row);
  }, [changes]);
  return (
    <>
      <div ref={frame} className="tables__frame" tabIndex={0} role="region" aria-label="Entries of the page tables">
        <table className="tables__tree">
          <thead>
            <tr>
              <th scope="col">addresses</th>
              <th scope="col" className="world-guest-kernel">
                ● the Guest’s
              </th>
              <th scope="col" className="world-host">
                ■ the shadow
              </th>
              <th scope="col">difference</th>
            </tr>
          </thead>
          <tbody>
            <tr className="tables__root">
              <th scope="row">directory</th>
              <td className="world-guest-kernel">{hex(tree.gpgdir)}</td>
              <td className="world-host">{hex(tree.shadowDirectory)}</td>
              <td>
                {tree.filled} page{tree.filled === 1 ? '' : 's'} filled
              </td>
            </tr>
          </tbody>
          {tree.directories.map((directory) => (
            <Directory
              key={directory.index}
              tree={tree}
              directory={directory}
              changes={changes}
              open={isOpen(directory)}
              fold={(open) => setFolds(new Map([...folds, [directory.index, open]]))}
            />
          ))}
        </table>
      </div>
      <p className="tables__legend">
        Page number and flags: {LEGEND}. Left, pages of what the Guest takes for memory; right, real ones. <i>×n</i>: so many like it, page
        behind page.
      </p>
    </>
  );
}

interface DirectoryProps {
  tree: TreeView;
  directory: DirectoryView;
  changes: Changes;
  open: boolean;
  fold: (open: boolean) => void;
}

function Directory({ tree, directory, changes, open, fold }: DirectoryProps): ReactNode {
  const { index, runs, why, guest, shadow } = directory;
  const first = (index << 22) >>> 0;
  const tables = tree.ended ? NOWHERE : { guest: directory.guestTable, shadow: directory.shadowTable };
  return (
    <tbody>
      <tr className={clsx('tables__directory', changes.directories.has(index) && 'tables--changed')}>
        <th scope="rowgroup">
          <button type="button" aria-expanded={open} onClick={() => fold(!open)} title={`${hex(first)} to ${hex(first + 0x3fffff)}`}>
            <span aria-hidden="true">{open ? '▾' : '▸'}</span> {hex(first)} <span className="tables__index">{index}</span>
          </button>
        </th>
        <Entry side="guest" entry={guest} at={placeIn(tree.ended ? null : tree.guestDirectory, index)} />
        <Entry side="shadow" entry={shadow} at={placeIn(tree.ended ? null : tree.shadowDirectory, index)} />
        <td>
          <Strip directory={directory} />
          <Why why={why} />
        </td>
      </tr>
      {open && runs.map((run) => <Run key={run.index} run={run} base={first} changed={changes.runs.has(run)} tables={tables} />)}
    </tbody>
  );
}

interface RunProps {
  run: RunView;
  base: number;
  changed: boolean;
  /** Physical addresses of the two page tables; null: there is none, or it has been given back. */
  tables: Readonly<Record<Side, number | null>>;
}

const NOWHERE: RunProps['tables'] = { guest: null, shadow: null };

/** Where an entry of a table stands in real memory. */
const placeIn = (table: number | null, index: number): number | null => (table === null ? null : table + index * 4);

function Run({ run, base, changed, tables }: RunProps): ReactNode {
  const { index, count, guest, shadow, pages, why } = run;
  return (
    <tr className={clsx('tables__run', changed && 'tables--changed')}>
      <th scope="row">
        {hex(base + index * 4096)}
        {count > 1 && <span className="tables__count"> ×{count}</span>}
      </th>
      <Entry side="guest" entry={guest} at={placeIn(tables.guest, index)} />
      <Entry side="shadow" entry={shadow === 0 ? 0 : entryOf(run, 'shadow', index)} pages={pages} at={placeIn(tables.shadow, index)} />
      <td>
        <Why why={why} />
      </td>
    </tr>
  );
}

interface EntryProps {
  side: Side;
  entry: number;
  /** Where it stands in real memory, if that can be told. */
  at: number | null;
  /** Of a run, the pages, where they do not lie one behind the other. */
  pages?: readonly number[] | null;
}

function Entry({ side, entry, at, pages = null }: EntryProps): ReactNode {
  const world = side === 'guest' ? 'world-guest-kernel' : 'world-host';
  const isThere = (entry & PRESENT) !== 0;
  const others = pages === null ? '' : `; the pages: ${pages.map((page) => (page >>> 12).toString(16)).join(', ')}`;
  const title = isThere ? `${hex(entry)}: ${spokenEntry(entry)}${others}` : 'No entry';
  const text = isThere ? (
    <>
      {(entry >>> 12).toString(16).padStart(5, '0')}
      {pages !== null && '…'} <span className="tables__flags">{flagsOf(entry)}</span>
    </>
  ) : (
    '·'
  );
  return (
    <td className={clsx(world, !isThere && 'tables__nothing')} title={title}>
      {at === null ? text : <Shown value={{ kind: 'physical', address: at }}>{text}</Shown>}
    </td>
  );
}

function Why({ why }: { why: readonly Difference[] }): ReactNode {
  return why.map((one) => (
    <span key={one} className={`tables__why tables__why--${one}`} title={DIFFERENCES[one][1]}>
      {DIFFERENCES[one][0]}
    </span>
  ));
}

/** The 1024 places of a page table: above what the Guest has, below what the shadow has. */
function Strip({ directory }: { directory: DirectoryView }): ReactNode {
  const told = `the Guest has ${pagesOf(directory, 'guest')} of 1024, the shadow ${pagesOf(directory, 'shadow')}`;
  return (
    <svg className="tables__strip" viewBox="0 0 1024 16" preserveAspectRatio="none" role="img" aria-label={told}>
      <title>{told}</title>
      {directory.runs.map((run) => {
        // A single page must be seen, too.
        const width = Math.max(run.count, 8);
        return (
          <g key={run.index}>
            {run.guest & PRESENT ? <rect className="tables__had" x={run.index} width={width} y="0" height="7" /> : null}
            {run.shadow & PRESENT ? <rect className="tables__filled" x={run.index} width={width} y="9" height="7" /> : null}
          </g>
        );
      })}
    </svg>
  );
}

/** Scrolls the frame, and nothing else. */
function keepInSight(frame: HTMLElement, row: Element): void {
  const { top, bottom } = row.getBoundingClientRect();
  const edge = frame.getBoundingClientRect();
  if (top < edge.top || bottom > edge.bottom) frame.scrollTop += top - edge.top - frame.clientHeight / 2;
}
