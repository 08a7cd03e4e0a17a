/** A chapter's prose and code as plain text for a terminal, wrapped, and in colour where there is any. */
import { attribute } from './sections.ts';
import type { Node, Section } from './sections.ts';

/** How to show it. */
export interface RenderOptions {
  /** Columns. Default 80. */
  readonly width?: number;
  readonly colours?: boolean;
  /** What to write above the content of a component, by its name: null, nothing. Components that are not here are shown as their content alone. */
  readonly labels?: Readonly<Record<string, ((of: (name: string) => string | undefined) => string) | null>>;
  /** Components of which only the label is shown: pictures, things that run. */
  readonly closed?: readonly string[];
}

const plainWidth = (text: string): number => {
  let width = 0;
  let escape = false;
  for (const character of text) {
    if (character === '\u001b') escape = true;
    if (!escape) width++;
    if (escape && character === 'm') escape = false;
  }
  return width;
};

/** Breaks text into lines of at most so many columns; escape sequences have none. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && plainWidth(line) + 1 + plainWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** One section; ends with an empty line. */
export function renderSection(section: Section, options: RenderOptions = {}): string {
  const { width = 80, colours = false, labels = {}, closed = [] } = options;
  const paint = (code: string, text: string): string => (colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);

  const inline = (node: Node): string => {
    const inside = (): string => (node.children ?? []).map(inline).join('');
    switch (node.type) {
      case 'text':
        return node.value ?? '';
      case 'inlineCode':
        return paint('36', node.value ?? '').replaceAll(' ', '\u00a0');
      case 'emphasis':
        return paint('3', inside());
      case 'strong':
        return paint('1', inside());
      case 'break':
        return ' ';
      case 'mdxJsxTextElement':
        if (node.name === 'Marker') return paint('1;35', attribute(node, 'id') ?? '');
        return node.children?.length ? inside() : (attribute(node, 'fallback') ?? '');
      case 'mdxTextExpression':
        return '';
      default:
        return inside();
    }
  };

  const indented = (lines: readonly string[], first: string, others: string): string[] =>
    lines.map((line, index) => (line === '' ? '' : (index === 0 ? first : others) + line));

  const block = (node: Node, columns: number): string[] => {
    switch (node.type) {
      case 'yaml':
      case 'mdxjsEsm':
      case 'mdxFlowExpression':
        return [];
      case 'heading':
        return [paint('1', (node.children ?? []).map(inline).join('')), ''];
      case 'paragraph': {
        const raw = section.text.slice(node.position?.start.offset, node.position?.end.offset);
        if (raw.startsWith('|')) return [...table(raw), ''];
        const lines = wrap((node.children ?? []).map(inline).join(''), columns);
        return lines.length === 0 ? [] : [...lines, ''];
      }
      case 'blockquote':
        return indented(blocks(node, columns - 4), '    ', '    ');
      case 'list':
        return [
          ...(node.children ?? []).flatMap((item, index) => {
            const sign = node.ordered ? `${index + 1}. ` : '- ';
            const lines = blocks(item, columns - 4);
            while (lines.at(-1) === '') lines.pop();
            return indented(lines, `  ${sign}`.padEnd(4), '    ');
          }),
          '',
        ];
      case 'code':
        return code(node);
      case 'mdxJsxFlowElement':
        return component(node, columns);
      default:
        return node.children ? blocks(node, columns) : [];
    }
  };

  const code = ({ lang, meta, value = '' }: Node): string[] => {
    const words = (meta ?? '').split(/\s+/);
    const id = words[0] ?? '';
    const lines = value.split('\n');
    if (words.includes('hidden')) return [paint('2', `    … ${id}: ${lines.length} ${lang ?? ''} lines, folded`), ''];
    return [...(id === '' ? [] : [paint('2', `    ${meta}`)]), ...indented(lines, '    ', '    ').map((line) => paint('33', line)), ''];
  };

  const component = (node: Node, columns: number): string[] => {
    const name = node.name ?? '';
    const label = labels[name];
    const above = label
      ? wrap(
          label((key) => attribute(node, key)),
          columns - 2,
        ).map((line) => paint('2', line))
      : [];
    if (closed.includes(name)) return above.length > 0 ? [...above, ''] : [];
    const inside = blocks(node, label ? columns - 2 : columns);
    return label ? indented([...above, ...inside], '  ', '  ') : inside;
  };

  const blocks = (node: Node, columns: number): string[] => (node.children ?? []).flatMap((child) => block(child, columns));

  return `${section.nodes
    .flatMap((node) => block(node, width))
    .join('\n')
    .replaceAll('\u00a0', ' ')}\n`;
}

/** A table's rows with their cells under each other; the line of dashes goes. */
function table(raw: string): string[] {
  const rows = raw
    .split('\n')
    .filter((line) => !/^\|[\s:|-]+\|$/.test(line.trim()))
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|')

        .map((cell) =>
          cell
            .trim()
            .replaceAll('`', '')
            .replace(/<[^>]*>|\*/g, '')
            .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1'),
        ),
    );
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, index) => Math.max(cell.length, all[index] ?? 0)), []);
  return rows.map(
    (row) => `    ${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('   ')}`,
  );
}
