/** A writer of WebAssembly modules: only what generated code needs (WebAssembly core specification 2.0, section 5). */

export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;
const VOID = 0x40;
export type ValueType = typeof I32 | typeof I64 | typeof F64;

/** Opcodes by their names in the text format, dots and all. */
const OPCODES = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  else: 0x05,
  end: 0x0b,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.ne': 0x47,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i32.gt_u': 0x4b,
  'i32.le_s': 0x4c,
  'i32.le_u': 0x4d,
  'i32.ge_s': 0x4e,
  'i32.ge_u': 0x4f,
  'i64.eqz': 0x50,
  'i64.eq': 0x51,
  'i64.ne': 0x52,
  'i64.lt_s': 0x53,
  'i64.lt_u': 0x54,
  'i64.gt_s': 0x55,
  'i64.gt_u': 0x56,
  'i64.le_s': 0x57,
  'i64.le_u': 0x58,
  'i64.ge_s': 0x59,
  'i64.ge_u': 0x5a,
  'f64.gt': 0x64,
  'f64.le': 0x65,
  'i32.clz': 0x67,
  'i32.ctz': 0x68,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_s': 0x6d,
  'i32.div_u': 0x6e,
  'i32.rem_s': 0x6f,
  'i32.rem_u': 0x70,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_s': 0x75,
  'i32.shr_u': 0x76,
  'i32.rotl': 0x77,
  'i32.rotr': 0x78,
  'i64.clz': 0x79,
  'i64.ctz': 0x7a,
  'i64.popcnt': 0x7b,
  'i64.add': 0x7c,
  'i64.sub': 0x7d,
  'i64.mul': 0x7e,
  'i64.div_s': 0x7f,
  'i64.div_u': 0x80,
  'i64.rem_s': 0x81,
  'i64.rem_u': 0x82,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.xor': 0x85,
  'i64.shl': 0x86,
  'i64.shr_s': 0x87,
  'i64.shr_u': 0x88,
  'i64.rotl': 0x89,
  'i64.rotr': 0x8a,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'i32.wrap_i64': 0xa7,
  'i32.trunc_f64_s': 0xaa,
  'i64.extend_i32_s': 0xac,
  'i64.extend_i32_u': 0xad,
  'i64.trunc_f64_u': 0xb1,
  'f64.convert_i32_s': 0xb7,
  'f64.convert_i64_u': 0xba,
  'i32.extend8_s': 0xc0,
  'i32.extend16_s': 0xc1,
} as const;
export type Opcode = keyof typeof OPCODES;

const MEMORY_OPCODES = {
  'i32.load': 0x28,
  'i64.load': 0x29,
  'f64.load': 0x2b,
  'i32.load8_u': 0x2d,
  'i32.load16_u': 0x2f,
  'i32.store': 0x36,
  'i64.store': 0x37,
  'f64.store': 0x39,
  'i32.store8': 0x3a,
  'i32.store16': 0x3b,
} as const;
export type MemoryOpcode = keyof typeof MEMORY_OPCODES;

/** Appends an unsigned LEB128. */
export function unsigned(out: number[], value: number): void {
  for (;;) {
    const low = value % 128;
    value = (value - low) / 128;
    if (value === 0) {
      out.push(low);
      return;
    }
    out.push(low | 0x80);
  }
}

/** Appends a signed LEB128 of an integer exact in a double, or a bigint. */
function signedLeb(out: number[], value: number | bigint): void {
  let rest = BigInt(value);
  for (;;) {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)) {
      out.push(low);
      return;
    }
    out.push(low | 0x80);
  }
}

function signed32(out: number[], value: number): void {
  value |= 0;
  for (;;) {
    const low = value & 0x7f;
    value >>= 7;
    if ((value === 0 && (low & 0x40) === 0) || (value === -1 && (low & 0x40) !== 0)) {
      out.push(low);
      return;
    }
    out.push(low | 0x80);
  }
}

/** The body of one function. */
export class Code {
  readonly bytes: number[] = [];
  readonly locals: ValueType[];
  readonly parameters: number;
  /** How many blocks, loops and ifs are open. */
  depth = 0;

  constructor(parameters: number, locals: ValueType[] = []) {
    this.parameters = parameters;
    this.locals = locals;
  }

  /** A further local; gives its index. */
  local(type: ValueType): number {
    return this.parameters + this.locals.push(type) - 1;
  }

  op(name: Opcode): this {
    this.bytes.push(OPCODES[name]);
    return this;
  }
  i32(value: number): this {
    this.bytes.push(0x41);
    signed32(this.bytes, value);
    return this;
  }
  i64(value: number): this {
    this.bytes.push(0x42);
    signedLeb(this.bytes, value);
    return this;
  }
  get(local: number): this {
    this.bytes.push(0x20);
    unsigned(this.bytes, local);
    return this;
  }
  set(local: number): this {
    this.bytes.push(0x21);
    unsigned(this.bytes, local);
    return this;
  }
  tee(local: number): this {
    this.bytes.push(0x22);
    unsigned(this.bytes, local);
    return this;
  }
  /** Alignment is always given as one byte: a hint only. */
  memory(name: MemoryOpcode, offset: number): this {
    this.bytes.push(MEMORY_OPCODES[name], 0);
    unsigned(this.bytes, offset);
    return this;
  }
  block(type: ValueType | typeof VOID = VOID): this {
    this.bytes.push(0x02, type);
    this.depth++;
    return this;
  }
  loop(type: ValueType | typeof VOID = VOID): this {
    this.bytes.push(0x03, type);
    this.depth++;
    return this;
  }
  if(type: ValueType | typeof VOID = VOID): this {
    this.bytes.push(0x04, type);
    this.depth++;
    return this;
  }
  else(): this {
    return this.op('else');
  }
  end(): this {
    this.depth--;
    return this.op('end');
  }
  br(depth: number): this {
    this.bytes.push(0x0c);
    unsigned(this.bytes, depth);
    return this;
  }
  brIf(depth: number): this {
    this.bytes.push(0x0d);
    unsigned(this.bytes, depth);
    return this;
  }
  /** @param depths by the operand; the last one serves for all above */
  brTable(depths: readonly number[]): this {
    this.bytes.push(0x0e);
    unsigned(this.bytes, depths.length - 1);
    for (const depth of depths) unsigned(this.bytes, depth);
    return this;
  }
  call(index: number): this {
    this.bytes.push(0x10);
    unsigned(this.bytes, index);
    return this;
  }
  callIndirect(type: number): this {
    this.bytes.push(0x11);
    unsigned(this.bytes, type);
    this.bytes.push(0);
    return this;
  }
  return(): this {
    return this.op('return');
  }

  encode(): number[] {
    const body: number[] = [];
    const runs: [number, ValueType][] = [];
    for (const type of this.locals) {
      const last = runs[runs.length - 1];
      if (last && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    unsigned(body, runs.length);
    for (const [count, type] of runs) {
      unsigned(body, count);
      body.push(type);
    }
    const out: number[] = [];
    unsigned(out, body.length + this.bytes.length + 1);
    for (const byte of body) out.push(byte);
    for (const byte of this.bytes) out.push(byte);
    out.push(0x0b);
    return out;
  }
}

export interface FunctionType {
  parameters: readonly ValueType[];
  result: ValueType | null;
}

/** A module over an imported memory (`m.memory`) and table (`m.table`). */
export class ModuleWriter {
  readonly #types: FunctionType[] = [];
  readonly #imports: { name: string; type: number }[] = [];
  readonly #functions: { type: number; body: ArrayLike<number>; exported: string | null }[] = [];
  readonly #elements: { at: number; index: number }[] = [];

  type(parameters: readonly ValueType[], result: ValueType | null): number {
    const found = this.#types.findIndex(
      (t) => t.result === result && t.parameters.length === parameters.length && t.parameters.every((p, i) => p === parameters[i]),
    );
    return found >= 0 ? found : this.#types.push({ parameters, result }) - 1;
  }

  /** Index of an imported function (`h.<name>`). All imports must be asked for before the first {@link add}. */
  import(name: string, type: number): number {
    const found = this.#imports.findIndex((i) => i.name === name);
    return found >= 0 ? found : this.#imports.push({ name, type }) - 1;
  }
  get importNames(): string[] {
    return this.#imports.map((i) => i.name);
  }

  /** Adds a function, or what {@link Code.encode} made of one; `tableAt` puts it into the table, `exported` gives it a name. */
  add(type: number, code: Code | Uint8Array, exported: string | null = null, tableAt = -1): void {
    const index = this.#functions.push({ type, body: code instanceof Code ? code.encode() : code, exported }) - 1;
    if (tableAt >= 0) this.#elements.push({ at: tableAt, index });
  }

  /** @param tableSize the imported table's minimum size, 0: no table */
  encode(tableSize: number): Uint8Array<ArrayBuffer> {
    const out: number[] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const section = (id: number, content: number[]): void => {
      out.push(id);
      unsigned(out, content.length);
      for (const byte of content) out.push(byte);
    };
    const list = <T>(items: readonly T[], each: (item: T, out: number[]) => void): number[] => {
      const content: number[] = [];
      unsigned(content, items.length);
      for (const item of items) each(item, content);
      return content;
    };
    const name = (text: string, to: number[]): void => {
      unsigned(to, text.length);
      for (let i = 0; i < text.length; i++) to.push(text.charCodeAt(i));
    };
    section(
      1,
      list(this.#types, (type, to) => {
        to.push(0x60, type.parameters.length, ...type.parameters, type.result === null ? 0 : 1);
        if (type.result !== null) to.push(type.result);
      }),
    );
    const imports: number[] = [];
    unsigned(imports, this.#imports.length + (tableSize > 0 ? 2 : 1));
    name('m', imports);
    name('memory', imports);
    imports.push(2, 0, 1);
    if (tableSize > 0) {
      name('m', imports);
      name('table', imports);
      imports.push(1, 0x70, 0);
      unsigned(imports, tableSize);
    }
    for (const entry of this.#imports) {
      name('h', imports);
      name(entry.name, imports);
      imports.push(0);
      unsigned(imports, entry.type);
    }
    section(2, imports);
    section(
      3,
      list(this.#functions, (f, to) => unsigned(to, f.type)),
    );
    const first = this.#imports.length;
    const exported = this.#functions.map((f, index) => ({ name: f.exported, index })).filter((f) => f.name !== null);
    if (exported.length > 0)
      section(
        7,
        list(exported, (f, to) => {
          name(f.name ?? '', to);
          to.push(0);
          unsigned(to, first + f.index);
        }),
      );
    if (this.#elements.length > 0) {
      section(
        9,
        list(this.#elements, (e, to) => {
          to.push(0, 0x41);
          signed32(to, e.at);
          to.push(0x0b, 1);
          unsigned(to, first + e.index);
        }),
      );
    }
    const length: number[] = [];
    unsigned(length, this.#functions.length);
    out.push(10);
    unsigned(
      out,
      this.#functions.reduce((sum, f) => sum + f.body.length, length.length),
    );
    out.push(...length);
    const bytes = new Uint8Array(this.#functions.reduce((sum, f) => sum + f.body.length, out.length));
    bytes.set(out);
    let at = out.length;
    for (const { body } of this.#functions) {
      bytes.set(body, at);
      at += body.length;
    }
    return bytes;
  }
}
