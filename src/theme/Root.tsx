/** Around all pages: the typefaces are fetched together with the style sheet that names them, so that no text has to jump when they come. */
import type { ReactNode } from 'react';
import Head from '@docusaurus/Head';
import sans from '@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2';
import mono from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2';
import italic from '@fontsource-variable/literata/files/literata-latin-wght-italic.woff2';
import serif from '@fontsource-variable/literata/files/literata-latin-wght-normal.woff2';

export default function Root({ children }: { children: ReactNode }): ReactNode {
  return (
    <>
      <Head>
        {[serif, italic, sans, mono].map((font) => (
          <link key={font} rel="preload" href={font} as="font" type="font/woff2" crossOrigin="anonymous" />
        ))}
      </Head>
      {children}
    </>
  );
}
