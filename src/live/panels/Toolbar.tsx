/** Run, pause, step, reset, speed; and who is running now. */
import type { ReactNode } from 'react';
import clsx from 'clsx';

import { ACTIONS, canDo, HELP_KEY } from '../page/commands.ts';
import type { Action } from '../page/commands.ts';
import { PACES, readPace, writePace } from '../page/pace.ts';
import { remember } from '../page/remembered.ts';
import type { Session } from '../page/session.ts';
import { hasEnded } from '../page/state.ts';
import { useSession } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';

const ICONS: Readonly<Partial<Record<Action['command'] | 'pause' | 'again', string>>> = {
  toggle: 'M4.500 2.500l8 5.500-8 5.500z',
  pause: 'M5 3h3v10H5zM9.500 3h3v10h-3z',
  again: 'M8 3a5 5 0 1 0 5 5h-1.800A3.200 3.200 0 1 1 8 4.800V7l4-3-4-3z',
  'event-before': 'M13 3L7 8l6 5zM4 6.200a1.800 1.800 0 1 1-.01 0z',
  back: 'M13 3L7 8l6 5zM3 3h2.500v10H3z',
  step: 'M3 3l6 5-6 5zM10.500 3h2.500v10h-2.500z',
  over: 'M3 11a5 5 0 0 1 9.300-1.500L14 8v5H9.500l1.500-1.800A3.200 3.200 0 0 0 4.800 11zM6.500 12.500h2v2h-2z',
  out: 'M8 2l4.500 4.500H9.200V11H6.800V6.500H3.500zM3 12.500h10v1.800H3z',
  event: 'M3 3l6 5-6 5zM12 6.200a1.800 1.800 0 1 1-.01 0z',
  reset: 'M8 3a5 5 0 1 1-5 5h1.800A3.200 3.200 0 1 0 8 4.800V7L4 4l4-3z',
};

export default function Toolbar({ session, onHelp }: { session: Session; onHelp: () => void }): ReactNode {
  const title = useSession(session, (view) => view.title);
  return (
    <div className="toolbar" role="toolbar" aria-label={`Controls: ${title}`}>
      <Who session={session} />
      {ACTIONS.filter(({ rare }) => rare !== true).map((action) => (
        <Button key={action.command} session={session} action={action} />
      ))}
      <Speed session={session} />
      <button
        type="button"
        className="toolbar__help"
        onClick={onHelp}
        aria-keyshortcuts={HELP_KEY}
        aria-label="What you can do, and its keys"
        title={`What you can do, and its keys (${HELP_KEY})`}
      >
        ?
      </button>
    </div>
  );
}

function Who({ session }: { session: Session }): ReactNode {
  const world = useSession(session, (view) => view.world);
  const bare = useSession(session, (view) => view.bare);
  const sign = world === null ? null : signOf(world, bare);
  return (
    <span className="toolbar__who" title={sign === null ? undefined : `The processor is in the ${sign.label}`}>
      <span className="toolbar__lamp" aria-hidden="true">
        {sign?.shape ?? '·'}
      </span>
      <span className="toolbar__world">{sign?.label ?? '…'}</span>
    </span>
  );
}

function Button({ session, action }: { session: Session; action: Action }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const searches = useSession(session, (view) => view.search !== null);
  const { command, keys, does } = action;
  const main = command === 'toggle';
  const retry = main && phase === 'failed';
  const state = !main ? null : phase === 'running' ? 'pause' : hasEnded({ phase }) || retry ? 'again' : null;
  const label = state === 'pause' ? (searches ? 'Stop' : 'Pause') : retry ? 'Try again' : state === 'again' ? 'Again' : action.label;
  return (
    <button
      type="button"
      className={clsx(`toolbar__${command}`, main && 'toolbar__main')}
      disabled={!canDo(action, { phase }) && !retry}
      onClick={() => session.send({ type: command })}
      aria-keyshortcuts={keys[0]}
      title={`${does[0].toUpperCase()}${does.slice(1)} (${keys[0]})`}
    >
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <path d={ICONS[state ?? command]} fill="currentColor" />
      </svg>
      <span className="toolbar__label">{label}</span>
    </button>
  );
}

function Speed({ session }: { session: Session }): ReactNode {
  const pace = useSession(session, (view) => view.pace);
  return (
    <select
      className="toolbar__pace"
      value={writePace(pace)}
      aria-label="Speed"
      title="Speed"
      onChange={({ target }) => {
        remember('pace', target.value);
        session.send({ type: 'pace', pace: readPace(target.value) });
      }}
    >
      {PACES.map(([label, one]) => (
        <option key={label} value={writePace(one)}>
          {label}
        </option>
      ))}
    </select>
  );
}
