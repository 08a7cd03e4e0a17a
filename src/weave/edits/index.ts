/** Editing the book's program where it is read: from changed chunks to a program that runs, without compiler, bundler or server. */
export { bookOf } from './book.ts';
export type { Book } from './book.ts';
export type { Edits } from './edited.ts';
export { EndlessLoop } from './code_guard.ts';
export { Weaver } from './weaver.ts';
export { WeaveFault, Woven } from './woven.ts';
export type { WovenProblem } from './woven.ts';
