import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assemble } from './index.ts';

/** The program of the machine's second opinion was assembled by GNU as; this assembler makes the same bytes of it. */
it('assembles the harness of second_opinion to the byte', () => {
  const at = (file: string): URL => new URL(`../machine/proofs/second_opinion/${file}`, import.meta.url);
  const built = assemble([{ name: 'harness.S', text: readFileSync(at('harness.S'), 'utf8') }], { base: 0x100000 });
  expect(built.errors).toEqual([]);
  const text = built.sections.find((section) => section.name === '.text');
  expect(text?.bytes).toEqual(new Uint8Array(readFileSync(at('harness.bin'))));
});
