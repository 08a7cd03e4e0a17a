/**
 * A remark plugin for the page: tells each chunk's block about itself, and brings the page's own part of the chunk index. Into the text go only facts of
 * the same file, as a bundler's cache would keep others when they have changed; what depends on other chapters is a module of its own, imported by name.
 */
import { chapterName } from '../core/chunks.ts';
import { parseInfo } from '../core/info.ts';
import { findSlots } from '../core/slots.ts';
import type { TangleConfig } from '../core/types.ts';
import { writeFence } from './fence.ts';

interface Node {
  type: string;
  children?: Node[];
  lang?: string | null;
  meta?: string | null;
  value?: string;
  position?: { start: { line: number } };
  data?: object;
}

/** Options of {@link remarkAnnotate}. */
export interface AnnotateOptions {
  config: TangleConfig;
  /** The project's root folder. */
  root: string;
}

/** File of a chapter's part of the index, below the plugin's generated files. @param name `host/page_tables` */
export function pageIndexFile(name: string): string {
  return `chapters/${name}.json`;
}

/** Where the plugin's generated files are for whoever imports them. */
const GENERATED = '@generated/tangle/default/';

/**
 * Writes the facts of every chunk into its info string ({@link writeFence}), where the page's code block finds them in `metastring`, and exports the
 * chapter's part of the index as `pageIndex` from the page's module.
 */
export function remarkAnnotate({ config, root }: AnnotateOptions): (tree: unknown, file: { path?: string }) => void {
  const prefix = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  return (tree, file) => {
    const path = (file.path ?? '').replaceAll('\\', '/');
    const chapter = path.startsWith(prefix) ? path.slice(prefix.length) : path;
    if (!chapter.startsWith(`${config.docs}/`) || !chapter.endsWith('.mdx')) return;
    let examples = 0;
    const visit = (node: Node): void => {
      if (node.type === 'code' && node.position) {
        const info = parseInfo(node.lang ?? '', node.meta ?? '', config);
        if (info) {
          const isExample = info.kind === 'example';
          node.meta = writeFence({
            chunk: isExample ? `examples/${chapterName(chapter, config)}-${++examples}` : info.id,
            chapter,
            line: node.position.start.line + 1,
            hidden: info.hidden,
            slots: Object.fromEntries(
              isExample ? [] : findSlots((node.value ?? '').split('\n'), info.lang).map(({ index, name }) => [index, name]),
            ),
          });
        }
      }
      for (const child of node.children ?? []) visit(child);
    };
    visit(tree as Node);
    (tree as Node).children?.push(exportFrom('pageIndex', GENERATED + pageIndexFile(chapterName(chapter, config))));
  };
}

/** `export { default as name } from 'module';` */
function exportFrom(name: string, module: string): Node {
  const identifier = (name: string): object => ({ type: 'Identifier', name });
  return {
    type: 'mdxjsEsm',
    value: `export { default as ${name} } from '${module}';`,
    data: {
      estree: {
        type: 'Program',
        sourceType: 'module',
        body: [
          {
            type: 'ExportNamedDeclaration',
            declaration: null,
            attributes: [],
            specifiers: [{ type: 'ExportSpecifier', local: identifier('default'), exported: identifier(name) }],
            source: { type: 'Literal', value: module, raw: `'${module}'` },
          },
        ],
      },
    },
  };
}
