/** Values of which one can see who wrote them last: by pointing at one, or choosing it by the arrows. What is found is told below them, and a click goes there. */
import { useEffect, useRef, useState } from 'react';
import type { ComponentProps, KeyboardEvent, ReactNode } from 'react';
import clsx from 'clsx';

import { grouped } from '../page/grouped.ts';
import type { Value, Writer, Written } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import ChapterLink from './ChapterLink.tsx';
import { useElsewhere } from './Here.tsx';

/** A pointer that rests so many milliseconds asks. */
const REST_MS = 180;
const VALUE = 'data-value';
/** What it is called, where that is not seen from where it stands. */
const CALLED = 'data-called';

/** What makes something a value that can be pointed at; only within {@link Wrote}. @param called what it is called in the answer */
export function asValue(value: Value | null, called?: string): Readonly<Record<string, string>> {
  return value === null ? {} : { [VALUE]: JSON.stringify(value), ...(called !== undefined && { [CALLED]: called }) };
}

/** A value that can be pointed at, and reached by the arrows; only within {@link Wrote}. Without one, what is shown is shown all the same. */
export function Shown({
  value,
  called,
  className,
  ...rest
}: { value: Value | null; called?: string } & Omit<ComponentProps<'button'>, 'value'>): ReactNode {
  if (value === null) return rest.children;
  return <button type="button" tabIndex={-1} className={clsx('value', className)} {...asValue(value, called)} {...rest} />;
}

/** Has the values in it answered for. */
export default function Wrote({ session, label, children }: { session: Session; label: string; children: ReactNode }): ReactNode {
  const frame = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was asked here last, as text. */
  const [mine, setMine] = useState('');
  const [called, setCalled] = useState('');
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
    const one = valueAt(target);
    const text = one?.getAttribute(VALUE);
    if (one === null || text == null) return;
    const { asked: current, written: known } = session.view();
    if (current !== null && JSON.stringify(current) === text && (known === null || known.found !== null)) return;
    timer.current = setTimeout(() => {
      setMine(text);
      setCalled(one.getAttribute(CALLED) ?? '');
      session.send({ type: 'who', value: JSON.parse(text) as Value, patient: false });
    }, after);
  };
  const go = (writer: Writer): void => session.send({ type: 'to-exact', where: writer.where, midway: writer.midway });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented) return;
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
          const one = valueAt(target);
          const text = one?.getAttribute(VALUE);
          if (text == null) return;
          if (own && text === mine && written?.found && one?.matches(ROVING)) go(written.found);
          else ask(target, 0);
        }}
      >
        {children}
      </div>
      <div className="wrote__told" role="status">
        <Answer
          written={own ? written : null}
          asked={own}
          called={called}
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
  called: string;
  go: (writer: Writer) => void;
  more: () => void;
}

function Answer({ asked, called, ...rest }: AnswerProps): ReactNode {
  if (!asked) return <span className="wrote__hint">Point at a value, or choose one by the arrows, to see who wrote it last.</span>;
  return (
    <>
      {called !== '' && <b>{called}: </b>}
      <Told {...rest} />
    </>
  );
}

function Told({ written, go, more }: Pick<AnswerProps, 'written' | 'go' | 'more'>): ReactNode {
  if (written === null) return 'Looking for who wrote it…';
  if (written.found !== null) {
    const { found } = written;
    return (
      <>
        <By {...found} />{' '}
        <button type="button" className="link" onClick={() => go(found)}>
          at {grouped(found.where.at)}: go there
        </button>
      </>
    );
  }
  if (written.before !== undefined)
    return (
      <>
        <By world="host" place={written.before} text={null} />, as lguest was loaded, before this run began.
      </>
    );
  if (written.whole)
    return written.value.kind === 'asked'
      ? 'Nobody: the Guest never asked for another, and it is as the Host made it together with the Guest.'
      : 'Nobody, as long as this run lasts: it was so from the beginning.';
  return (
    <>
      Nobody in the last part of the run.{' '}
      <button type="button" className="link" onClick={more}>
        Look further back
      </button>
    </>
  );
}

/** Who it was, and which line. */
function By({ world, place, text }: Pick<Writer, 'world' | 'place' | 'text'>): ReactNode {
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
      )}
    </>
  );
}

/** Those that the arrows go through: others, as a grid's cells, have arrows of their own, and a click that means something else. */
const ROVING = `.value[${VALUE}]`;

function valuesIn(frame: HTMLElement | null): HTMLElement[] {
  return frame === null ? [] : [...frame.querySelectorAll<HTMLElement>(ROVING)];
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
