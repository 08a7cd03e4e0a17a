import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareAt, hasGnuAs, missingTools } from './testing/gnu_as.ts';
import { assemble } from './index.ts';

const tangled = join(process.cwd(), '.tangled');
type Files = Readonly<Record<string, string>>;

/** Every assembly file below a folder of the extracted tree, by its path there. */
function collect(root: string): Files {
  if (!existsSync(root)) return {};
  const files: Record<string, string> = {};
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      // Folders that begin with a dot are the tangler's own; variants of the program are roots of their own.
      if (entry.isDirectory()) {
        if (!entry.name.startsWith('.') && entry.name !== 'variants') visit(path);
      } else if (entry.name.endsWith('.S')) files[path] = readFileSync(join(root, path), 'utf8');
    }
  };
  visit('');
  return files;
}

/** The files that a program is made of: itself, and whatever it includes. */
function parts(files: Files, path: string, found = new Map<string, string>()): Files {
  if (path in files && !found.has(path)) {
    found.set(path, files[path]);
    for (const [, name] of files[path].matchAll(/^\s*\.include\s+"([^"]+)"/gm)) parts(files, name, found);
  }
  return Object.fromEntries(found);
}

const files = collect(tangled);
/** Files that others include: pieces of a program, checked as part of it. */
const included = new Set(Object.values(files).flatMap((text) => [...text.matchAll(/^\s*\.include\s+"([^"]+)"/gm)].map((m) => m[1])));
const programsOf = (all: Files): string[] =>
  Object.keys(all)
    .filter((path) => !included.has(path))
    .sort();
const variants = existsSync(join(tangled, 'variants')) ? readdirSync(join(tangled, 'variants')) : [];
/** The book's programs, and each variant's that is to the letter neither the book's nor another variant's. */
const programs: [name: string, text: string, pieces: Files][] = [];
const seen = new Set<string>();
for (const folder of ['', ...variants.map((variant) => `variants/${variant}/`)]) {
  const all = collect(join(tangled, folder));
  for (const path of programsOf(all)) {
    const pieces = parts(all, path);
    const text = JSON.stringify([path, pieces]);
    if (!seen.has(text)) programs.push([`${folder}${path}`, all[path], pieces]);
    seen.add(text);
  }
}

describe(`the chapters' assembly ${missingTools && `(only assembled, not compared: ${missingTools})`}`, () => {
  it('has been extracted', () => {
    expect(programs.length, `no .S files under ${tangled}: run npm run tangle`).toBeGreaterThan(0);
  });

  it('uses every piece', () => {
    expect([...included].filter((path) => !(path in files))).toEqual([]);
  });

  it.each(programs)('%s gives the bytes of GNU as', (path, text, pieces) => {
    if (!hasGnuAs) {
      const include = (name: string): { name: string; text: string } | null => (name in pieces ? { name, text: pieces[name] } : null);
      expect(assemble([{ name: path, text }], { include }).errors).toEqual([]);
      return;
    }
    for (const { problem, differences } of compareAt(text, [0, 0xc0100000], {}, pieces))
      expect({ problem, differences }).toEqual({ problem: '', differences: [] });
  });
});
