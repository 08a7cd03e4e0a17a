/** The door to a Guest of the reader's own. What it takes to boot one is fetched when the page is there. */
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import BrowserOnly from '@docusaurus/BrowserOnly';

const Workbench = lazy(() => import('./workbench/Workbench.tsx'));

export default function OwnKernel(): ReactNode {
  return (
    <BrowserOnly
      fallback={
        <p className="bench__wait">
          The workbench needs JavaScript; without it, <code>npx lguest</code> does the same on a command line.
        </p>
      }
    >
      {() => (
        <Suspense fallback={<p className="bench__wait">Setting up the workbench…</p>}>
          <Workbench />
        </Suspense>
      )}
    </BrowserOnly>
  );
}
