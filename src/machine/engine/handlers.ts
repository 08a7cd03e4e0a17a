import * as L from '../state/layout.ts';
import { MODE_CODE_FLAT, MODE_FLAT, MODE_STACK32 } from '../memory/cpu.ts';
import { STALE } from '../wasm/status.ts';
import { hasMemory, type Instruction, type InstructionForm } from '../opcodes/index.ts';
import { build, delegates } from '../semantics/index.ts';
import { Code, I32, I64, ModuleWriter, type ValueType } from '../wasm/encoder.ts';
import { lower } from '../wasm/lower.ts';
import { EntryBinding, type Variant } from './entry_binding.ts';

/** Initial size of the function table, and what it grows by; 0 is the handler of stale entries. */
export const TABLE_SIZE = 8192;

/** Types of the functions that are not plain helpers (two words in, one out). */
export const HELPER_TYPES: Readonly<Record<string, [ValueType[], ValueType | null]>> = {
  writeSlow: [[I32, I32, I32], null],
  commit: [[], null],
  flagsWord: [[], I32],
  readSlow64: [[I32, I32], I64],
};

/**
 * The imports as WebAssembly functions: an instance that imports those costs a tenth of one that imports JavaScript, for which the engine
 * compiles a wrapper each time.
 */
function bridge(imports: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
  const module = new ModuleWriter();
  const names = Object.keys(imports);
  const types = names.map((name) => HELPER_TYPES[name] ?? [[I32, I32], I32]);
  const indices = names.map((name, n) => module.import(name, module.type(...types[n])));
  names.forEach((name, n) => {
    const [parameters, result] = types[n];
    const code = new Code(parameters.length);
    parameters.forEach((_, i) => code.get(i));
    module.add(module.type(parameters, result), code.call(indices[n]), name);
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  return new WebAssembly.Instance(new WebAssembly.Module(module.encode(0)), { m: { memory }, h: imports }).exports;
}

/** Forms whose first operand is only an address, or that write through CS: their operand is never taken as flat. */
function flatOperand(insn: Instruction, mode: number): boolean {
  return (mode & MODE_FLAT) !== 0 && insn.segment <= L.DS && insn.segment !== L.CS;
}

/**
 * The interpreter's handlers: one WebAssembly function per shape of instruction, generated when the decoder first meets it.
 *
 * {@link index} gives a table index at once; {@link compile} must run before any such index is called.
 */
export class Handlers {
  readonly table: WebAssembly.Table;
  readonly #memory: WebAssembly.Memory;
  readonly #imports: WebAssembly.ModuleImports;
  readonly #indices = new Map<number, number>();
  readonly #variants: Variant[] = [];
  #late: ((imports: WebAssembly.ModuleImports) => WebAssembly.ModuleImports) | null;
  #pending: { at: number; variant: Variant }[] = [];
  #next = 1;

  /**
   * @param helpers in TypeScript
   * @param routines in WebAssembly, which come first where both have a name
   * @param late gives what has no name among those, when the first of it is wanted; it may import them
   */
  constructor(
    memory: WebAssembly.Memory,
    table: WebAssembly.Table,
    helpers: WebAssembly.ModuleImports,
    routines: WebAssembly.ModuleImports,
    late: (imports: WebAssembly.ModuleImports) => WebAssembly.ModuleImports,
  ) {
    this.#late = late;
    this.#memory = memory;
    this.table = table;
    this.#imports = { ...bridge(helpers), ...routines };
    this.#stale();
  }

  /** What the handler with a table index was made for. */
  variant(index: number): Variant | undefined {
    return this.#variants[index];
  }
  /** A free place in the table, for other functions of the same type. */
  slot(): number {
    const at = this.#next++;
    if (at >= this.table.length) this.table.grow(TABLE_SIZE);
    return at;
  }

  /** Number of handlers made so far. */
  get count(): number {
    return this.#indices.size;
  }

  /** Table index of the handler for a decoded instruction under a mode. */
  index(insn: Instruction, form: InstructionForm, mode: number): number {
    const memory = hasMemory(insn) && (insn.mod !== 3 || form.immediates[0] === 'm');
    const repeated = insn.rep !== 0 && (form.attributes.has('rep') || form.attributes.has('repz'));
    const indexed = memory && insn.index >= 0;
    const flat = flatOperand(insn, mode);
    // x87 forms without a semantics of their own differ only in a field.
    const id = delegates(form) ? 1023 : form.id;
    const key =
      (id << 12) |
      (insn.operandSize === 16 ? 1 : 0) |
      (insn.addressSize === 16 ? 2 : 0) |
      (memory ? 4 : 0) |
      (indexed ? 8 : 0) |
      (flat ? 16 : 0) |
      (repeated ? 32 : 0) |
      (mode & MODE_STACK32 ? 64 : 0) |
      (mode & MODE_FLAT ? 128 : 0) |
      (mode & MODE_CODE_FLAT ? 256 : 0);
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const at = this.slot();
    this.#indices.set(key, at);
    const variant: Variant = {
      shape: { form, operandSize: insn.operandSize, addressSize: insn.addressSize, stack32: (mode & MODE_STACK32) !== 0, memory, repeated },
      indexed,
      flatOperand: flat,
      flat: (mode & MODE_FLAT) !== 0,
      codeFlat: (mode & MODE_CODE_FLAT) !== 0,
    };
    this.#variants[at] = variant;
    this.#pending.push({ at, variant });
    return at;
  }

  /** Generates whatever {@link index} promised. */
  compile(): void {
    if (this.#pending.length === 0) return;
    const pending = this.#pending;
    this.#pending = [];
    const module = new ModuleWriter();
    const type = module.type([I32, I32], I32);
    const helper = (name: string): number => module.import(name, module.type(...(HELPER_TYPES[name] ?? [[I32, I32], I32])));
    for (const { at, variant } of pending) {
      const code = new Code(2);
      lower((variant.definition ??= build(variant.shape)), code, new EntryBinding(variant, helper));
      module.add(type, code, String(at));
    }
    this.instantiate(module);
  }

  /**
   * Makes the functions of a module and puts them into the table, each at its name. The module does not import the table: engines keep a copy
   * for each instance that does, and bring all of them up to date with every change.
   */
  instantiate(module: ModuleWriter): void {
    const imports: WebAssembly.ModuleImports = {};
    for (const name of module.importNames) {
      if (!(name in this.#imports) && this.#late) {
        Object.assign(this.#imports, this.#late(this.#imports));
        this.#late = null;
      }
      imports[name] = this.#imports[name];
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode(0)), { m: { memory: this.#memory }, h: imports });
    for (const [at, made] of Object.entries(exports)) this.table.set(Number(at), made);
  }

  /** Handler 0: leaves the block. */
  #stale(): void {
    const module = new ModuleWriter();
    module.add(module.type([I32, I32], I32), new Code(2).i32(STALE), '0');
    this.instantiate(module);
  }
}
