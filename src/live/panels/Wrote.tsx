/** Values of which one can see who wrote them last: by pointing at one, or choosing it by the arrows. What is found is told below them, and a click goes there. */
import { useEffect, useRef, useState } from 'react';
import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import clsx from 'clsx';

import type { Value, Writer, Written } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import ChapterLink from './ChapterLink.tsx';
import { useElsewhere } from './Here.tsx';

/** A pointer that rests so many milliseconds asks. */
const REST_MS = 180;
const VALUE = 'data-value';

/** A value that can be pointed at; only within {@link Wrote}. */
export function Shown({ value, className, ...rest }: { value: Value } & Omit<ComponentProps<'button'>, 'value'>): ReactNode {
  return <button type="button" tabIndex={-1} className={clsx('value', className)} {...{ [VALUE]: JSON.stringify(value) }} {...rest} />;
}

/** Has the values in it answered for. */
export default function Wrote({ session, label, children }: { session: Session; label: string; children: ReactNode }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was asked here last, as text. */
  const [mine, setMine] = useState('');
  const asked = useSession(session, (view) => view.asked);
  const written = useSession(session, (view) => view.written);
  const own = asked !== null && JSON.stringify(asked) === mine;
  // One of them can be reached by Tab, the others from there.
  useEffect(() => {
    const values = valuesIn(frame.current);
    if (values.length > 0 && !values.some(({ tabIndex }) => tabIndex === 0)) values[0].tabIndex = 0;
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (target: EventTarget, after: number): void => {
    clearTimeout(timer.current);
    const text = valueAt(target)?.getAttribute(VALUE);
    if (text == null) return;
    const { asked: current, written: known } = session.view();
    if (current !== null && JSON.stringify(current) === text && (known === null || known.found !== null)) return;
    timer.current = setTimeout(() => {
      setMine(text);
      session.send({ type: 'who', value: JSON.parse(text) as Value, patient: false });
    }, after);
  };
  const go = (writer: Writer): void => session.send({ type: 'to-exact', where: writer.where, midway: writer.midway });
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = next(valuesIn(frame.current), valueAt(event.target), event.key);
    if (to === null) return;
    event.preventDefault();
    for (const one of valuesIn(frame.current)) one.tabIndex = one === to ? 0 : -1;
    to.focus();
  };
  return (
    <div className="wrote">
      <div
        ref={frame}
        role="group"
        aria-label={label}
        onPointerOver={({ target }) => ask(target, REST_MS)}
        onPointerLeave={() => clearTimeout(timer.current)}
        onFocus={({ target }) => ask(target, 0)}
        onKeyDown={onKeyDown}
        onClick={({ target }) => {
          const text = valueAt(target)?.getAttribute(VALUE);
          if (text == null) return;
          if (own && text === mine && written?.found) go(written.found);
          else ask(target, 0);
        }}
      >
        {children}
      </div>
      <div className="wrote__told" role="status">
        <Answer
          written={own ? written : null}
          asked={own}
          go={go}
          more={() => asked !== null && session.send({ type: 'who', value: asked, patient: true })}
        />
      </div>
    </div>
  );
}

interface AnswerProps {
  written: Written | null;
  asked: boolean;
  go: (writer: Writer) => void;
  more: () => void;
}

function Answer({ written, asked, go, more }: AnswerProps): ReactNode {
  if (!asked) return <span className="wrote__hint">Point at a value, or choose one by the arrows, to see who wrote it last.</span>;
  if (written === null) return 'Looking for who wrote it…';
  if (written.found !== null) return <Found writer={written.found} go={go} />;
  if (written.whole) return 'Nobody, as long as this run lasts: it was so from the beginning.';
  return (
    <>
      Nobody in the last part of the run.{' '}
      <button type="button" className="link" onClick={more}>
        Look further back
      </button>
    </>
  );
}

function Found({ writer, go }: { writer: Writer; go: (writer: Writer) => void }): ReactNode {
  const { world, place, text, where } = writer;
  const excerpt = useElsewhere(place);
  const sign = signOf(world);
  const line = excerpt?.lines.find((one) => one.line === place?.line)?.text.trim();
  return (
    <>
      <span className={`wrote__who world-${world}`}>
        {sign.shape} {sign.label}
      </span>{' '}
      {place !== null && <ChapterLink source={place.source} line={place.line} />}
      {excerpt !== null && ` (${excerpt.chunk})`}
      {(text ?? line) !== undefined && (
        <>
          : <code>{text ?? line}</code>
        </>
      )}{' '}
      <button type="button" className="link" onClick={() => go(writer)}>
        at {where.at.toLocaleString('en')}: go there
      </button>
    </>
  );
}

function valuesIn(frame: HTMLElement | null): HTMLElement[] {
  return frame === null ? [] : [...frame.querySelectorAll<HTMLElement>(`[${VALUE}]`)];
}

function valueAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(`[${VALUE}]`) : null;
}

/** The value that a key leads to; null: none. */
function next(values: readonly HTMLElement[], from: HTMLElement | null, key: string): HTMLElement | null {
  if (from === null) return null;
  const index = values.indexOf(from);
  if (key === 'ArrowLeft') return values[index - 1] ?? null;
  if (key === 'ArrowRight') return values[index + 1] ?? null;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const { left, top } = from.getBoundingClientRect();
  const way = key === 'ArrowDown' ? 1 : -1;
  let best: HTMLElement | null = null;
  let least = Infinity;
  for (const one of values) {
    const box = one.getBoundingClientRect();
    const down = (box.top - top) * way;
    if (down < 4) continue;
    const distance = down * 8 + Math.abs(box.left - left);
    if (distance < least) [best, least] = [one, distance];
  }
  return best;
}
