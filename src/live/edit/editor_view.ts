/** The editor itself: CodeMirror with what a block of the book needs, in the book's own colours. */
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

import type { WovenProblem } from '../protocol.ts';
import { assembler } from './assembler_mode.ts';
import { typescript } from './typescript_mode.ts';

const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--token-comment)' },
  { tag: [tags.keyword, tags.modifier], color: 'var(--token-keyword)' },
  { tag: [tags.string, tags.regexp], color: 'var(--token-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--token-number)' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.labelName], color: 'var(--token-function)' },
  { tag: [tags.typeName, tags.className], color: 'var(--token-type)' },
  { tag: tags.operatorKeyword, fontWeight: '600' },
]);

const LOOK = EditorView.theme({
  '&': { color: 'var(--token-plain)', backgroundColor: 'var(--paper-high)', font: 'inherit' },
  '&.cm-focused': { outline: '2px solid var(--link)', outlineOffset: '-2px' },
  '.cm-scroller': { font: 'inherit', lineHeight: 'inherit' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '0.55rem 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--paper-high)', color: 'var(--ink-faint)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--link) 28%, transparent)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--paper)', color: 'var(--ink)', border: '1px solid var(--rule)' },
  '.cm-matchingBracket': { backgroundColor: 'color-mix(in srgb, var(--link) 20%, transparent)' },
});

/** What an editor is opened with. */
export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly language: string;
  readonly label: string;
  readonly changed: (text: string) => void;
  readonly run: () => void;
  readonly close: () => void;
}

/** Opens an editor. */
export function openEditor({ parent, text, language, label, changed, run, close }: EditorOptions): EditorView {
  const does = (action: () => void) => (): boolean => {
    action();
    return true;
  };
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        lintGutter(),
        syntaxHighlighting(COLOURS),
        LOOK,
        ...(language === 'asm'
          ? [assembler, indentUnit.of('\t')]
          : language === 'json'
            ? [indentUnit.of('  ')]
            : [typescript, indentUnit.of('  ')]),
        EditorState.tabSize.of(8),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label, autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false' }),
        keymap.of([
          { key: 'Mod-Enter', run: does(run) },
          { key: 'Escape', run: does(close) },
          // Tab leaves the editor, as everywhere in a page.
          { key: 'Mod-]', run: indentMore },
          { key: 'Mod-[', run: indentLess },
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/** Shows what is wrong, at its lines. */
export function showProblems(view: EditorView, problems: readonly WovenProblem[], chunk: string): void {
  const { doc } = view.state;
  const diagnostics = problems
    .filter((one) => one.chunk === chunk && one.at > 0)
    .map(({ at, column, length, message }): Diagnostic => {
      const line = doc.line(Math.min(at, doc.lines));
      const from = Math.min(line.to, line.from + column - 1);
      const word = /^[\w$]+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 0;
      return { from, to: Math.min(line.to, from + (length > 0 ? length : word)), severity: 'error', message };
    })
    .sort((a, b) => a.from - b.from);
  view.dispatch(setDiagnostics(view.state, diagnostics));
}
