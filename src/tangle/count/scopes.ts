/** Which names can be seen where in a file: for a debug build, which tells what they stand for. */
import ts from 'typescript';

/** A function with a body of statements. */
export type WithBody = ts.FunctionLikeDeclaration & { readonly body: ts.Block };

/** Whether a node is one. */
export function hasBody(node: ts.Node): node is WithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined && ts.isBlock(node.body);
}

/** The function that a node is in; undefined for the file's own statements. */
export function functionOf(node: ts.Node): ts.SignatureDeclaration | undefined {
  return ts.findAncestor(node.parent, ts.isFunctionLike);
}

/** What it is called: by itself, or by what it is given to. */
export function nameOf(fn: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(fn)) return `new ${fn.parent.name?.text ?? ''}`;
  if (fn.name !== undefined) return fn.name.getText();
  const { parent } = fn;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && ts.isIdentifier(parent.name)) return parent.name.text;
  return '';
}

/** The names of its parameters, in order. */
export function parametersOf(fn: ts.SignatureDeclaration): string[] {
  return fn.parameters.flatMap(({ name }) => boundBy(name)).filter((name) => name !== 'this');
}

/**
 * The variables that have a value when a statement is about to run: parameters first, then in the order in which they are declared. Of the functions around its own only those that its own
 * makes use of, since all others would have to be kept for nobody.
 */
export function variablesAt(statement: ts.Statement): string[] {
  const own = functionOf(statement);
  const used = own === undefined ? new Set<string>() : identifiersIn(own);
  const seen = new Set<string>();
  const scopes: string[][] = [];
  let inside = true;
  for (let node: ts.Node = statement; node.parent !== undefined && !ts.isSourceFile(node.parent); node = node.parent) {
    const fresh = declaredFor(node).filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    scopes.unshift(inside ? fresh : fresh.filter((name) => used.has(name)));
    if (node.parent === own) inside = false;
  }
  return own === undefined ? [] : scopes.flat();
}

/** The constants of a file, but for its functions. */
export function constantsOf(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
          .filter(({ initializer }) => initializer !== undefined && !ts.isFunctionLike(initializer))
          .flatMap(({ name }) => boundBy(name))
      : [],
  );
}

/** What the parent of a node declares for it. */
function declaredFor(node: ts.Node): string[] {
  const { parent } = node;
  if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent)) {
    const before = parent.statements.slice(0, Math.max(0, parent.statements.indexOf(node as ts.Statement)));
    return before.flatMap((one) => (ts.isVariableStatement(one) ? declaredBy(one.declarationList) : []));
  }
  if ((ts.isForStatement(parent) || ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && node === parent.statement)
    return parent.initializer !== undefined && ts.isVariableDeclarationList(parent.initializer) ? declaredBy(parent.initializer) : [];
  if (ts.isCatchClause(parent)) return parent.variableDeclaration === undefined ? [] : boundBy(parent.variableDeclaration.name);
  return ts.isFunctionLike(parent) && 'body' in parent && parent.body === node ? parametersOf(parent) : [];
}

function declaredBy({ declarations }: ts.VariableDeclarationList): string[] {
  return declarations.flatMap(({ name }) => boundBy(name));
}

function boundBy(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundBy(element.name)));
}

function identifiersIn(node: ts.Node): Set<string> {
  const found = new Set<string>();
  const visit = (one: ts.Node): void => {
    if (ts.isIdentifier(one)) found.add(one.text);
    ts.forEachChild(one, visit);
  };
  visit(node);
  return found;
}
