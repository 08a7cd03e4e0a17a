/** Something to find out at a Guest. The answer is nowhere in the page: the judge runs the Guest for it. */
import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';

import { gradeAnswer } from '../edit/check.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import type { NamedSought } from './exercise.ts';
import Item, { anchorOf } from './Item.tsx';
import { keepSolved, useSolved } from './progress.ts';

interface FindProps {
  readonly id: string;
  readonly title: string;
  readonly scene: string;
  readonly sought: NamedSought;
  readonly children: ReactNode;
}

export default function Find({ id, title, scene, sought, children }: FindProps): ReactNode {
  const checker = useLiveUrl('checker.js');
  const solved = useSolved(id);
  const [given, setGiven] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const [busy, setBusy] = useState(false);
  const word = given ?? solved?.answer ?? '';
  const ask = (reveal: boolean): void => {
    setBusy(true);
    void gradeAnswer(checker, { kind: 'find', scene, sought }, word).then((graded) => {
      setBusy(false);
      if (typeof graded === 'string') setTold(`That could not be found out: ${graded}.`);
      else if (graded.right) {
        setTold('Right.');
        keepSolved(id, { answer: word.trim() });
      } else setTold(reveal ? `The Guest says ${graded.answer}.` : 'The Guest says something else. Look once more.');
    });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (word.trim() !== '' && !busy) ask(false);
  };
  const means = (
    <form className="turn__means" onSubmit={submit}>
      <label htmlFor={`${anchorOf(id)}-answer`}>Your answer</label>
      <input
        id={`${anchorOf(id)}-answer`}
        value={word}
        onChange={(event) => setGiven(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        size={14}
      />
      <button type="submit" disabled={busy || word.trim() === ''}>
        Is it right?
      </button>
      <button type="button" className="link" disabled={busy} onClick={() => ask(true)}>
        I give up
      </button>
      <p className="turn__told" role="status">
        {busy ? 'The Guest is asked…' : told || (solved === undefined ? '' : 'Right.')}
      </p>
    </form>
  );
  return (
    <Item id={id} title={title} kind="find out" means={means}>
      {children}
    </Item>
  );
}
