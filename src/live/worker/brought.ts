/** What a worker that is shut in, and can fetch nothing, is given before it begins. */
export interface Brought {
  /** The address that the worker would have on the site. */
  readonly home: string;
  /** Where each file is to be had from, by the address that it has on the site. */
  readonly files: Readonly<Record<string, string>>;
}

/** Where it is among the worker's globals. */
export const BROUGHT = 'lguestBrought';
