import { HELPER_TYPES, type Handlers } from '../engine/handlers.ts';
import { I32, ModuleWriter } from '../wasm/encoder.ts';

/** The function of a unit, as bytes that any of our modules may hold: it refers to nothing but imports, which have the same numbers in all. */
export interface UnitFunction {
  /** Its place in the function table. */
  readonly slot: number;
  readonly body: Uint8Array;
  /** It is wanted no more. */
  readonly gone: boolean;
}

interface UnitModule {
  readonly functions: readonly UnitFunction[];
  readonly bytes: number;
}

/** So few modules are left as they are: whatever moves is compiled anew. */
const FEW_MODULES = 64;
/** So many modules of like size become one. */
const MODULES_A_CLASS = 16;
/** Bytes of a module of the smallest class; each class above has {@link MODULES_A_CLASS} times as many. */
const SMALLEST = 4096;
/** Modules of so many bytes are merged no further: making one takes a moment. */
const LARGEST = 1 << 20;

/**
 * The modules that hold the translator's functions. A module has pages of its own, for code, jump table and instance, so that calls between many small ones miss the caches: new
 * functions come in small modules, and small ones become larger ones, a function being moved only as often as the logarithm of their number.
 */
export class UnitModules {
  readonly #handlers: Handlers;
  readonly #names: string[] = [];
  readonly #indices = new Map<string, number>();
  #modules: UnitModule[] = [];

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** Number of a helper among the imports. */
  import(name: string): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const index = this.#names.push(name) - 1;
    this.#indices.set(name, index);
    return index;
  }

  /** How many there are. */
  get count(): number {
    return this.#modules.length;
  }

  /** Makes functions, which are in the table then. @throws what the engine does where it refuses more code */
  make(functions: readonly UnitFunction[]): void {
    this.#modules.push(this.#module(functions));
    this.#merge();
  }

  #module(functions: readonly UnitFunction[]): UnitModule {
    const module = new ModuleWriter();
    const type = module.type([I32, I32], I32);
    for (const name of this.#names) module.import(name, module.type(...(HELPER_TYPES[name] ?? [[I32, I32], I32])));
    let bytes = 0;
    for (const { slot, body } of functions) {
      module.add(type, body, String(slot));
      bytes += body.length;
    }
    this.#handlers.instantiate(module);
    return { functions, bytes };
  }

  /** One of the modules that are alike in size, where there are many. */
  #merge(): void {
    if (this.#modules.length < FEW_MODULES) return;
    for (let size = SMALLEST; size < LARGEST; size *= MODULES_A_CLASS) {
      const alike = this.#modules.filter(({ bytes }) => bytes < size);
      if (alike.length < MODULES_A_CLASS) continue;
      const functions = alike.flatMap((module) => module.functions.filter(({ gone }) => !gone));
      this.#modules = this.#modules.filter((module) => !alike.includes(module));
      if (functions.length > 0) this.#modules.push(this.#module(functions));
    }
  }

  /** Forgets all modules: none of their functions is wanted. */
  clear(): void {
    this.#modules = [];
  }
}
