// A TypeDoc plugin: everything that was extracted from a chapter is defined there, with a link to its chunk.
import { readFileSync } from 'node:fs';
import { Converter } from 'typedoc';
import { TOP } from './paths.mjs';
import { runTs } from './run_ts.mjs';

/** Modules by the names the house has for them: `machine`, `host/page_tables`. */
function shortNames(context) {
  for (const module of context.project.children ?? []) module.name = module.name.replace(/^(?:src|\.tangled)\//, '');
}

/** @param {import('typedoc').Application} app */
export async function load(app) {
  const { mapPosition } = await runTs('src/tangle/index.ts');
  const index = JSON.parse(readFileSync(`${TOP}/.tangled/chunks.json`, 'utf8'));
  const { chunks } = index;
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, shortNames);
  app.converter.on(Converter.EVENT_RESOLVE_END, (context) => {
    for (const reflection of Object.values(context.project.reflections)) {
      for (const source of reflection.sources ?? []) {
        const path = source.fullFileName.split('/.tangled/')[1];
        if (path === undefined) continue;
        const chunk = chunks.find(
          ({ file, output }) => file === path && output.some(({ from, to }) => source.line >= from && source.line <= to),
        );
        if (!chunk) continue;
        // A chapter with its folder's name is the folder's own page.
        const chapter = chunk.chapter
          .replace(/^docs/, '')
          .replace(/\.mdx$/, '')
          .replace(/\/(\w+)\/\1$/, '/$1');
        source.fileName = chunk.chapter;
        source.line = mapPosition(index, path, source.line, 1).line;
        source.url = `${chapter}#${chunk.id}`;
      }
    }
  });
}
