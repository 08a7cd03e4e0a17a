/** The files that lie beside the worker: on the site, or, where the worker is shut in and can fetch nothing, among what was brought along for it. */

import { BROUGHT } from './brought.ts';
import type { Brought } from './brought.ts';

const brought = (globalThis as { readonly [BROUGHT]?: Brought })[BROUGHT];
const home = brought?.home ?? import.meta.url;

/** Where a file of the site is to be had from. @param url its address on the site */
export function located(url: string): string {
  return brought !== undefined && Object.hasOwn(brought.files, url) ? brought.files[url] : url;
}

/** Where a file that lies beside the worker is to be had from. */
export function beside(file: string): string {
  return located(new URL(file, home).href);
}

/** Whether there is any use in asking for it. */
export function isInReach(file: string): boolean {
  return brought === undefined || Object.hasOwn(brought.files, new URL(file, home).href);
}
