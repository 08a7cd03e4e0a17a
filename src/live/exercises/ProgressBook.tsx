/** All exercises and what the reader has solved of them; as a file, and from one; and, for a teacher, the files of others. */
import { useId, useState } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { useChapterAddress } from '../page/chapter_address.ts';
import { saveAs } from '../page/save_as.ts';
import { anchorOf } from './Item.tsx';
import { readProgress, takeInProgress, useProgress, writeProgress } from './progress.ts';
import type { Progress } from './progress.ts';
import Students from './Students.tsx';

/** An exercise, as it is listed. */
export interface ListedExercise {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly chapter: string;
}

/** Chapters in the tour's order, with their exercises. */
export type ExerciseList = readonly {
  readonly chapter: string;
  readonly title: string;
  readonly exercises: readonly ListedExercise[];
}[];

/** The graded ones: of what is only to be thought about, nobody knows whether it was. */
const isGraded = ({ kind }: ListedExercise): boolean => kind !== 'explore';

const WORDS: Readonly<Record<string, string>> = { change: 'change', find: 'find out', explore: 'explore' };

export default function ProgressBook({ chapters }: { chapters: ExerciseList }): ReactNode {
  const addressOf = useChapterAddress();
  const progress = useProgress();
  const graded = chapters.flatMap(({ exercises }) => exercises.filter(isGraded));
  const solved = graded.filter(({ id }) => id in progress).length;
  return (
    <div className="progress-book">
      <p>
        {graded.length} exercises are looked over by the page itself; you have solved <b>{solved}</b>.
      </p>
      <Own progress={progress} />
      {chapters.map(({ chapter, title, exercises }) => (
        <section key={chapter}>
          <h2>
            <Link to={addressOf(`docs/${chapter}.mdx`) ?? '/'}>{title}</Link>
          </h2>
          <ul className="progress-book__list">
            {exercises.map((one) => (
              <li key={one.id}>
                <span className="progress-book__mark" aria-hidden="true">
                  {one.id in progress ? '✓' : '·'}
                </span>
                {one.id in progress && <span className="for-ears">solved: </span>}
                <Link to={`${addressOf(`docs/${chapter}.mdx`) ?? '/'}#${anchorOf(one.id)}`}>{one.title}</Link>{' '}
                <span className="turn__kind">{WORDS[one.kind] ?? one.kind}</span>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <Students chapters={chapters} />
    </div>
  );
}

/** The reader's own progress: out, and in. */
function Own({ progress }: { progress: Progress }): ReactNode {
  const id = useId();
  const [name, setName] = useState('');
  const [told, setTold] = useState('');
  const open = ({ target }: ChangeEvent<HTMLInputElement>): void => {
    const file = target.files?.[0];
    target.value = '';
    void file
      ?.text()
      .then((text) => {
        const { solved } = readProgress(text);
        takeInProgress(solved);
        setTold(`${Object.keys(solved).length} solved exercises came out of ${file.name}.`);
      })
      .catch((error: unknown) => setTold(`${file.name}: ${error instanceof Error ? error.message : String(error)}.`));
  };
  return (
    <>
      <div className="progress-book__bar">
        <label htmlFor={`${id}-name`}>Your name, for the file</label>
        <input id={`${id}-name`} type="text" value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" />
        <button
          type="button"
          onClick={() =>
            saveAs(new Blob([writeProgress({ name, solved: progress })], { type: 'application/json' }), 'lguest-live-progress.json')
          }
        >
          Save as a file
        </button>
        <label htmlFor={`${id}-file`}>or take in what such a file says</label>
        <input id={`${id}-file`} type="file" accept=".json,application/json" onChange={open} />
      </div>
      <p role="status">{told}</p>
    </>
  );
}
