/** Cases that a real processor has answered, and how an answer is told. */
export { makeCases, type Case } from './cases.ts';
export { makeSequences } from './sequences.ts';
export { entryOf, FLAGS_SHOWN, MEMORY_BEFORE, MEMORY_WORDS, REGISTERS, tell, withEnd, type Answer } from './answer.ts';
export * from './places.ts';
