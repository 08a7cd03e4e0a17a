/** What a card says of a word on the page: of a term in prose, or of a verb or a register in a block of assembly. */
import { anchorOf } from '../glossary/anchor.ts';
import { glossary } from '../glossary/glossary.ts';
import { tellRegister, tellVerb } from './verbs.ts';

/** A card's text. */
export interface Card {
  readonly title: string;
  readonly says: string;
  /** The page that introduces a term. */
  readonly page?: string;
}

/** The card of a word; undefined for one that needs none, such as a macro. */
export function cardOf(word: HTMLElement): Card | undefined {
  const text = word.textContent.trim();
  if (word.classList.contains('term')) {
    const term = glossary.find((one) => anchorOf(one.term) === word.dataset.term);
    return term && { title: term.term, says: term.says, page: term.page };
  }
  const says = word.classList.contains('register') ? tellRegister(text) : tellVerb(text);
  return says === undefined ? undefined : { title: text, says };
}
