import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useDoc } from '@docusaurus/plugin-content-docs/client';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';

import { LiveGuest } from '#live';

/** A live Guest; on paper, where nothing runs, the address at which it does. */
export default function Guest({ scene, title }: { scene: string; title?: string }): ReactNode {
  const { permalink } = useDoc().metadata;
  const [origin, setOrigin] = useState(useDocusaurusContext().siteConfig.url);
  useEffect(() => setOrigin(window.location.origin), []);
  return (
    <>
      <LiveGuest scene={scene} title={title} />
      <p className="on-paper">
        In the page, a live Guest stands here and runs the code of this chapter:{' '}
        <span className="on-paper__address">{origin + permalink.replace(/\/?$/, '/')}</span>
      </p>
    </>
  );
}
