/** Something to change: the reader's edits are tried on a Guest, which tells whether they do it. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import type { Wanted } from '#world';
import { changed } from '../edit/broken.ts';
import type { ChunkChanges } from '../edit/broken.ts';
import { gradeEdits } from '../edit/check.ts';
import LineChange from '../edit/LineChange.tsx';
import { applyEdit, bookCode, runEdits } from '../edit/state.ts';
import { lostTo, typedEdits } from '../page/edits.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { Graded } from './exercise.ts';
import Item from './Item.tsx';
import { keepSolved, useSolved } from './progress.ts';

interface ChangeProps {
  readonly id: string;
  readonly title: string;
  readonly scene: string;
  readonly wants: Wanted;
  readonly keeps?: readonly string[];
  readonly tries?: ChunkChanges;
  readonly solution: ChunkChanges;
  readonly children: ReactNode;
}

export default function Change({ id, title, scene, wants, keeps, tries, solution, children }: ChangeProps): ReactNode {
  const checker = useLiveUrl('checker.js');
  const solved = useSolved(id);
  const [graded, setGraded] = useState<Graded | string | null>(null);
  const [busy, setBusy] = useState(false);
  const check = (): void => {
    const edits = typedEdits();
    setBusy(true);
    void gradeEdits(checker, { kind: 'change', scene, wants, keeps, tries }, edits).then((found) => {
      setBusy(false);
      setGraded(found);
      if (typeof found !== 'string' && found.faults.length === 0) keepSolved(id, { edits });
    });
  };
  const means = (
    <div className="turn__means">
      <button type="button" disabled={busy} onClick={check}>
        Check my change
      </button>
      <div className="turn__told" role="status">
        {busy ? 'It is tried…' : graded !== null ? <Told graded={graded} /> : solved !== undefined && 'Passed, the last time.'}
      </div>
      <details className="turn__solution">
        <summary>Show me how it can be done</summary>
        <Solution solution={solution} scene={scene} />
      </details>
    </div>
  );
  return (
    <Item id={id} title={title} kind="change" means={means}>
      {children}
    </Item>
  );
}

function Told({ graded }: { graded: Graded | string }): ReactNode {
  if (typeof graded === 'string') return `That could not be tried: ${graded}.`;
  if (graded.faults.length === 0) return 'Passed.';
  return (
    <>
      Not yet.
      <ul>
        {graded.faults.slice(0, 3).map((fault) => {
          const [first, ...printed] = fault.split('\n');
          return (
            <li key={fault}>
              {first}
              {printed.length > 0 && <pre className="turn__printed">{printed.join('\n')}</pre>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** One way to do it, line by line; where its blocks stand on the page, a button puts it in. */
function Solution({ solution, scene }: { solution: ChunkChanges; scene: string }): ReactNode {
  const [away, setAway] = useState(false);
  const [lost, setLost] = useState<readonly string[]>([]);
  const putIn = (isSure: boolean): void => {
    const texts = changed(solution, bookCode);
    setAway(texts === null);
    const others = texts === null || isSure ? [] : lostTo(texts);
    setLost(others);
    if (texts === null || others.length > 0) return;
    for (const [chunk, text] of Object.entries(texts)) applyEdit(chunk, bookCode(chunk) ?? '', text);
    runEdits(scene);
  };
  return (
    <>
      {solution.map(([chunk, line, becomes]) => (
        <div key={`${chunk} ${line}`} className="turn__change">
          <span className="turn__chunk">{chunk}</span>
          <LineChange line={line} becomes={becomes} />
        </div>
      ))}
      <p className="turn__put">
        <button type="button" onClick={() => putIn(false)}>
          Put it in, and run the Guest
        </button>
        {lost.length > 0 && (
          <span role="group" aria-label="Put it in">
            {' '}
            <span role="alert">What you have made of {lost.join(', ')} would be lost.</span>{' '}
            <button type="button" className="link" onClick={() => putIn(true)}>
              All the same
            </button>{' '}
            <button type="button" className="link" onClick={() => setLost([])}>
              Leave mine
            </button>
          </span>
        )}
        {away && <span role="alert"> One of these blocks stands on another page: it has to be changed there.</span>}
      </p>
    </>
  );
}
