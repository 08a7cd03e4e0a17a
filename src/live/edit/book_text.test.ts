import { expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { BOOK_PATH, TOP } from '../../../scripts/lib/paths.mjs';
import type { Book } from '#weave';
import { textsOf } from './book_text.ts';

test('each chunk of the book is found by its marker, with its text and its line as they stand in the chapter', () => {
  const texts = textsOf(JSON.parse(readFileSync(BOOK_PATH, 'utf8')) as Book);
  expect(texts.size).toBeGreaterThan(1000);
  const chapters = new Map<string, string[]>();
  for (const [chunk, { source, line, text }] of texts) {
    const lines = chapters.get(source) ?? readFileSync(`${TOP}/${source}`, 'utf8').split(/\r\n|[\r\n]/);
    chapters.set(source, lines);
    expect(lines[line - 2], chunk).toContain(chunk);
    expect(lines.slice(line - 1, line - 1 + text.split('\n').length).join('\n'), chunk).toBe(text);
  }
});
