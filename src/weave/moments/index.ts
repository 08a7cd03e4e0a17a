/** Moments of the chapters: what is said of them, and what that means. A door for the scripts. */
export { momentsIn } from './elements.ts';
export type { MdxNode, MomentElement } from './elements.ts';
export { momentsFile } from './remark_moments.ts';
export { placeOf, wishOf } from './wishes.ts';
export type { MomentBook } from './wishes.ts';
