/** Where this book's lguest does something else than the original: `docs/differences.json`. Each is told in its chapter, by a `<Differs of="…">`. */
import list from '../../docs/differences.json';

/** One difference. */
export interface Difference {
  readonly id: string;
  /** The chapter that tells of it: `host/core`. */
  readonly page: string;
  /** One sentence. */
  readonly says: string;
}

export const differences = list as readonly Difference[];
