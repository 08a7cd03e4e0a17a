/** All exercises of the book, and what the reader has solved of them. */
import type { ReactNode } from 'react';
import Layout from '@theme/Layout';

import exercises from '@generated/exercises/default/exercises.json';
import program from '@generated/tangle/default/program.json';
import { ProgressBook } from '#live';
import { parts } from '../theme/parts.ts';

/** By chapter. */
const titles: Readonly<Record<string, string>> = program.titles;

/** Chapters in the tour's order. */
const chapters = [...new Set(exercises.map(({ chapter }) => chapter))]
  .map((chapter) => ({
    chapter,
    title: titles[`docs/${chapter}.mdx`] ?? chapter,
    exercises: exercises.filter((one) => one.chapter === chapter),
  }))
  .sort((a, b) => partIndex(a.chapter) - partIndex(b.chapter));

function partIndex(chapter: string): number {
  return parts.findIndex(({ folder }) => chapter.startsWith(`${folder}/`));
}

export default function Progress(): ReactNode {
  return (
    <Layout title="Your turn" description="All exercises of the tour, and what you have solved of them">
      <main className="index-page markdown">
        <h1>Your turn</h1>
        <p>
          Chapters end with a few things to find out at a live Guest, or to change in the code. Here they all are. What you solve stays in
          this browser; to take it elsewhere, or to somebody who wants to see it, save it as a file.
        </p>
        <ProgressBook chapters={chapters} />
      </main>
    </Layout>
  );
}
