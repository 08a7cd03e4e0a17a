/** For a teacher: the files of others, side by side. They are read in this page; no server sees them, and nothing in them is run. */
import { useId, useState } from 'react';
import type { ChangeEvent, ReactNode } from 'react';

import type { ExerciseList, ListedExercise } from './ProgressBook.tsx';
import { readProgress } from './progress.ts';
import type { ProgressFile, Solved } from './progress.ts';

/** A file that was opened. */
interface Opened extends ProgressFile {
  readonly file: string;
}

export default function Students({ chapters }: { chapters: ExerciseList }): ReactNode {
  const id = useId();
  const [files, setFiles] = useState<readonly Opened[]>([]);
  const [troubles, setTroubles] = useState<readonly string[]>([]);
  const open = async ({ target }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const chosen = [...(target.files ?? [])];
    target.value = '';
    const read: Opened[] = [];
    const wrong: string[] = [];
    for (const file of chosen) {
      try {
        read.push({ ...readProgress(await file.text()), file: file.name });
      } catch (error) {
        wrong.push(`${file.name}: ${error instanceof Error ? error.message : String(error)}.`);
      }
    }
    const again = new Set(read.map(({ file }) => file));
    setFiles((before) => [...before.filter(({ file }) => !again.has(file)), ...read]);
    setTroubles(wrong);
  };
  const graded = chapters
    .map(({ title, exercises }) => ({ title, exercises: exercises.filter(({ kind }) => kind !== 'explore') }))
    .filter(({ exercises }) => exercises.length > 0);
  return (
    <section>
      <h2>For teachers</h2>
      <p>
        Open the files that your students have saved, as many as you like. They are read here, in your browser. A file says what somebody
        has solved, and how: look at the changes, for a file is easily written by hand.
      </p>
      <div className="progress-book__bar">
        <label htmlFor={`${id}-files`}>Files of progress</label>
        <input id={`${id}-files`} type="file" accept=".json,application/json" multiple onChange={(event) => void open(event)} />
        {files.length > 0 && (
          <button type="button" onClick={() => setFiles([])}>
            Put them all away
          </button>
        )}
      </div>
      {troubles.length > 0 && (
        <ul role="alert">
          {troubles.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {files.length > 0 && <Summary files={files} graded={graded} />}
      {files.map((one) => (
        <Student key={one.file} opened={one} graded={graded} />
      ))}
    </section>
  );
}

type Graded = readonly { readonly title: string; readonly exercises: readonly ListedExercise[] }[];

/** Chapters down, students across. */
function Summary({ files, graded }: { files: readonly Opened[]; graded: Graded }): ReactNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be reached by keys
    <div className="progress-book__scroll" tabIndex={0} role="region" aria-label="Who has solved how many">
      <table>
        <thead>
          <tr>
            <th scope="col">Chapter</th>
            {files.map((one) => (
              <th key={one.file} scope="col">
                {nameOf(one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {graded.map(({ title, exercises }) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {files.map(({ file, solved }) => (
                <td key={file}>
                  {exercises.filter(({ id }) => id in solved).length} of {exercises.length}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const nameOf = ({ name, file }: Opened): string => (name === '' ? file : name);

function Student({ opened, graded }: { opened: Opened; graded: Graded }): ReactNode {
  const all = graded.flatMap(({ exercises }) => exercises);
  const known = all.filter(({ id }) => id in opened.solved);
  const strange = Object.keys(opened.solved).filter((id) => !all.some((one) => one.id === id));
  return (
    <details className="progress-book__file">
      <summary>
        {nameOf(opened)}: {known.length} of {all.length}
      </summary>
      <ul>
        {known.map(({ id, title }) => (
          <li key={id}>
            <How title={title} solved={opened.solved[id]} />
          </li>
        ))}
      </ul>
      {strange.length > 0 && <p>This edition of the book does not know: {strange.join(', ')}.</p>}
    </details>
  );
}

function How({ title, solved: { at, answer, edits } }: { title: string; solved: Solved }): ReactNode {
  return (
    <>
      {title}, <time dateTime={at}>{new Date(at).toLocaleDateString('en')}</time>
      {answer !== undefined && (
        <>
          : <code>{answer}</code>
        </>
      )}
      {Object.entries(edits ?? {}).map(([chunk, text]) => (
        <details key={chunk}>
          <summary>{chunk}, as it was changed</summary>
          <pre className="turn__printed">{text}</pre>
        </details>
      ))}
    </>
  );
}
