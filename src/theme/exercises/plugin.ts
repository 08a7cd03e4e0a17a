/** Lists the exercises of all chapters for the page that shows them: `@generated/exercises/default/exercises.json`. */
import { readdirSync, readFileSync } from 'node:fs';
import type { LoadContext, Plugin } from '@docusaurus/types';
import { exercisesIn } from './read_exercises.ts';
import type { Exercise } from './read_exercises.ts';

/** All exercises of the chapters in a folder; those of one part as they follow each other. */
export function exercisesBelow(folder: string): Exercise[] {
  return readdirSync(folder, { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.mdx'))
    .map((path) => ({ chapter: path.replace(/\.mdx$/, ''), text: readFileSync(`${folder}/${path}`, 'utf8') }))
    .sort((a, b) => positionIn(a.text) - positionIn(b.text))
    .flatMap(({ chapter, text }) => exercisesIn(chapter, text));
}

function positionIn(text: string): number {
  return Number(/^sidebar_position:\s*([\d.]+)/m.exec(text)?.[1] ?? Infinity);
}

/** The plugin. */
export default function exercisesPlugin({ siteDir }: LoadContext): Plugin {
  return {
    name: 'exercises',
    loadContent: () => Promise.resolve(exercisesBelow(`${siteDir}/docs`)),
    async contentLoaded({ content, actions }) {
      const listed = (content as Exercise[]).map(({ id, title, kind, chapter }) => ({ id, title, kind, chapter }));
      await actions.createData('exercises.json', JSON.stringify(listed));
    },
    getPathsToWatch: () => [`${siteDir}/docs/**/*.mdx`],
  };
}
