import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';

import { momentQuery } from '#live';
import type { WorldName } from '#live';

/** A place of the tour where a Guest waits, before its first instruction. */
interface Door {
  readonly page: string;
  readonly scene: string;
  readonly title: string;
  readonly panels: readonly string[];
  readonly world: WorldName;
  readonly name: string;
  readonly text: string;
}

const DOORS: readonly Door[] = [
  {
    page: '/host/page_tables/',
    scene: 'page_tables',
    title: 'Faults that are seen, and faults that are not',
    panels: ['terminal', 'events', 'lanes'],
    world: 'host',
    name: 'Watch a shadow fill',
    text: 'A kernel writes its page tables, and the processor walks others. Each hidden fault adds one entry. Count them.',
  },
  {
    page: '/host/segments/',
    scene: 'hostile',
    title: 'A burglar',
    panels: ['terminal', 'events', 'registers'],
    world: 'switcher',
    name: 'Break in',
    text: 'A Guest tries every lock of the house. Help it: take one line out of the Host, and see which door gives way.',
  },
  {
    page: '/boot/',
    scene: 'puppy_pair',
    title: 'Two puppies, and a wire',
    panels: ['terminal', 'lanes'],
    world: 'guest-kernel',
    name: 'Two kernels on a wire',
    text: 'Both boot on one processor, each with a shell. Let the first say “ping 10.0.0.2”, and stop the packet half way.',
  },
];

/** Three ways in, for who would rather touch than read: each leads to a Guest that waits to be run. */
export default function Doors(): ReactNode {
  return (
    <ul className="doors">
      {DOORS.map(({ page, scene, title, panels, world, name, text }) => (
        <li key={scene}>
          <Link className={`door world-${world}`} to={`${page}${momentQuery({ scene, title, panels })}`}>
            <b>{name}</b>
            <span>{text}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
