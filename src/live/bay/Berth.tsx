/** In the text, where a Guest was booted: a quiet frame that says how it is and leads to it. */
import type { ReactNode, Ref } from 'react';

import { useSession } from '../page/use_session.ts';
import { signOf } from '../worlds.ts';
import type { Housed } from './housed.ts';

/** How it is, in a word or two. */
const WORDS = {
  asleep: 'is asleep',
  loading: 'is being fetched',
  failed: 'cannot run here',
  panicked: 'went down with its Host',
  running: 'is running',
  idle: 'waits for you to type',
  exited: 'has come to its end',
  paused: 'stands still',
} as const;

export default function Berth({ ref, housed: { session, scene, title } }: { ref: Ref<HTMLElement>; housed: Housed }): ReactNode {
  const phase = useSession(session, (view) => view.phase);
  const world = useSession(session, (view) => view.world);
  const bare = useSession(session, (view) => view.bare);
  const sign = world === null ? null : signOf(world, bare);
  return (
    <section
      ref={ref}
      className={`live berth world-${world ?? 'neutral'}`}
      aria-label={`Place of the Guest: ${title}`}
      data-berth={scene ?? undefined}
    >
      <p className="live__title">{title}</p>
      <p className="berth__state">
        <span className="berth__lamp" aria-hidden="true">
          {sign?.shape ?? '·'}
        </span>{' '}
        This {bare ? 'machine' : 'Guest'} {WORDS[phase]}, in the bay <span className="berth__beside">beside the text</span>
        <span className="berth__below">at the foot of the window</span>. It stays there as you read on.
      </p>
      <p className="berth__ways">
        <button type="button" onClick={toTheBay}>
          Go to it
        </button>
        <button type="button" onClick={() => session.sleep()}>
          Put it away
        </button>
      </p>
    </section>
  );
}

function toTheBay(): void {
  document.querySelector<HTMLElement>('.bay')?.focus({ preventScroll: true });
}
