/** Colours for the assembler in the editor: the same kinds of word as on the page. */
import { StreamLanguage } from '@codemirror/language';
import type { StringStream } from '@codemirror/language';

interface State {
  /** Whether the line's instruction has come. */
  mnemonic: boolean;
}

function token(stream: StringStream, state: State): string | null {
  if (stream.sol()) state.mnemonic = false;
  if (stream.eatSpace()) return null;
  if (stream.match('#')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return 'string';
  if (stream.match(/^[\w.$]+:/)) return 'labelName';
  if (stream.match(/^\.[a-z]\w*/i)) {
    state.mnemonic = true;
    return 'keyword';
  }
  if (stream.match(/^%\w+/)) return 'typeName';
  if (stream.match(/^\$?-?(?:0x[\da-f]+|\d+)\b[bf]?/i)) return 'number';
  if (stream.match(/^\$?[\w.\\@]+/)) {
    const first = !state.mnemonic;
    state.mnemonic = true;
    return first ? 'operatorKeyword' : null;
  }
  if (stream.eat(';')) {
    state.mnemonic = false;
    return null;
  }
  stream.next();
  return null;
}

export const assembler = StreamLanguage.define<State>({
  name: 'asm',
  startState: () => ({ mnemonic: false }),
  copyState: ({ mnemonic }) => ({ mnemonic }),
  token,
  languageData: { commentTokens: { line: '#' } },
});
