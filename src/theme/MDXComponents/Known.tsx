import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import { useDoc } from '@docusaurus/plugin-content-docs/client';

import { useChapterAddress } from '#live';
import Puppy from './Puppy.tsx';

interface Props {
  /** File of the chapter to go on with, relative to this one: `./segments.mdx`. */
  next?: string;
  nextTitle?: string;
  children: ReactNode;
}

/** The end of a chapter: what the traveller takes along, and where the path leads. */
export default function Known({ next, nextTitle, children }: Props): ReactNode {
  const addressOf = useChapterAddress();
  const { metadata } = useDoc();
  const address = next === undefined ? undefined : (addressOf(relativeTo(metadata.source.replace(/^@site\//, ''), next)) ?? next);
  return (
    <section className="known" aria-label="What we now know">
      <p className="known__title">
        <Puppy />
        What we now know
      </p>
      {children}
      {address !== undefined && nextTitle !== undefined && (
        <p className="known__next">
          The path leads on to <Link to={address}>{nextTitle}</Link>.
        </p>
      )}
    </section>
  );
}

/** `docs/host/traps.mdx`, `../switcher/switcher.mdx` -> `docs/switcher/switcher.mdx` */
function relativeTo(file: string, path: string): string {
  return new URL(path, `file:///${file}`).pathname.slice(1);
}
