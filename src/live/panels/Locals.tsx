/** The functions of Host and Launcher that have been called and have not returned, with their arguments and variables; what changed since the last step is marked. */
import type { ReactNode } from 'react';
import clsx from 'clsx';

import type { ShownFrame, ShownVariable } from '../protocol.ts';
import type { Session } from '../page/session.ts';
import { useSession, useView, useViewBefore } from '../page/use_session.ts';
import ChapterLink from './ChapterLink.tsx';

export default function Locals({ session }: { session: Session }): ReactNode {
  const frames = useView(session, 'locals');
  const before = useViewBefore(session, 'locals');
  const midway = useSession(session, (view) => view.midway);
  if (frames === null || frames.length === 0) {
    return (
      <p className="panel__empty">
        {midway
          ? 'What is in these variables could not be fetched.'
          : 'The processor is in machine code: what that works with are registers and memory. Step on until the Host or the Launcher is at work.'}
      </p>
    );
  }
  return (
    <div className="locals">
      {frames.map((frame, n) => (
        <One key={frames.length - n} frame={frame} before={before?.at(-(frames.length - n)) ?? null} top={n === 0} />
      ))}
      <p className="locals__note">
        Registers, memory, page tables, segments, gates and rings tell who wrote them last; a variable does not. What it was at each hit of
        a line is listed by a note on that line.
      </p>
    </div>
  );
}

/** A function. The latest is open. */
function One({ frame, before, top }: { frame: ShownFrame; before: ShownFrame | null; top: boolean }): ReactNode {
  const { name, position, parameters, locals } = frame;
  const old = before?.name === name ? new Map([...before.parameters, ...before.locals].map((one) => [one.name, one.text])) : null;
  const all = [...parameters, ...locals];
  return (
    <div className="locals__call">
      <details open={top} className="locals__frame">
        <summary>
          <code>
            {name === '' ? 'a function' : name}({parameters.map((one) => one.name).join(', ')})
          </code>
        </summary>
        {all.length === 0 ? (
          <p className="panel__empty">It has no variables here.</p>
        ) : (
          <ul className="locals__list">
            {all.map((one) => (
              <Variable key={one.name} variable={one} changed={top && old !== null && old.get(one.name) !== one.text} />
            ))}
          </ul>
        )}
      </details>
      {position !== null && (
        <span className="locals__where">
          <ChapterLink source={position.source} line={position.line} />
        </span>
      )}
    </div>
  );
}

function Variable({ variable: { name, text, parts }, changed = false }: { variable: ShownVariable; changed?: boolean }): ReactNode {
  const line = (
    <>
      <span className="locals__name">{name}</span> <code>{text}</code>
    </>
  );
  return (
    <li className={clsx('locals__one', changed && 'locals__one--changed')}>
      {parts === undefined ? (
        line
      ) : (
        <details>
          <summary>{line}</summary>
          <ul className="locals__list">
            {parts.map((part) => (
              <Variable key={part.name} variable={part} />
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
