/** JSON texts with the places of what is in them. */
import * as module from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';

// For Node the package is a CommonJS module, whose names are its default export's; for bundlers it is one with names of its own.
const { getNodeValue, parseTree, printParseErrorCode } = (module as { default?: typeof module }).default ?? module;

/** Some characters of a text, counted from 0. */
export interface TextSpan {
  offset: number;
  length: number;
}

/** Where a text stops being JSON, or says something twice. */
export interface JsonFault extends TextSpan {
  message: string;
  /** What it contradicts. */
  other?: TextSpan & { message: string };
}

/** The way to a value: names and indexes, from the outermost on. */
export type JsonPath = readonly (string | number)[];

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };

const EXPECTED: Record<string, string> = {
  ValueExpected: 'a value',
  PropertyNameExpected: 'a name in double quotes',
  ColonExpected: '":"',
  CommaExpected: '"," or the end of what was begun',
  CloseBraceExpected: '"}"',
  CloseBracketExpected: '"]"',
  EndOfFileExpected: 'the end',
  UnexpectedEndOfString: 'the end of the string, in the same line,',
  InvalidEscapeCharacter: 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000',
  InvalidUnicode: '\\u and four hexadecimal digits',
  InvalidCharacter: 'an escape for this character',
  InvalidSymbol: 'a string in double quotes, a number, true, false or null',
  InvalidNumberFormat: 'a number',
  UnexpectedEndOfNumber: 'the rest of a number',
};

/** What is wrong with a JSON text (RFC 8259): the first fault of its grammar, or all names that an object has twice. */
export function findJsonFaults(text: string): JsonFault[] {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, STRICT);
  if (!isJson(text)) {
    const [error] = errors as (ParseError | undefined)[];
    const { offset, length } = error ?? { offset: text.trimEnd().length, length: 0 };
    const code = error ? printParseErrorCode(error.error) : 'ValueExpected';
    if (code === 'InvalidCommentToken') return [{ offset, length, message: 'JSON has no comments' }];
    const found = offset < text.trimEnd().length ? `"${text.slice(offset, offset + Math.max(1, Math.min(length, 20)))}"` : 'the end';
    return [{ offset, length: Math.max(length, 1), message: `${EXPECTED[code] ?? 'something else'} is expected here, not ${found}` }];
  }
  const faults: JsonFault[] = [];
  const visit = (node: Node): void => {
    const seen = new Map<string, Node>();
    for (const child of node.children ?? []) {
      const key = node.type === 'object' ? child.children?.[0] : undefined;
      if (key) {
        const name = key.value as string;
        const first = seen.get(name);
        if (first) {
          const other = { offset: first.offset, length: first.length, message: 'it stands here already' };
          faults.push({ offset: key.offset, length: key.length, message: `the name "${name}" is given twice`, other });
        } else seen.set(name, key);
      }
      visit(child);
    }
  };
  if (tree) visit(tree);
  return faults;
}

/** The engine's word is the last: whatever reads the file later uses its parser. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A JSON text and where everything in it stands. */
export class JsonText {
  readonly #text: string;
  readonly #tree: Node | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#tree = parseTree(text, [], STRICT);
  }

  /** The value, as far as the text is JSON. */
  get value(): unknown {
    return this.#tree && (getNodeValue(this.#tree) as unknown);
  }

  /**
   * Where a value stands; of the way there as much as there is.
   * @param part its `name` instead, where it has one
   */
  spanOf(path: JsonPath, part: 'name' | 'value' = 'value'): TextSpan {
    let node = this.#tree;
    let name: Node | undefined;
    for (const step of path) {
      let next: Node | undefined;
      if (node?.type === 'array') [name, next] = [undefined, node.children?.[Number(step)]];
      else if (node?.type === 'object') {
        const property: Node | undefined = node.children?.find(({ children }) => children?.[0].value === step);
        if (property) [name, next] = [property.children?.[0], property.children?.[1]];
      }
      if (!next) return node ? { offset: node.offset, length: 1 } : { offset: 0, length: 1 };
      node = next;
    }
    const { offset, length } = (part === 'name' ? name : undefined) ?? node ?? { offset: 0, length: 1 };
    return { offset, length };
  }

  /** Line and column, from 1, of a place in the text. */
  lineOf(offset: number): { line: number; column: number } {
    const lines = this.#text.slice(0, offset).split('\n');
    return { line: lines.length, column: lines[lines.length - 1].length + 1 };
  }
}
