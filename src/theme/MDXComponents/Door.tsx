import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { momentQuery } from '#live';
import type { Pace, WorldName } from '#live';

import { usePageMoments } from '../moments.ts';

interface DoorProps {
  /** Where it leads: a page, and the place on it where something is to be seen of the Guest, or done to it. */
  to: string;
  scene: string;
  /** A moment of its run, said as for `<Moment>`; without, the run begins at its beginning. */
  at?: string;
  line?: string;
  when?: string;
  hit?: number;
  /** The instruments that open. */
  panels: string;
  /** How fast it runs. */
  pace: Pace;
  who: WorldName;
  name: string;
  /** Told by the build. */
  moment?: string;
  title?: string;
  children: ReactNode;
}

/** A place of the tour, and a Guest that runs there as soon as one has come. */
export default function Door({ to, scene, panels, pace, who, name, moment = '', title = name, children }: DoorProps): ReactNode {
  const known = usePageMoments()[moment];
  const [page, place = ''] = to.split('#');
  const query = momentQuery({ scene, title, panels: panels.split(' '), runs: pace, ...known });
  return (
    <li>
      <Link className={`door world-${who}`} to={`${page}${query}${place && `#${place}`}`}>
        <b>{name}</b>
        <span>{children}</span>
      </Link>
    </li>
  );
}

/** Ways in, for who would rather touch than read. */
export function Doors({ children }: { children: ReactNode }): ReactNode {
  return <ul className="doors">{children}</ul>;
}
