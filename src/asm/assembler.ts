import { conditionalDirective, type Conditional } from './conditionals.ts';
import { directive, repeatDirective } from './directives.ts';
import { encode, type Prefixes } from './encoder.ts';
import { constantOf, type Expression, type Term } from './expressions.ts';
import { splitStatements, stripComments } from './lines.ts';
import {
  bindArguments,
  directiveEnd,
  directiveOf,
  findEnd,
  parseMacroHeader,
  substitute,
  type Macro,
  type SourceStatement,
} from './macros.ts';
import { makeFragment, makeSection, makeSymbol, type AsmSymbol, type Fragment, type Section } from './object.ts';
import { parseOperand } from './operands.ts';
import { Scanner, SyntaxProblem, type Names } from './scanner.ts';
import type { AssembleOptions, Diagnostic, Location, Source } from './types.ts';

const MAX_DEPTH = 100;
const MAX_ERRORS = 100;
const LABEL = /^(?:([A-Za-z_.$][\w.$]*)|(\d+))\s*:(?!:)\s*/;
const ASSIGNMENT = /^([A-Za-z_.$][\w.$]*)\s*(==?)(?!=)\s*/;
const PREFIX_WORDS: Readonly<Record<string, Partial<Prefixes> & { byte: number }>> = {
  rep: { rep: 0xf3, byte: 0xf3 },
  repe: { rep: 0xf3, byte: 0xf3 },
  repz: { rep: 0xf3, byte: 0xf3 },
  repne: { rep: 0xf2, byte: 0xf2 },
  repnz: { rep: 0xf2, byte: 0xf2 },
  lock: { lock: true, byte: 0xf0 },
  addr16: { address16: true, byte: 0x67 },
  data16: { data16: true, byte: 0x66 },
  es: { segment: 0, byte: 0x26 },
  cs: { segment: 1, byte: 0x2e },
  ss: { segment: 2, byte: 0x36 },
  ds: { segment: 3, byte: 0x3e },
  fs: { segment: 4, byte: 0x64 },
  gs: { segment: 5, byte: 0x65 },
};

/** How a run of statements ended: at its end, or by `.exitm` or `.end`. */
type Ending = 'end' | 'exitm' | 'stop';

/** Reads sources into sections and symbols. Mistakes go to `diagnostics`, never out as exceptions. */
export class Assembler implements Names {
  readonly options: AssembleOptions;
  readonly diagnostics: Diagnostic[] = [];
  readonly symbols = new Map<string, AsmSymbol>();
  readonly sections = new Map<string, Section>();
  readonly macros = new Map<string, Macro>();
  readonly conditionals: Conditional[] = [];
  /** Latest definition of each numeric label, and the one its `f` references wait for. */
  readonly #numeric = new Map<string, { behind: AsmSymbol | null; ahead: AsmSymbol | null }>();
  section: Section;
  subsection = 0;
  previous: { section: Section; subsection: number } | null = null;
  readonly stack: { section: Section; subsection: number; previous: { section: Section; subsection: number } | null }[] = [];
  /** The statement at hand. */
  location: Location = { source: '', line: 0, column: 1 };
  via: Location | undefined = undefined;
  /** `.altmacro` is on. */
  alternate = false;
  #marked = false;
  #calls = 0;
  #depth = 0;

  constructor(options: AssembleOptions) {
    this.options = options;
    this.section = this.sectionNamed('.text');
    this.sectionNamed('.data');
    this.sectionNamed('.bss');
    for (const [name, value] of Object.entries(options.define ?? {})) {
      const symbol = makeSymbol(name, true, null);
      symbol.value = { kind: 'sum', constant: BigInt(value), terms: [] };
      this.symbols.set(name, symbol);
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
    let symbol = this.symbols.get(name);
    if (!symbol) this.symbols.set(name, (symbol = makeSymbol(name, false, this.location)));
    return symbol;
  }

  local(number: string, direction: 'b' | 'f'): Term | null {
    const entry = this.#numericEntry(number);
    if (direction === 'b') return entry.behind;
    return (entry.ahead ??= makeSymbol(`${number}f`, false, this.location));
  }

  dot(): Term {
    const symbol = makeSymbol('.', false, this.location);
    this.#place(symbol);
    return symbol;
  }

  #numericEntry(number: string): { behind: AsmSymbol | null; ahead: AsmSymbol | null } {
    let entry = this.#numeric.get(number);
    if (!entry) this.#numeric.set(number, (entry = { behind: null, ahead: null }));
    return entry;
  }

  #place(symbol: AsmSymbol): void {
    const fragment = this.fragment();
    symbol.section = this.section;
    symbol.position = { fragment, offset: fragment.bytes.length };
  }

  #defineLabel(name: string, column: number): void {
    const symbol = this.symbol(name);
    if (symbol.position || symbol.value || symbol.common) this.report('error', `symbol '${name}' is already defined`, column);
    else this.#place(symbol);
  }

  #defineNumeric(number: string): void {
    const entry = this.#numericEntry(number);
    const symbol = entry.ahead ?? makeSymbol(number, false, this.location);
    this.#place(symbol);
    entry.behind = symbol;
    entry.ahead = null;
  }

  /** `.set` and `=`; `once` refuses a second definition. */
  assign(name: string, value: Expression, once: boolean, column = 0): void {
    if (name === '.') {
      this.setOrigin(value, 0);
      return;
    }
    const existing = this.symbols.get(name);
    const taken = existing && (existing.position || existing.value);
    if (taken && (once || !existing.assigned)) {
      this.report('error', `symbol '${name}' is already defined`, column);
      return;
    }
    if (existing && !taken) {
      existing.value = value;
      (existing as { assigned: boolean }).assigned = true;
      return;
    }
    const symbol = makeSymbol(name, true, this.location);
    if (existing) {
      symbol.global = existing.global;
      symbol.type = existing.type;
    }
    symbol.value = value;
    this.symbols.set(name, symbol);
  }

  // Sections and bytes

  sectionNamed(name: string, flags: string | null = null, nobits = false): Section {
    let section = this.sections.get(name);
    if (!section) this.sections.set(name, (section = makeSection(name, flags, nobits)));
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
    if (alignment > 1) this.fragment().tail = { kind: 'align', alignment, fill: 0, fillSize: 1, most: alignment };
    this.#place(symbol);
    this.fragment().tail = { kind: 'space', count: { kind: 'sum', constant: BigInt(size), terms: [] }, fill: 0, location: this.location };
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

  source(source: Source): void {
    const statements: SourceStatement[] = [];
    stripComments(source.text)
      .split(/\r?\n/)
      .forEach((line, index) => {
        for (const { text, column } of splitStatements(line)) {
          statements.push({ text, location: { source: source.name, line: index + 1, column: column + 1 }, via: this.via });
        }
      });
    this.run(statements);
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
    for (let i = 0; i < statements.length && ending === 'end' && !this.failed; ) {
      this.location = statements[i].location;
      this.via = statements[i].via;
      this.#marked = false;
      try {
        const next = this.#statement(statements, i);
        if (typeof next === 'number') i = next;
        else ending = next;
      } catch (problem) {
        if (!(problem instanceof SyntaxProblem)) throw problem;
        this.report('error', problem.message, problem.column);
        i++;
      }
    }
    if (this.conditionals.length > open) {
      if (ending === 'end' && !this.failed)
        this.report('error', '.if without .endif', 0, this.conditionals[this.conditionals.length - 1].location);
      this.conditionals.length = open;
    }
    this.#depth--;
    return ending === 'stop' ? 'stop' : ending;
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
      scanner.at += assignment[0].length;
      const value = scanner.expression();
      scanner.expectEnd();
      this.assign(assignment[1], value, assignment[2] === '==', column);
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
      if (match[1]) this.#defineLabel(match[1], scanner.at);
      else this.#defineNumeric(String(Number(match[2])));
      scanner.at += match[0].length;
    }
  }

  #blockOrDirective(statements: readonly SourceStatement[], i: number, word: string, rest: Scanner): number | Ending {
    switch (word) {
      case '.macro': {
        const end = findEnd(statements, i + 1, '.endm');
        if (end < 0) rest.fail('.macro without .endm', 0);
        const macro = parseMacroHeader(rest.rest(), statements.slice(i + 1, end));
        if (typeof macro === 'string') rest.fail(macro);
        if (this.macros.has(macro.name)) this.report('error', `macro '${macro.name}' is already defined`);
        this.macros.set(macro.name, macro);
        return end + 1;
      }
      case '.rept':
      case '.rep':
      case '.irp':
      case '.irpc': {
        const end = findEnd(statements, i + 1, '.endr');
        if (end < 0) rest.fail(`${word} without .endr`, 0);
        const body = statements.slice(i + 1, end);
        for (const values of repeatDirective(word, rest)) {
          const ending = this.run(body.map((s) => ({ ...s, text: substitute(s.text, values, null) })));
          if (ending !== 'end') return ending;
          if (this.failed) break;
        }
        return end + 1;
      }
      case '.exitm':
        return 'exitm';
      case '.end':
        return 'stop';
      case '.include':
        this.#include(rest);
        return i + 1;
      default:
        directive(this, word, rest);
        return i + 1;
    }
  }

  #include(rest: Scanner): void {
    const name = new TextDecoder().decode(Uint8Array.from(rest.string()));
    rest.expectEnd();
    const source = this.options.include?.(name, this.location.source) ?? null;
    if (!source) rest.fail(`cannot find '${name}'`, 0);
    const via = this.via;
    this.source(source);
    this.via = via;
  }

  #call(name: string, rest: Scanner, i: number): number | Ending {
    const macro = this.macros.get(name);
    if (!macro) return i + 1;
    const bound = bindArguments(macro, rest.rest(), this.alternate ? (text) => this.#decimal(text) : null);
    if (typeof bound === 'string') rest.fail(bound);
    const via = this.via ?? this.location;
    const call = this.#calls++;
    const ending = this.run(macro.body.map((s) => ({ ...s, text: substitute(s.text, bound, call, this.alternate), via })));
    return ending === 'stop' ? 'stop' : i + 1;
  }

  /** A constant expression as decimal digits. */
  #decimal(text: string): string {
    const scanner = new Scanner(text, this);
    const value = constantOf(scanner.expression()) ?? scanner.fail(`'%${text}' is not a constant`, 0);
    scanner.expectEnd();
    return String(value);
  }

  #macroOrInstruction(scanner: Scanner, i: number): number | Ending {
    const prefixes: Prefixes = { rep: 0, lock: false, segment: -1, address16: false, data16: false };
    const bare: number[] = [];
    for (;;) {
      const start = scanner.at;
      const word = /^[A-Za-z_.$][\w.$]*/.exec(scanner.rest())?.[0] ?? scanner.fail(`not a statement: '${scanner.rest()}'`);
      scanner.space();
      scanner.at += word.length;
      if (this.macros.has(word)) return this.#call(word, scanner, i);
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
    const encoded = encode(mnemonic, operands, prefixes);
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
