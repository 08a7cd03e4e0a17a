/** Cases that a real processor has answered, and how an answer is told. */
export { inputsOf, type Case, type CaseGroup } from './case.ts';
export { casesFor, readBook, seedFor, whyUnanswered, writeBook, type Book, type Page } from './book.ts';
export { formGroups } from './forms.ts';
export { sequenceGroups } from './sequences/index.ts';
export { entryOf, FLAGS_SHOWN, MEMORY_BEFORE, MEMORY_WORDS, REGISTERS, tell, withEnd, type Answer } from './answer.ts';
