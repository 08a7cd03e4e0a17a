/** The index of names: every routine, constant, label and macro of the program, where it is defined, and where it is used. */
import { useDeferredValue, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import Link from '@docusaurus/Link';
import useBrokenLinks from '@docusaurus/useBrokenLinks';
import Layout from '@theme/Layout';

import index from '@generated/tangle/default/names.json';
import { signOf, useChapterAddress, worldOfFile } from '#live';

/** More would tell a reader nothing; the chunk itself has them. */
const MOST_USERS = 8;

type Name = (typeof index.names)[number];

/** Under which letter a name stands. */
const letterOf = ([name]: Name): string => {
  const letter = name.replace(/^[_.]+/, '')[0]?.toUpperCase() ?? '';
  return /[A-Z]/.test(letter) ? letter : '0';
};

export default function Identifiers(): ReactNode {
  const addressOf = useChapterAddress();
  const links = useBrokenLinks();
  const [wanted, want] = useState('');
  const [withGuests, takeGuests] = useState(false);
  const words = useDeferredValue(wanted.trim().toLowerCase());
  const letters = useMemo(() => {
    const found = new Map<string, Name[]>();
    for (const name of index.names) {
      const isOwn = withGuests || words !== '' || !/^(?:guests|puppy)\//.test(name[1]);
      if (isOwn && name[0].toLowerCase().includes(words)) found.set(letterOf(name), [...(found.get(letterOf(name)) ?? []), name]);
    }
    return [...found].sort(([a], [b]) => a.localeCompare(b));
  }, [words, withGuests]);
  for (const [letter] of letters) links.collectAnchor(letter);
  const link = (chunk: number): ReactNode => {
    const [id, chapter] = index.chunks[chunk];
    return (
      <Link key={chunk} to={`${addressOf(chapter)}#${id}`}>
        {id}
      </Link>
    );
  };
  return (
    <Layout title="Names" description="Every name of the program: where it is defined, and where it is used">
      <main className="index-page index-page--wide markdown">
        <h1>Names</h1>
        <p>
          Every routine, constant, label and macro that the chapters define: its chunk, and the chunks that use it.{' '}
          <Link to="/program">The program by file</Link> and <Link to="/markers">the markers</Link> have the same from other sides.
        </p>
        <form className="names-filter" role="search" aria-label="Names" onSubmit={(event) => event.preventDefault()}>
          <label>
            Show what has{' '}
            <input
              type="search"
              value={wanted}
              placeholder="demand"
              autoComplete="off"
              spellCheck={false}
              onChange={({ target }) => want(target.value)}
            />
          </label>
          <label>
            <input type="checkbox" checked={withGuests} onChange={({ target }) => takeGuests(target.checked)} /> with Puppy’s, and those of
            the chapters’ Guests
          </label>
        </form>
        <nav className="names-letters" aria-label="Letters">
          {letters.map(([letter]) => (
            <a key={letter} href={`#${letter}`}>
              {letter}
            </a>
          ))}
        </nav>
        {letters.length === 0 && <p>Nothing in the program is called that.</p>}
        {letters.map(([letter, names]) => (
          <section key={letter} className="names-letter">
            <h2 id={letter}>{letter === '0' ? '0 … 9' : letter}</h2>
            <ul className="names">
              {names.map(([name, file, definedIn, usedIn]) => {
                const world = worldOfFile(file);
                return (
                  <li key={`${name} ${file} ${definedIn}`} className={`world-${world ?? 'neutral'}`}>
                    <code title={file}>
                      {world !== null && (
                        <span className="world__shape" title={signOf(world).label}>
                          {signOf(world).shape}{' '}
                        </span>
                      )}
                      {name}
                    </code>
                    {link(definedIn)}
                    <span className="names__used">
                      {usedIn.length > 0 && 'used in '}
                      {usedIn.slice(0, MOST_USERS).map(link)}
                      {usedIn.length > MOST_USERS && `and ${usedIn.length - MOST_USERS} more`}
                    </span>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </main>
    </Layout>
  );
}
