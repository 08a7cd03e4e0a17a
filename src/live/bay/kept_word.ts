/** The words by which a tab keeps the run of the Guest in the bay. */
const NAME = 'lguest-live-run';

/** What is kept; null: nothing. */
export function keptWord(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    // A browser that keeps nothing.
    return null;
  }
}

/** Whether there is a run to be had again. */
export function hasKept(): boolean {
  return keptWord() !== null;
}

/** Keeps these words, or none any more. */
export function keepWord(word: string | null): void {
  try {
    if (word === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, word);
  } catch {
    // A browser that keeps nothing, or not so much: the run is gone when the page is.
  }
}
