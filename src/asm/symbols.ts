import type { Expression, Term } from './expressions.ts';
import { makeSymbol, type AsmSymbol, type Fragment, type Section } from './object.ts';
import { SyntaxProblem } from './scanner.ts';
import type { Location } from './types.ts';

/** Where a label lies. */
interface Spot {
  readonly section: Section;
  readonly fragment: Fragment;
}

/** The symbols of one unit: labels, values, and the numeric labels that may be defined again and again. */
export class SymbolTable {
  readonly byName = new Map<string, AsmSymbol>();
  /** Latest definition of each numeric label, and the one its `f` references wait for. */
  readonly #numeric = new Map<string, { behind: AsmSymbol | null; ahead: AsmSymbol | null }>();

  /** The symbol of a name, made at its first mention. */
  named(name: string, location: Location): AsmSymbol {
    let symbol = this.byName.get(name);
    if (!symbol) this.byName.set(name, (symbol = makeSymbol(name, false, location)));
    return symbol;
  }

  /** Whether a name has a place or a value by now. */
  isDefined(name: string): boolean {
    const symbol = this.byName.get(name);
    return Boolean(symbol && (symbol.position || symbol.value || symbol.common));
  }

  /** What `1b` or `1f` stands for; null when there is no such label behind. */
  local(number: string, direction: 'b' | 'f', location: Location): Term | null {
    const entry = this.#entry(String(Number(number)));
    if (direction === 'b') return entry.behind;
    return (entry.ahead ??= makeSymbol(`${number}f`, false, location));
  }

  /** A nameless symbol for a spot. */
  here(spot: Spot, location: Location): AsmSymbol {
    const symbol = makeSymbol('.', false, location);
    this.place(symbol, spot);
    return symbol;
  }

  place(symbol: AsmSymbol, { section, fragment }: Spot): void {
    symbol.section = section;
    symbol.position = { fragment, offset: fragment.bytes.length };
  }

  /** Defines a label. Throws {@link SyntaxProblem} at `column` when it has a place or a value. */
  label(name: string, spot: Spot, location: Location, column: number): void {
    if (this.isDefined(name)) throw new SyntaxProblem(`symbol '${name}' is already defined`, column);
    this.place(this.named(name, location), spot);
  }

  /** Defines a numeric label, one more time perhaps. */
  numericLabel(number: string, spot: Spot, location: Location): void {
    const entry = this.#entry(String(Number(number)));
    const symbol = entry.ahead ?? makeSymbol(number, false, location);
    this.place(symbol, spot);
    entry.behind = symbol;
    entry.ahead = null;
  }

  /** `.set` and `=`; `once` refuses a second definition. Throws {@link SyntaxProblem} at `column`. */
  assign(name: string, value: Expression, once: boolean, location: Location, column: number): void {
    const existing = this.byName.get(name);
    const taken = existing && (existing.position || existing.value);
    if (taken && (once || !existing.assigned)) throw new SyntaxProblem(`symbol '${name}' is already defined`, column);
    if (existing && !taken) {
      existing.value = value;
      existing.assigned = true;
      return;
    }
    const symbol = makeSymbol(name, true, location);
    if (existing) {
      symbol.global = existing.global;
      symbol.type = existing.type;
    }
    symbol.value = value;
    this.byName.set(name, symbol);
  }

  #entry(number: string): { behind: AsmSymbol | null; ahead: AsmSymbol | null } {
    let entry = this.#numeric.get(number);
    if (!entry) this.#numeric.set(number, (entry = { behind: null, ahead: null }));
    return entry;
  }
}
