import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareWithGnuAs, hasGnuAs, missingTools } from './testing/gnu_as.ts';
import { assemble } from './index.ts';

/** Every assembly file that the chapters make, by its path in the extracted tree. */
const root = join(process.cwd(), '.tangled');
const files: Record<string, string> = {};

function collect(folder: string): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    // Folders that begin with a dot are the tangler's own.
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.')) collect(path);
    } else if (entry.name.endsWith('.S')) files[path] = readFileSync(join(root, path), 'utf8');
  }
}
if (existsSync(root)) collect('');

/** Files that others include: pieces of a program, checked as part of it. */
const included = new Set(Object.values(files).flatMap((text) => [...text.matchAll(/^\s*\.include\s+"([^"]+)"/gm)].map((m) => m[1])));
const programs = Object.keys(files)
  .filter((path) => !included.has(path))
  .sort();

describe(`the chapters' assembly ${missingTools && `(only assembled, not compared: ${missingTools})`}`, () => {
  it('has been extracted', () => {
    expect(programs.length, `no .S files under ${root}: run npm run tangle`).toBeGreaterThan(0);
  });

  it('uses every piece', () => {
    expect([...included].filter((path) => !(path in files))).toEqual([]);
  });

  it.each(programs)('%s gives the bytes of GNU as', (path) => {
    if (!hasGnuAs) {
      const include = (name: string): { name: string; text: string } | null => (name in files ? { name, text: files[name] } : null);
      expect(assemble([{ name: path, text: files[path] }], { include }).errors).toEqual([]);
      return;
    }
    for (const base of [0, 0xc0100000]) {
      const { problem, differences } = compareWithGnuAs(files[path], { base }, files);
      expect({ problem, differences }).toEqual({ problem: '', differences: [] });
    }
  });
});
