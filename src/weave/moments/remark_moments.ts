/**
 * A remark plugin for the page: gives each moment of a chapter its key, and brings the file in which the places of all of them are kept (`page_tables.moments.json`, beside the
 * chapter) as `pageMoments`; tells a `<JourneyMap />` the journeys of the page. That is a module of its own: a bundler's cache would keep what stood in the text.
 */
import { elementsNamed, journeysIn, momentsIn } from './elements.ts';
import type { MdxNode } from './elements.ts';

/** The file of a chapter's moments, beside it. @param chapter path of the chapter */
export function momentsFile(chapter: string): string {
  return chapter.replace(/\.mdx$/, '.moments.json');
}

/** The attacher, as unified wants it. */
export function remarkMoments(): (tree: unknown, file: { path?: string }) => void {
  return (tree, { path = '' }) => {
    const root = tree as MdxNode;
    const moments = momentsIn(root);
    if (moments.length === 0) return;
    for (const { node, key } of moments) node.attributes?.push({ type: 'mdxJsxAttribute', name: 'moment', value: key });
    const routes = JSON.stringify(journeysIn(root));
    for (const map of elementsNamed('JourneyMap', root)) map.attributes?.push({ type: 'mdxJsxAttribute', name: 'routes', value: routes });
    const name = path.replaceAll('\\', '/').split('/').at(-1) ?? '';
    root.children?.push(exportFrom('pageMoments', `./${momentsFile(name)}`));
  };
}

/** `export { default as name } from 'module';` */
function exportFrom(name: string, module: string): MdxNode {
  const identifier = (word: string): object => ({ type: 'Identifier', name: word });
  const declaration = {
    type: 'ExportNamedDeclaration',
    declaration: null,
    attributes: [],
    specifiers: [{ type: 'ExportSpecifier', local: identifier('default'), exported: identifier(name) }],
    source: { type: 'Literal', value: module, raw: `'${module}'` },
  };
  return {
    type: 'mdxjsEsm',
    value: `export { default as ${name} } from '${module}';`,
    data: { estree: { type: 'Program', sourceType: 'module', body: [declaration] } },
  };
}
