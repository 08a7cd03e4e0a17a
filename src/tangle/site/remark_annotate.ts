/**
 * A remark plugin for the page: writes into the info string of each chunk what its code block must know about
 * itself. Only facts of the same file: a bundler's cache would keep others when they have changed.
 */
import { chapterName } from '../core/chunks.ts';
import { parseInfo } from '../core/info.ts';
import type { TangleConfig } from '../core/types.ts';

interface Node {
  type: string;
  children?: Node[];
  lang?: string | null;
  meta?: string | null;
  position?: { start: { line: number } };
}

/** Options of {@link remarkAnnotate}. */
export interface AnnotateOptions {
  config: TangleConfig;
  /** The project's root folder. */
  root: string;
}

/**
 * Adds ` mdx=<chapter> line=<first line of the code> chunk=<id>` to the info string of every chunk, where the page's
 * code block finds it in `metastring`.
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
          const id = info.kind === 'example' ? `examples/${chapterName(chapter, config)}-${++examples}` : info.id;
          node.meta = `${node.meta ?? ''} mdx=${chapter} line=${node.position.start.line + 1} chunk=${id}`.trimStart();
        }
      }
      for (const child of node.children ?? []) visit(child);
    };
    visit(tree as Node);
  };
}
