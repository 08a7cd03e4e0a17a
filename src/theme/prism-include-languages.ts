/** Adds to Prism the one language it does not know: GNU assembly for the i386, AT&T syntax. */
import type * as PrismNamespace from 'prismjs';

export default function prismIncludeLanguages(prism: typeof PrismNamespace): void {
  prism.languages.asm = {
    comment: [
      { pattern: /\/\*[\s\S]*?\*\//, greedy: true },
      { pattern: /(^|[\s;,])#.*/, lookbehind: true, greedy: true },
      { pattern: /\/\/.*/, greedy: true },
    ],
    string: { pattern: /"(?:\\.|[^"\\\n])*"/, greedy: true },
    directive: { pattern: /(^|[\s:;])\.[a-z]\w*/im, lookbehind: true },
    label: { pattern: /(^|;)[ \t]*[\w.$]+:/m, lookbehind: true },
    register: /%\w+(?:\(\d\))?/,
    immediate: { pattern: /\$(?:0x[\da-f]+|\d+|[\w.]+)/i, alias: 'number' },
    number: /\b0x[\da-f]+\b|\b\d+[bf]?\b/i,
    mnemonic: { pattern: /(^|[:;])([ \t]*)(?:(?:rep[nez]*|lock)[ \t]+)?[a-z]\w*/im, lookbehind: true },
    punctuation: /[(),:]/,
    operator: /[-+*/|&~<>=]+/,
  };
}
