/**
 * Line counters for a module without types: the same lines are counted as by the build's (`tangle/count`); and in every loop, and for all that is thrown, a look at the {@link CodeGuard}.
 */
import type { AnyNode, Identifier, Node, Program } from 'acorn';
import type { Splices } from './splices.ts';
import { childrenOf } from './tree.ts';

/** A line of a chapter. */
export interface CountedLine {
  readonly source: string;
  readonly line: number;
}

/** Statements that run nothing. */
const IDLE = new Set(['FunctionDeclaration', 'BlockStatement', 'EmptyStatement']);
const LOOPS = new Set(['DoWhileStatement', 'WhileStatement', 'ForStatement', 'ForInStatement', 'ForOfStatement']);

/**
 * Puts a counter before each statement.
 * @param lineOf where a line of the module was written
 * @returns the lines that are counted, in the order of their numbers
 */
export function countLines(program: Program, splices: Splices, lineOf: (line: number) => CountedLine | null): CountedLine[] {
  const lines: CountedLine[] = [];
  const seen = new Set<string>();

  const place = (node: Node): number => {
    const found = lineOf(node.loc?.start.line ?? 0);
    const key = `${found?.source}:${found?.line}`;
    if (found === null || seen.has(key)) return -1;
    seen.add(key);
    return lines.push(found) - 1;
  };
  const countAll = (statements: readonly Node[]): void => {
    for (const statement of statements) {
      if (IDLE.has(statement.type)) continue;
      const at = place(statement);
      if (at >= 0) splices.insert(statement.start, `$hit(${at});`);
    }
  };
  const braced = (statement: Node | null | undefined, lap: string): void => {
    if (!statement) return;
    if (statement.type === 'BlockStatement') {
      if (lap !== '') splices.insert(statement.start + 1, lap);
      return;
    }
    const at = place(statement);
    splices.insert(statement.start, at >= 0 ? `{${lap}$hit(${at});` : `{${lap}`);
    splices.close(statement.end, '}');
  };
  const visit = (node: AnyNode, caught: readonly string[]): void => {
    if (node.type === 'BlockStatement' || node.type === 'StaticBlock') countAll(node.body);
    else if (node.type === 'SwitchCase') countAll(node.consequent);
    else if (node.type === 'IfStatement') {
      braced(node.consequent, '');
      if (node.alternate?.type !== 'IfStatement') braced(node.alternate, '');
    } else if (node.type === 'ThrowStatement' && !isNamed(node.argument, caught)) {
      splices.insert(node.argument.start, '$guard.throws(');
      splices.close(node.argument.end, ')');
    } else if (LOOPS.has(node.type)) braced((node as { body?: Node }).body, '$lap();');
    // Who throws on what was caught has thrown nothing new.
    const more = node.type === 'CatchClause' && node.param?.type === 'Identifier' ? [...caught, node.param.name] : caught;
    for (const child of childrenOf(node)) visit(child as AnyNode, more);
  };
  // Not the file's own statements: they run when it is loaded, once for all worlds.
  visit(program, []);
  return lines;
}

function isNamed(node: Node, names: readonly string[]): boolean {
  return node.type === 'Identifier' && names.includes((node as Identifier).name);
}
