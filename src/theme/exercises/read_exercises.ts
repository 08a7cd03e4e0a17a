/** Finds the exercises in chapters: what the page's components are given, read without drawing them. For the build and the tests. */
import type { Expression, Node as EstreeNode, SpreadElement } from 'acorn';
import remarkMdx from 'remark-mdx';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import type { ChangeTask, ChunkChanges, FindTask } from '#live';

/** An exercise, as a chapter has it. */
export type Exercise = {
  readonly id: string;
  readonly title: string;
  /** `host/traps` */
  readonly chapter: string;
} & (
  | (ChangeTask & { readonly solution: ChunkChanges })
  | FindTask
  /** Nobody looks at what comes of it. */
  | { readonly kind: 'explore' }
);

interface Node {
  readonly type: string;
  readonly name?: string | null;
  readonly attributes?: readonly { readonly type: string; readonly name?: string; readonly value?: unknown }[];
  readonly children?: readonly Node[];
}

const KINDS = { Change: 'change', Find: 'find', Explore: 'explore' } as const;

/** The exercises of a chapter, in order. */
export function exercisesIn(chapter: string, text: string): Exercise[] {
  return [...text.matchAll(/^<YourTurn>$[^]*?^<\/YourTurn>$/gm)].flatMap(([part]) => {
    const found: Exercise[] = [];
    const visit = (node: Node): void => {
      const kind = node.type === 'mdxJsxFlowElement' ? KINDS[node.name as keyof typeof KINDS] : undefined;
      if (kind !== undefined) found.push({ kind, chapter, ...attributesOf(node) } as unknown as Exercise);
      for (const child of node.children ?? []) visit(child);
    };
    visit(unified().use(remarkParse).use(remarkMdx).parse(part));
    return found;
  });
}

function attributesOf({ attributes = [] }: Node): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ name = '', value }) => {
      if (typeof value === 'string') return [name, value];
      const { estree } = (value as { data: { estree: { body: readonly { expression: EstreeNode }[] } } }).data;
      return [name, literal(estree.body[0].expression as Expression)];
    }),
  );
}

/** The value of an expression that is only data. */
function literal(node: Expression | SpreadElement | null): unknown {
  switch (node?.type) {
    case 'Literal':
      return node.value;
    case 'TemplateLiteral':
      if (node.quasis.length === 1) return node.quasis[0].value.cooked;
      break;
    case 'ArrayExpression':
      return node.elements.map(literal);
    case 'UnaryExpression':
      if (node.operator === '-') return -(literal(node.argument) as number);
      break;
    case 'ObjectExpression':
      return Object.fromEntries(
        node.properties.map((one) => {
          if (one.type !== 'Property') throw new Error('an exercise is data only');
          return [one.key.type === 'Identifier' ? one.key.name : String(literal(one.key)), literal(one.value)];
        }),
      );
    default:
      break;
  }
  throw new Error(`an exercise is data only: no ${node?.type ?? 'hole'}`);
}
