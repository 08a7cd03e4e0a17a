/** Run, pause, step, reset, speed; and who is running now. */
import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';

import type { Session } from '../page/session.ts';
import { signOf } from '../worlds.ts';

/** Instructions per second. */
const PACES: readonly (readonly [label: string, pace: number | null])[] = [
  ['crawl, 8 a second', 8],
  ['walk, 200 a second', 200],
  ['trot, 20,000 a second', 20_000],
  ['gallop, 1 MHz', 1e6],
  ['as fast as it goes', null],
];

export default function Toolbar({ session, onHelp }: { session: Session; onHelp?: () => void }): ReactNode {
  const view = useSyncExternalStore(session.subscribe, session.view, session.view);
  const running = view.phase === 'running';
  const ended = view.phase === 'exited' || view.phase === 'panicked';
  const busy = view.phase === 'loading' || view.phase === 'failed';
  const sign = view.registers === null ? null : signOf(view.registers.world);
  return (
    <div className="toolbar" role="toolbar" aria-label="Live Guest">
      <span className="toolbar__who" title={sign === null ? undefined : `The processor is in the ${sign.label}`}>
        <span className="toolbar__lamp" aria-hidden="true">
          {sign?.shape ?? '·'}
        </span>
        {sign?.label ?? '…'}
      </span>
      <span className="toolbar__title">{view.title}</span>
      <span className="toolbar__buttons">
        <button
          type="button"
          className="toolbar__main"
          disabled={busy}
          onClick={() => session.toggle()}
          aria-keyshortcuts="p"
          title="Run or pause (p)"
        >
          {running ? (
            <Icon path="M5 3h3v10H5zM9.500 3h3v10h-3z" />
          ) : (
            <Icon path={ended ? 'M8 3a5 5 0 1 0 5 5h-1.800A3.200 3.200 0 1 1 8 4.800V7l4-3-4-3z' : 'M4.500 2.500l8 5.500-8 5.500z'} />
          )}
          {running ? 'Pause' : ended ? 'Again' : 'Run'}
        </button>
        <button type="button" disabled={busy} onClick={() => session.back()} aria-keyshortcuts="b" title="One instruction back (b)">
          <Icon path="M13 3L7 8l6 5zM3 3h2.500v10H3z" />
          Back
        </button>
        <button type="button" disabled={busy || ended} onClick={() => session.step()} aria-keyshortcuts="s" title="One instruction (s)">
          <Icon path="M3 3l6 5-6 5zM10.500 3h2.500v10h-2.500z" />
          Step
        </button>
        <button
          type="button"
          disabled={busy || ended}
          onClick={() => session.stepToEvent()}
          aria-keyshortcuts="n"
          title="On to the next event (n)"
        >
          <Icon path="M3 3l6 5-6 5zM12 6.200a1.800 1.800 0 1 1-.01 0z" />
          Event
        </button>
        <button
          type="button"
          disabled={busy}
          onClick={() => session.reset()}
          aria-keyshortcuts="0"
          title="Back to before the first instruction (0)"
        >
          <Icon path="M8 3a5 5 0 1 1-5 5h1.800A3.200 3.200 0 1 0 8 4.800V7L4 4l4-3z" />
          Reset
        </button>
        <label className="toolbar__pace">
          <span className="toolbar__pace-word">Speed</span>
          <select
            value={String(view.pace)}
            aria-label="Speed"
            onChange={(event) => session.setPace(event.target.value === 'null' ? null : Number(event.target.value))}
          >
            {PACES.map(([label, pace]) => (
              <option key={label} value={String(pace)}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {onHelp !== undefined && (
          <button type="button" onClick={onHelp} aria-keyshortcuts="?" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
            ?
          </button>
        )}
      </span>
    </div>
  );
}

function Icon({ path }: { path: string }): ReactNode {
  return (
    <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
      <path d={path} fill="currentColor" />
    </svg>
  );
}
