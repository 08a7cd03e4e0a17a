/** The book without a network: kept in the reader's browser, if the reader wants. */
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import Layout from '@theme/Layout';

import { OFFLINE_FILE, useKeeping } from '#site';
import type { Keeping } from '#site';

const WORDS: Readonly<Record<Keeping, string>> = {
  asking: 'Looking …',
  impossible: 'This browser keeps no sites, or not over this connection.',
  no: 'It is not kept here.',
  fetching: 'Fetching it all. You may read on meanwhile.',
  failed: 'It did not all come. What came is forgotten; try again where the network is better.',
  kept: 'It is here. Take the network away: every page and every Guest works.',
  newer: 'It is here, and a newer edition, too: that one comes when you have closed all pages of this one.',
};

export default function Offline(): ReactNode {
  const { state, keep, forget } = useKeeping(useBaseUrl(`/${OFFLINE_FILE}`), useBaseUrl('/'));
  const isKept = state === 'kept' || state === 'newer';
  return (
    <Layout title="Read it offline" description="Keep the whole book in your browser, live Guests included">
      <main className="index-page markdown">
        <h1>Read it offline</h1>
        <p>
          The whole book can be kept in your browser: every chapter, the search, the reference, and the Guests, which run here anyway. That
          is some seven megabytes to fetch and some twenty-five to keep, so nobody does it behind your back.
        </p>
        <p className="keeping" role="status" data-keeping={state}>
          {WORDS[state]}
        </p>
        <p>
          {isKept ? (
            <button type="button" className="download" onClick={forget}>
              Forget it
            </button>
          ) : (
            <button type="button" className="download" disabled={state !== 'no' && state !== 'failed'} onClick={keep}>
              Keep the book
            </button>
          )}
        </p>
        <p>
          With it kept, your browser can also install the book like a program. When a new edition is published, it is fetched while you
          read, and the pages that are open stay with theirs: editions never mix. If you would rather have paper, the repository’s README
          says how to make one PDF of it; and <Link to="/program">the program</Link> can be had as an archive.
        </p>
      </main>
    </Layout>
  );
}
