/** A second opinion on protected mode: cases, the image that runs them anywhere, and what it told. */
export { CASES, type SystemCase } from './cases.ts';
export { comparable, DIFFERENCES } from './differences.ts';
export { askAll } from './image.ts';
export { runImage } from './run.ts';
