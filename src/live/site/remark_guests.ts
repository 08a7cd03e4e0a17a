/**
 * A remark plugin for the page: tells each `<LiveGuest scene="x" />`, `<Moment>`, `<Door>` and `<Journey>` the title that its scene has, in the same chapter or in another, so that its frame has a name
 * before anything is loaded. Must come before whatever rewrites the fences.
 */

interface Node {
  type: string;
  name?: string | null;
  attributes?: { type: string; name?: string; value?: unknown }[];
  children?: Node[];
  lang?: string | null;
  meta?: string | null;
  value?: string;
}

/** The attacher, as unified wants it. @param sceneText the JSON of a scene, whichever chapter has it; undefined: nobody knows it */
export function remarkGuests({ sceneText }: { sceneText?: (scene: string) => string | undefined } = {}): (tree: unknown) => void {
  return (tree) => {
    const guests: Node[] = [];
    const titles = new Map<string, string>();
    const visit = (node: Node): void => {
      if (node.type === 'mdxJsxTextElement' && node.name === 'Moment') guests.push(node);
      if (node.name === 'Door') guests.push(node);
      if (node.type === 'mdxJsxFlowElement' && (node.name === 'LiveGuest' || node.name === 'Journey')) guests.push(node);
      const scene = node.type === 'code' && node.lang === 'json' ? /\bfile=scenes\/(\S+)\.json\b/.exec(node.meta ?? '')?.[1] : undefined;
      if (scene !== undefined) titles.set(scene, titleOf(node.value ?? ''));
      for (const child of node.children ?? []) visit(child);
    };
    visit(tree as Node);
    for (const { attributes = [] } of guests) {
      const scene = attributes.find(({ name }) => name === 'scene')?.value;
      const title = typeof scene === 'string' ? (titles.get(scene) ?? titleOf(sceneText?.(scene) ?? '')) : '';
      if (title) attributes.push({ type: 'mdxJsxAttribute', name: 'title', value: title });
    }
  };
}

/** The title of a scene; empty where it is not to be had: the build complains of that elsewhere. */
function titleOf(json: string): string {
  try {
    const { title } = JSON.parse(json) as { title?: unknown };
    return typeof title === 'string' ? title : '';
  } catch {
    return '';
  }
}
