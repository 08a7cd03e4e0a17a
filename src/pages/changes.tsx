/** What is new. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import Layout from '@theme/Layout';

import { changes, FEED_FILE } from '#site';

export default function Changes(): ReactNode {
  const feed = useBaseUrl(`/${FEED_FILE}`);
  return (
    <Layout title="What is new" description="What has changed in this book, the latest first">
      <main className="index-page markdown">
        <h1>What is new</h1>
        <p>
          The latest first. There is <a href={feed}>a feed</a> of it, too.
        </p>
        {changes.map(({ date, title, text, path }) => (
          <section key={date + title}>
            <h2>{title}</h2>
            <p>
              <time dateTime={date}>{date}</time>. {text} <Link to={`/${path}`}>Have a look</Link>.
            </p>
          </section>
        ))}
      </main>
    </Layout>
  );
}
