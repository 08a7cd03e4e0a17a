import type { AssemblerContext, Destination } from './context.ts';
import { conditionalDirective, type Conditional } from './conditionals.ts';
import { directive, repeatDirective, tellBehind } from './directives.ts';
import { encode, PREFIX_WORDS, type Prefixes } from './encoder.ts';
import { constantOf, type Expression, type Term } from './expressions.ts';
import { splitStatements, stripComments } from './lines.ts';
import {
  bindArguments,
  directiveEnd,
  directiveOf,
  findEnd,
  parseMacroHeader,
  substitute,
  localNames,
  type Macro,
  type SourceStatement,
} from './macros.ts';
import { makeFragment, makeSection, makeSymbol, type AsmSymbol, type Fragment, type Section } from './object.ts';
import { parseOperand } from './operands.ts';
import { Scanner, SyntaxProblem } from './scanner.ts';
import { SymbolTable } from './symbols.ts';
import type { AssembleOptions, Diagnostic, Location, Source } from './types.ts';

const MAX_DEPTH = 100;
const MAX_ERRORS = 100;
const LABEL = /^(?:([A-Za-z_.$][\w.$]*|"(?:[^"\\]|\\.)*")|(\d+))\s*:(?!:)\s*/;
const ASSIGNMENT = /^([A-Za-z_.$][\w.$]*|"(?:[^"\\]|\\.)*")\s*(==?)(?!=)\s*/;

/** How a run of statements ended: at its end, or by `.exitm` or `.end`. */
type Ending = 'end' | 'exitm' | 'stop';

/** Reads sources into sections and symbols. Mistakes go to `diagnostics`, never out as exceptions. */
export class Assembler implements AssemblerContext {
  readonly options: AssembleOptions;
  readonly diagnostics: Diagnostic[] = [];
  readonly symbols = new SymbolTable();
  readonly sections = new Map<string, Section>();
  readonly macros = new Map<string, Macro>();
  readonly conditionals: Conditional[] = [];
  section: Section;
  subsection = 0;
  previous: Destination | null = null;
  readonly stack: (Destination & { previous: Destination | null })[] = [];
  /** The statement at hand. */
  location: Location = { source: '', line: 0, column: 1 };
  via: Location | undefined = undefined;
  /** `.altmacro` is on. */
  alternate = false;
  code16 = false;
  #marked = false;
  #calls = 0;
  /** Macro calls and rounds of loops that are under way. */
  #expansions = 0;
  /** Names that `LOCAL` has given away. */
  #locals = 0;
  #depth = 0;

  constructor(options: AssembleOptions) {
    this.options = options;
    this.section = this.sectionNamed('.text');
    this.sectionNamed('.data');
    this.sectionNamed('.bss');
    for (const [name, value] of Object.entries(options.define ?? {})) {
      const symbol = makeSymbol(name, true, null);
      symbol.value = { kind: 'sum', constant: BigInt(value), terms: [] };
      this.symbols.byName.set(name, symbol);
    }
  }

  // Diagnostics

  report(severity: 'error' | 'warning', message: string, column = 0, at: Location = this.location): void {
    const via = at === this.location ? this.via : undefined;
    this.diagnostics.push({ ...at, column: at.column + column, severity, message, ...(via ? { via } : {}) });
  }
  get failed(): boolean {
    return this.diagnostics.filter((d) => d.severity === 'error').length >= MAX_ERRORS;
  }

  // Names

  symbol(name: string): AsmSymbol {
    return this.symbols.named(name, this.location);
  }

  local(number: string, direction: 'b' | 'f'): Term | null {
    return this.symbols.local(number, direction, this.location);
  }

  dot(): Term {
    return this.symbols.here({ section: this.section, fragment: this.fragment() }, this.location);
  }

  /** `.set` and `=`; `once` refuses a second definition. */
  assign(name: string, value: Expression, once: boolean, column = 0): void {
    if (name === '.') this.setOrigin(value, 0);
    else this.symbols.assign(name, value, once, this.location, column);
  }

  // Sections and bytes

  sectionNamed(name: string, flags: string | null = null, nobits = false): Section {
    let section = this.sections.get(name);
    if (!section) this.sections.set(name, (section = makeSection(name, flags, nobits, this.location)));
    return section;
  }

  enter(section: Section, subsection = 0): void {
    this.previous = { section: this.section, subsection: this.subsection };
    this.section = section;
    this.subsection = subsection;
  }

  /** The fragment that takes the next byte. */
  fragment(): Fragment {
    let list = this.section.subsections.get(this.subsection);
    if (!list) this.section.subsections.set(this.subsection, (list = []));
    let last = list[list.length - 1];
    if (!last || last.tail) list.push((last = makeFragment()));
    return last;
  }

  /** Notes that the statement at hand owns the bytes from here. Called before a statement's first byte. */
  mark(): void {
    if (this.#marked) return;
    this.#marked = true;
    const fragment = this.fragment();
    this.section.marks.push({ fragment, offset: fragment.bytes.length, location: this.location, via: this.via });
  }

  /** Gives a symbol zeros of its own at the end of a subsection of `.bss`. */
  reserve(symbol: AsmSymbol, size: number, alignment: number, inSubsection: number): void {
    const { section, subsection } = this;
    this.section = this.sectionNamed('.bss');
    this.subsection = inSubsection;
    this.section.alignment = Math.max(this.section.alignment, alignment);
    if (alignment > 1)
      this.fragment().tail = { kind: 'align', alignment, fill: 0, fillSize: 1, most: alignment, code16: false, location: this.location };
    this.symbols.place(symbol, { section: this.section, fragment: this.fragment() });
    this.fragment().tail = { kind: 'space', count: { kind: 'sum', constant: BigInt(size), terms: [] }, unit: [0], location: this.location };
    this.section = section;
    this.subsection = subsection;
  }

  emit(bytes: readonly number[]): void {
    this.mark();
    const fragment = this.fragment();
    if (this.section.nobits && bytes.some((b) => b !== 0)) this.report('error', `section '${this.section.name}' can hold zeros only`);
    for (const byte of bytes) fragment.bytes.push(byte);
  }

  setOrigin(target: Expression, fill: number): void {
    this.mark();
    this.fragment().tail = { kind: 'org', target, fill, location: this.location };
  }

  // Statements

  source(source: Source): Ending {
    const statements: SourceStatement[] = [];
    const unclosed = (at: number): void => {
      const before = source.text.slice(0, at).split('\n');
      const here = { source: source.name, line: before.length, column: (before.at(-1) ?? '').length + 1 };
      this.report('error', 'this comment has no end', 0, here);
    };
    stripComments(source.text, unclosed)
      .split('\n')
      .forEach((line, index) => {
        for (const { text, column } of splitStatements(line)) {
          statements.push({ text, location: { source: source.name, line: index + 1, column: column + 1 }, via: this.via });
        }
      });
    return this.run(statements);
  }

  /** Runs statements at one more level of nesting. */
  run(statements: readonly SourceStatement[]): Ending {
    if (this.#depth >= MAX_DEPTH) {
      this.report('error', 'macros or includes nested too deeply');
      return 'end';
    }
    this.#depth++;
    const open = this.conditionals.length;
    let ending: Ending = 'end';
    let i = 0;
    while (i < statements.length && ending === 'end' && !this.failed) {
      this.location = statements[i].location;
      this.via = statements[i].via;
      this.#marked = false;
      try {
        const next = this.#statement(statements, i);
        if (typeof next === 'number') i = next;
        else {
          ending = next;
          i++;
        }
      } catch (problem) {
        if (!(problem instanceof SyntaxProblem)) throw problem;
        this.report('error', problem.message, problem.column);
        i++;
      }
    }
    const following = statements[i];
    if (ending === 'stop' && following) this.report('warning', 'what follows .end is not assembled', 0, following.location);
    if (this.conditionals.length > open) {
      if (ending === 'end' && !this.failed)
        this.report('error', '.if without .endif', 0, this.conditionals[this.conditionals.length - 1].location);
      this.conditionals.length = open;
    }
    this.#depth--;
    return ending;
  }

  get skipping(): boolean {
    return this.conditionals.some((c) => !c.active);
  }

  /** Handles statement `i`; returns the index of the next one, or how the run ends. */
  #statement(statements: readonly SourceStatement[], i: number): number | Ending {
    const scanner = new Scanner(statements[i].text, this);
    const word = directiveOf(scanner.text);
    if (this.skipping) {
      conditionalDirective(this, word, this.#afterDirective(scanner));
      return i + 1;
    }
    this.#labels(scanner);
    if (scanner.end) return i + 1;
    const assignment = ASSIGNMENT.exec(scanner.rest());
    if (assignment) {
      const column = scanner.at;
      const name = scanner.name();
      scanner.at = column + assignment[0].length;
      const value = scanner.expression();
      scanner.expectEnd();
      this.assign(name, value, assignment[2] === '==', column);
      return i + 1;
    }
    if (word) {
      const rest = this.#afterDirective(scanner);
      if (this.macros.has(word)) {
        return this.#call(word, rest, i);
      }
      if (conditionalDirective(this, word, rest)) return i + 1;
      return this.#blockOrDirective(statements, i, word, rest);
    }
    return this.#macroOrInstruction(scanner, i);
  }

  #afterDirective(scanner: Scanner): Scanner {
    return new Scanner(scanner.text, this, directiveEnd(scanner.text));
  }

  #labels(scanner: Scanner): void {
    for (;;) {
      const match = LABEL.exec(scanner.rest());
      if (!match) return;
      const column = scanner.at;
      const spot = { section: this.section, fragment: this.fragment() };
      if (match[1]) this.symbols.label(scanner.name(), spot, this.location, column);
      else this.symbols.numericLabel(match[2], spot, this.location);
      scanner.at = column + match[0].length;
    }
  }

  #blockOrDirective(statements: readonly SourceStatement[], i: number, word: string, rest: Scanner): number | Ending {
    switch (word) {
      case '.macro': {
        const end = findEnd(statements, i + 1, '.endm');
        if (end < 0) rest.fail('.macro without .endm', 0);
        const macro = parseMacroHeader(rest.rest(), statements.slice(i + 1, end));
        if (typeof macro === 'string') rest.fail(macro);
        tellBehind(this, statements[end], macro.name);
        if (this.macros.has(macro.name.toLowerCase())) this.report('error', `macro '${macro.name}' is already defined`);
        this.macros.set(macro.name.toLowerCase(), macro);
        return end + 1;
      }
      case '.rept':
      case '.rep':
      case '.irp':
      case '.irpc': {
        const end = findEnd(statements, i + 1, '.endr');
        if (end < 0) rest.fail(`${word} without .endr`, 0);
        const body = statements.slice(i + 1, end);
        tellBehind(this, statements[end]);
        for (const values of repeatDirective(word, rest, this.#alternateValue())) {
          const ending = this.#expand(body.map((s) => ({ ...s, text: substitute(s.text, values, null) })));
          if (ending === 'stop') return ending;
          // It leaves the loop, not what stands around it.
          if (ending === 'exitm' || this.failed) break;
        }
        return end + 1;
      }
      case '.exitm':
        rest.expectEnd();
        if (this.#expansions > 0) return 'exitm';
        this.report('warning', '.exitm outside a macro or a loop does nothing');
        return i + 1;
      case '.end':
        tellBehind(this, statements[i]);
        return 'stop';
      case '.include':
        return this.#include(rest) === 'stop' ? 'stop' : i + 1;
      default:
        directive(this, word, rest);
        return i + 1;
    }
  }

  #include(rest: Scanner): Ending {
    const name = new TextDecoder().decode(Uint8Array.from(rest.string()));
    rest.expectEnd();
    const source = this.options.include?.(name, this.location.source) ?? null;
    if (!source) rest.fail(`cannot find '${name}'`, 0);
    const via = this.via;
    const ending = this.source(source);
    this.via = via;
    return ending;
  }

  /** Runs statements that a macro or a loop made: `.exitm` has something to leave. */
  #expand(statements: readonly SourceStatement[]): Ending {
    this.#expansions++;
    const ending = this.run(statements);
    this.#expansions--;
    return ending;
  }

  #call(name: string, rest: Scanner, i: number): number | Ending {
    const macro = this.macros.get(name);
    if (!macro) return i + 1;
    const bound = bindArguments(macro, rest.rest(), this.#alternateValue());
    if (typeof bound === 'string') rest.fail(bound);
    const via = this.via ?? this.location;
    const call = this.#calls++;
    if (this.alternate)
      for (const local of localNames(macro.body)) bound.set(local, `.LL${(++this.#locals).toString(16).padStart(4, '0')}`);
    const ending = this.#expand(macro.body.map((s) => ({ ...s, text: substitute(s.text, bound, call, this.alternate), via })));
    return ending === 'stop' ? 'stop' : i + 1;
  }

  /** What `%expression` stands for, where `.altmacro` is on. */
  #alternateValue(): ((text: string) => string) | null {
    return this.alternate ? (text) => this.#decimal(text) : null;
  }

  /** A constant expression as decimal digits. */
  #decimal(text: string): string {
    const scanner = new Scanner(text, this);
    const value = constantOf(scanner.expression()) ?? scanner.fail(`'%${text}' is not a constant`, 0);
    scanner.expectEnd();
    return String(value);
  }

  #macroOrInstruction(scanner: Scanner, i: number): number | Ending {
    const prefixes: Prefixes = { rep: 0, lock: false, segment: -1, address: null, data: null };
    const bare: number[] = [];
    for (;;) {
      const start = scanner.at;
      const word = /^[A-Za-z_.$][\w.$]*/.exec(scanner.rest())?.[0] ?? scanner.fail(`not a statement: '${scanner.rest()}'`);
      scanner.space();
      scanner.at += word.length;
      if (this.macros.has(word.toLowerCase())) return this.#call(word.toLowerCase(), scanner, i);
      const prefix = PREFIX_WORDS[word.toLowerCase()];
      if (!prefix) {
        this.#instruction(word.toLowerCase(), scanner, prefixes, start);
        return i + 1;
      }
      const { byte, ...fields } = prefix;
      Object.assign(prefixes, fields);
      bare.push(byte);
      if (scanner.end) {
        this.emit(bare);
        return i + 1;
      }
    }
  }

  #instruction(mnemonic: string, scanner: Scanner, prefixes: Prefixes, column: number): void {
    this.mark();
    const operands = scanner.operands().map(({ text, column: at }) => parseOperand(text, at, this));
    const encoded = encode(mnemonic, operands, prefixes, this.code16);
    if ('error' in encoded) {
      this.report('error', encoded.error, column);
      return;
    }
    for (const warning of encoded.warnings) this.report('warning', warning, column);
    const fragment = this.fragment();
    const start = fragment.bytes.length;
    this.emit(encoded.bytes);
    for (const hole of encoded.holes) {
      fragment.fixups.push({
        ...hole,
        offset: start + hole.offset,
        trailing: encoded.bytes.length - hole.offset - hole.size,
        location: this.location,
      });
    }
    if (encoded.jump) fragment.tail = { kind: 'jump', jump: { ...encoded.jump, location: this.location }, near: false };
  }
}
