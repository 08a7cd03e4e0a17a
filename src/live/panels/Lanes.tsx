/** Who is running: stretch by stretch, or true to scale. */
import { useState } from 'react';
import type { ReactNode } from 'react';

import { fetched } from '../page/fetched.tsx';
import type { Session } from '../page/session.ts';
import { useSession } from '../page/use_session.ts';
import LanesByStretch from './LanesByStretch.tsx';
import { tellStretch } from './lanes_text.ts';

const LanesToScale = fetched(() => import('./LanesToScale.tsx'), 'the lanes');

export default function Lanes({ session }: { session: Session }): ReactNode {
  const [toScale, setToScale] = useState(false);
  const terminals = useSession(session, (view) => view.terminals);
  return (
    <>
      <div className="filters" role="group" aria-label="How they are drawn">
        <button type="button" aria-pressed={!toScale} onClick={() => setToScale(false)}>
          stretch by stretch
        </button>
        <button type="button" aria-pressed={toScale} onClick={() => setToScale(true)}>
          to scale, to be zoomed
        </button>
      </div>
      {toScale ? (
        <LanesToScale session={session} tell={(stretch) => tellStretch(stretch, terminals)} />
      ) : (
        <LanesByStretch session={session} />
      )}
    </>
  );
}
