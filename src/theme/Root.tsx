/** Around all pages. The typefaces are fetched together with the style sheet that names them, so that no text has to jump when they come. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import Head from '@docusaurus/Head';
import { useLocation } from '@docusaurus/router';
import sans from '@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2';
import mono from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2';
import italic from '@fontsource-variable/literata/files/literata-latin-wght-italic.woff2';
import serif from '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2';
import { BayPlace } from '#live';

export default function Root({ children }: { children: ReactNode }): ReactNode {
  return (
    <>
      <Head>
        {[serif, italic, sans, mono].map((font) => (
          <link key={font} rel="preload" href={font} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
      </Head>
      {children}
      <BayPlace />
      <FirstTitle />
    </>
  );
}

/**
 * The title with which the first page came: it stands until that page's script has come and says it again, as the site's own name would otherwise stand in its place
 * for a moment.
 */
function FirstTitle(): ReactNode {
  const { pathname } = useLocation();
  const [first] = useState(() => (ExecutionEnvironment.canUseDOM ? { pathname, title: document.title } : null));
  if (first === null || first.pathname !== pathname) return null;
  return (
    <Head>
      <title>{first.title}</title>
    </Head>
  );
}
