/** TypeScript in the editor: its grammar, without the completions that the ready-made package brings. */
import { continuedIndent, delimitedIndent, flatIndent, indentNodeProp, LRLanguage } from '@codemirror/language';
import { parser } from '@lezer/javascript';

export const typescript = LRLanguage.define({
  name: 'typescript',
  parser: parser.configure({
    dialect: 'ts',
    props: [
      indentNodeProp.add({
        IfStatement: continuedIndent({ except: /^\s*(?:\{|else\b)/ }),
        TryStatement: continuedIndent({ except: /^\s*(?:\{|catch\b|finally\b)/ }),
        SwitchBody: ({ textAfter, baseIndent, unit }) =>
          baseIndent + (/^\s*\}/.test(textAfter) ? 0 : /^\s*(?:case|default)\b/.test(textAfter) ? 1 : 2) * unit,
        Block: delimitedIndent({ closing: '}' }),
        ArrowFunction: (context) => context.baseIndent + context.unit,
        'TemplateString BlockComment': () => null,
        'Statement Property': continuedIndent({ except: /^\s*\{/ }),
        Script: flatIndent,
      }),
    ],
  }),
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] } },
});
