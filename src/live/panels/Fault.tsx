/** What is wrong with an expression of the reader's, below the place where it is. */
import type { ReactNode } from 'react';

import { ExpressionFault, parseExpression } from '../../world/stepping/expression.ts';

/** What it is, and at which character. */
export interface FaultOfText {
  readonly message: string;
  readonly at: number;
}

/** Why a text is no expression; null where it is one, or empty. */
export function faultIn(text: string): FaultOfText | null {
  if (text.trim() === '') return null;
  try {
    parseExpression(text);
    return null;
  } catch (error) {
    if (error instanceof ExpressionFault) return error;
    throw error;
  }
}

export default function Fault({ text, fault: { message, at } }: { text: string; fault: FaultOfText }): ReactNode {
  return (
    <pre className="notes__fault" role="alert">
      {text}
      {'\n'}
      {' '.repeat(at)}↑ {message}
    </pre>
  );
}
