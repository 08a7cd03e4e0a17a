/** Something wrong in an extracted file. */
export interface FileFault {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A file that cannot be made a module. */
export class ModuleFault extends Error {
  readonly faults: readonly FileFault[];

  constructor(faults: readonly FileFault[]) {
    super(faults.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('\n'));
    this.faults = faults;
  }
}
