/** A chunk in its editor. What is typed is kept as a draft; Guests run it from “Run it” on. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { EditorView } from '@codemirror/view';

import { housedGuest, useHoused } from '../bay/housed.ts';
import { toldProblem } from '../page/describe.ts';
import { currentEdits, keepEdit, keptEdits } from '../page/edits.ts';
import type { ChunkEdit } from '../page/edits.ts';
import { useLiveUrl } from '../page/use_live_url.ts';
import { useSession } from '../page/use_session.ts';
import type { Session } from '../page/session.ts';
import type { WovenProblem } from '../protocol.ts';
import { checkEdits, checkTypes } from './check.ts';
import Difference from './Difference.tsx';
import type { EditableChunk } from './Editable.tsx';
import { openEditor, showProblems } from './editor_view.ts';
import AllEdits from './AllEdits.tsx';
import { applyEdit, editChunk, onApplied, runEditOf, useOtherDrafts } from './state.ts';

/** Typing rests for so many milliseconds before it is looked over. */
const REST_MS = 250;
const NONE: readonly WovenProblem[] = [];

export default function Editor({ chunk, source, line, language, code }: EditableChunk): ReactNode {
  const checker = useLiveUrl('checker.js');
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const [text, setText] = useState(() => textOf(chunk, code));
  const [problems, setProblems] = useState<readonly WovenProblem[] | string | null>(null);
  const [types, setTypes] = useState<readonly WovenProblem[] | string | null>(null);
  const [differs, setDiffers] = useState(false);
  const [homeless, setHomeless] = useState(false);
  const others = useOtherDrafts(chunk);

  const run = useCallback((): void => {
    applyEdit(chunk, code, view.current?.state.doc.toString() ?? code);
    setHomeless(!runEditOf(chunk));
  }, [chunk, code]);
  const close = useCallback((): void => {
    editChunk(chunk, false);
    requestAnimationFrame(() => document.getElementById(chunk)?.querySelector<HTMLElement>('.chunk__edit')?.focus());
  }, [chunk]);

  useEffect(() => {
    if (place.current === null) return undefined;
    const editor = openEditor({
      parent: place.current,
      text: textOf(chunk, code),
      language,
      label: `Code of ${chunk}`,
      changed: setText,
      run,
      close,
    });
    view.current = editor;
    editor.focus();
    // What a button beside it makes of the chunk is seen here, too, and taken back as what is typed.
    const off = onApplied((one, now) => {
      if (one === chunk && now !== editor.state.doc.toString()) replaceAll(editor, now);
    });
    // What a run will take is fetched while the reader thinks.
    housedGuest()?.session.prepareEdits();
    return () => {
      off();
      view.current = null;
      editor.destroy();
    };
  }, [chunk, code, language, run, close]);

  useEffect(() => {
    let wanted = true;
    const checkThoroughly = (): void => {
      void checkTypes(checker, { ...currentEdits(), [chunk]: text }, chunk).then((found) => {
        if (!wanted) return;
        setTypes(found);
        if (view.current !== null && typeof found !== 'string') showProblems(view.current, found, chunk);
      });
    };
    const timer = setTimeout(() => {
      const kept = keptEdits()[chunk] as ChunkEdit | undefined;
      const applied = kept?.text ?? null;
      keepEdit(chunk, { ...kept, text: applied, draft: text === (applied ?? code) ? null : text, book: code });
      void checkEdits(checker, { ...currentEdits(), [chunk]: text }, chunk).then((found) => {
        if (!wanted) return;
        setProblems(found);
        setTypes(null);
        if (view.current !== null) showProblems(view.current, typeof found === 'string' ? [] : found, chunk);
        if (language === 'ts' && found.length === 0) checkThoroughly();
      });
    }, REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [chunk, code, text, checker, language]);

  const reset = (): void => {
    const editor = view.current;
    if (editor === null) return;
    replaceAll(editor, code);
    editor.focus();
  };
  const housed = useHoused();
  return (
    <div className="edit">
      <div ref={place} className="edit__code" />
      {housed !== null && (
        <Broken session={housed.session} chunk={chunk} show={(found) => view.current && showProblems(view.current, found, chunk)} />
      )}
      <Verdict problems={problems} types={language === 'ts' ? types : undefined} chunk={chunk} />
      {homeless && (
        <p className="edit__note">It is kept. No Guest stands on this page: boot one on another, and it will run on your code.</p>
      )}
      {others !== '' && <p className="edit__note">Typed as well, but not run yet: {others}. Each runs from its own “Run it” on.</p>}
      <div className="edit__bar" role="group" aria-label="What to do with the edit">
        <button type="button" className="edit__run" onClick={run} title="Ctrl Enter">
          Run it
        </button>
        <button type="button" aria-pressed={differs} onClick={() => setDiffers(!differs)}>
          Against the book
        </button>
        <button type="button" disabled={text === code} onClick={reset}>
          As in the book
        </button>
        <button type="button" onClick={close} title="Escape">
          Close
        </button>
        <span className="edit__keys">Ctrl&nbsp;Enter runs, Ctrl&nbsp;Z takes back, Esc closes</span>
      </div>
      {differs && <Difference source={source} book={code} text={text} line={line} />}
      <AllEdits checker={checker} />
    </div>
  );
}

function replaceAll(editor: EditorView, text: string): void {
  editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
}

function textOf(chunk: string, code: string): string {
  const { draft = null, text = null } = keptEdits()[chunk] ?? {};
  return draft ?? text ?? code;
}

type Found = readonly WovenProblem[] | string | null;

/** What the checkers say: whether it can be built, and, of TypeScript, whether its types fit (null: not yet known). */
function Verdict({ problems, types, chunk }: { problems: Found; types: Found | undefined; chunk: string }): ReactNode {
  if (problems === null) return <p className="edit__verdict">Looking it over…</p>;
  if (typeof problems === 'string') return <p className="edit__verdict">It could not be looked over: {problems}.</p>;
  if (problems.length > 0) return <Complaints problems={problems} chunk={chunk} />;
  if (types === undefined || types === null || typeof types === 'string' || types.length === 0)
    return (
      <p className="edit__verdict" role="status">
        It can be built. {types === null && 'TypeScript is looking at the types…'}
        {typeof types === 'string' && `The types could not be looked at: ${types}.`}
        {typeof types === 'object' && types !== null && 'Its types fit.'}
      </p>
    );
  return (
    <>
      <p className="edit__verdict">It can be built, and run. But TypeScript says:</p>
      <Complaints problems={types} chunk={chunk} />
    </>
  );
}

function Complaints({ problems, chunk }: { problems: readonly WovenProblem[]; chunk: string }): ReactNode {
  return (
    <ul className="edit__verdict edit__verdict--bad" role="status">
      {problems.slice(0, 5).map((one, index) => (
        <li key={index}>{saidOf(one, chunk)}</li>
      ))}
    </ul>
  );
}

/** What the Guest that runs on edits came to. */
function Broken({
  session,
  chunk,
  show,
}: {
  session: Session;
  chunk: string;
  show: (problems: readonly WovenProblem[]) => void;
}): ReactNode {
  // Of code that a link or a file has brought nothing stands in this editor.
  const problems = useSession(session, (view) => (view.brought === null ? view.problems : NONE));
  const here = useRef(show);
  here.current = show;
  useEffect(() => {
    if (problems.some((one) => one.chunk === chunk)) here.current(problems);
  }, [problems, chunk]);
  if (problems.length === 0) return null;
  return (
    <p className="edit__verdict edit__verdict--bad" role="alert">
      The Guest: {problems.map((one) => saidOf(one, chunk)).join('; ')}.
    </p>
  );
}

function saidOf(problem: WovenProblem, chunk: string): string {
  const { chunk: other, at, message } = problem;
  if (other === chunk) return at > 0 ? `line ${at}: ${message}` : message;
  return toldProblem(problem);
}
