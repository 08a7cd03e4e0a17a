/** Names in a module: which of them are its own, which it imports, and which nobody has. */
import type { AnyNode, Identifier, Node, Pattern, Program } from 'acorn';
import { childrenOf } from './tree.ts';

/** A use of a name that no scope of the module declares. */
export interface FreeName {
  readonly node: Identifier;
  /** It stands as `{ name }`, for both the property and its value. */
  readonly shorthand: boolean;
  /** Something is assigned to it. */
  readonly assigned: boolean;
  /** It is called. */
  readonly called: boolean;
}

type Scope = ReadonlySet<string>;

/** The names that a pattern binds. */
function boundNames(pattern: Pattern | null | undefined): string[] {
  return targets(pattern).map(({ name }) => name);
}

/** What the statements of a block, or of a module, declare. */
export function declaredIn(statements: readonly Node[]): string[] {
  return (statements as readonly AnyNode[]).flatMap((statement): string[] => {
    switch (statement.type) {
      case 'ExportNamedDeclaration':
        return statement.declaration ? declaredIn([statement.declaration]) : [];
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return boundNames(statement.id);
      case 'VariableDeclaration':
        return statement.declarations.flatMap(({ id }) => boundNames(id));
      default:
        return [];
    }
  });
}

/** What `var` declares anywhere in a function, but for the functions in it. */
function hoisted(node: AnyNode): string[] {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') return node.declarations.flatMap(({ id }) => boundNames(id));
  if (isFunction(node)) return [];
  return childrenOf(node).flatMap((child) => hoisted(child as AnyNode));
}

const isFunction = ({ type }: Node): boolean =>
  type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression';

/** Finds the names of a module that it does not declare itself. */
export function freeNames(program: Program): FreeName[] {
  const found: FreeName[] = [];
  const assigned = new Set<Node>();
  const called = new Set<Node>();
  const within = (scopes: readonly Scope[], names: readonly string[]): readonly Scope[] =>
    names.length === 0 ? scopes : [...scopes, new Set(names)];
  const visitAll = (nodes: readonly Node[], scopes: readonly Scope[]): void => {
    for (const node of nodes) visit(node as AnyNode, scopes);
  };
  const visit = (node: AnyNode, scopes: readonly Scope[]): void => {
    switch (node.type) {
      case 'Identifier':
        if (!scopes.some((scope) => scope.has(node.name))) {
          found.push({ node, shorthand: false, assigned: assigned.has(node), called: called.has(node) });
        }
        return;
      case 'ImportDeclaration':
      case 'MetaProperty':
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'ExportNamedDeclaration':
        if (node.declaration) visit(node.declaration, scopes);
        return;
      case 'ExportAllDeclaration':
        return;
      case 'LabeledStatement':
        visit(node.body, scopes);
        return;
      case 'MemberExpression':
        visit(node.object, scopes);
        if (node.computed) visit(node.property, scopes);
        return;
      case 'CallExpression':
        called.add(node.callee);
        break;
      case 'AssignmentExpression':
        for (const one of targets(node.left)) assigned.add(one);
        break;
      case 'UpdateExpression':
        assigned.add(node.argument);
        break;
      case 'Property':
        if (node.computed) visit(node.key, scopes);
        if (node.shorthand && node.value.type === 'Identifier') {
          const { value } = node;
          if (!scopes.some((scope) => scope.has(value.name))) {
            found.push({ node: value, shorthand: true, assigned: false, called: false });
          }
        } else visit(node.value, scopes);
        return;
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, scopes);
        if (node.value) visit(node.value, scopes);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const own = [...boundNames(node.id), ...node.params.flatMap((one) => boundNames(one)), ...hoisted(node.body)];
        const inner = within(scopes, node.type === 'ArrowFunctionExpression' ? own : [...own, 'arguments']);
        visitAll(node.params, inner);
        visit(node.body, inner);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = within(scopes, boundNames(node.id));
        if (node.superClass) visit(node.superClass, inner);
        visit(node.body, inner);
        return;
      }
      case 'BlockStatement':
      case 'StaticBlock':
        visitAll(node.body, within(scopes, declaredIn(node.body)));
        return;
      case 'SwitchStatement': {
        visit(node.discriminant, scopes);
        const inner = within(scopes, declaredIn(node.cases.flatMap(({ consequent }) => consequent)));
        visitAll(node.cases, inner);
        return;
      }
      case 'ForStatement':
        visitAll(childrenOf(node), within(scopes, node.init?.type === 'VariableDeclaration' ? declaredIn([node.init]) : []));
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        visitAll(childrenOf(node), within(scopes, node.left.type === 'VariableDeclaration' ? declaredIn([node.left]) : []));
        return;
      case 'CatchClause':
        visitAll(childrenOf(node), within(scopes, boundNames(node.param)));
        return;
      default:
        break;
    }
    visitAll(childrenOf(node), scopes);
  };
  visitAll(program.body, [new Set([...declaredIn(program.body), ...program.body.flatMap((one) => hoisted(one as AnyNode))])]);
  return found;
}

/** The identifiers that a pattern names: those that it binds, or the variables on an assignment's left side. */
function targets(pattern: Pattern | null | undefined): Identifier[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => targets(one.type === 'RestElement' ? one.argument : one.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => targets(one));
    case 'AssignmentPattern':
      return targets(pattern.left);
    case 'RestElement':
      return targets(pattern.argument);
    default:
      return [];
  }
}
