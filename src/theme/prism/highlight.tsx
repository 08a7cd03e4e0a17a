/**
 * Colours for code, in the place of `prism-react-renderer`: with the same properties, as far as they are used here, and the languages of this book instead of two dozen. The theme is the style sheet's.
 */
import type { ReactNode } from 'react';
import type { Token as PrismToken, TokenStream } from 'prismjs';

import { Prism } from './core.ts';
import 'prismjs/components/prism-clike';
import 'prismjs/components/prism-javascript';
import 'prismjs/components/prism-typescript';
import 'prismjs/components/prism-json';

export { Prism };

/** A piece of a line. */
export interface Token {
  /** The outermost first; `plain` where it is in nothing. */
  types: string[];
  content: string;
  /** It stands for a line without anything. */
  empty?: boolean;
}

interface Shown {
  className: string;
  style: object;
  tokens: Token[][];
  getLineProps(of: { line: Token[]; className?: string }): { className: string };
  getTokenProps(of: { token: Token; className?: string }): { className: string; children: string };
}

/** Renders code by its lines of tokens. */
export function Highlight({
  code,
  language,
  children,
}: {
  theme?: unknown;
  code: string;
  language: string;
  children: (shown: Shown) => ReactNode;
}): ReactNode {
  const grammar = Prism.languages[language];
  return children({
    className: `prism-code language-${language}`,
    style: {},
    tokens: linesOf(grammar === undefined ? code : Prism.tokenize(code, grammar)),
    getLineProps: ({ className }) => ({ className: words('token-line', className) }),
    getTokenProps: ({ token, className }) => ({ className: words('token', ...token.types, className), children: token.content }),
  });
}

const words = (...all: (string | undefined)[]): string => all.filter(Boolean).join(' ');

/** Cuts tokens, and what is in them, into lines. */
export function linesOf(stream: TokenStream): Token[][] {
  const lines: Token[][] = [[]];
  const walk = (one: TokenStream, types: readonly string[]): void => {
    if (typeof one === 'string') {
      for (const [n, content] of one.split('\n').entries()) {
        if (n > 0) lines.push([]);
        if (content !== '') lines[lines.length - 1].push({ types: types.length > 0 ? [...types] : ['plain'], content });
      }
    } else if (Array.isArray(one)) for (const part of one) walk(part, types);
    else walk(one.content, kindsOf(one).reduce(added, types));
  };
  walk(stream, []);
  return lines.map((line) => (line.length > 0 ? line : [{ types: ['plain'], content: '\n', empty: true }]));
}

const kindsOf = ({ type, alias }: PrismToken): string[] => [type, ...(Array.isArray(alias) ? alias : alias ? [alias] : [])];
const added = (types: readonly string[], type: string): readonly string[] => (types.at(-1) === type ? types : [...types, type]);
