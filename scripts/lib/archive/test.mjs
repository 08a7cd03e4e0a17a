// npm test: runs the Guests of the book's chapters, all or those that are named, and compares what they say and how they end with what is kept in expected/.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { runScene } from './tools/base.mjs';
import { buildScene, lines } from './tools/toolchain.mjs';
import * as lguest from './build/lguest.js';

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const program = { ...lguest, lines };
/** Here nobody asks which line of which chapter it was. */
const chunks = { version: 1, with: [], chunks: [], markers: [], identifiers: [], files: [] };
const read = (path) => (existsSync(`${here}/program/${path}`) ? readFileSync(`${here}/program/${path}`, 'utf8') : undefined);
const wanted = (process.env.SCENES ?? '').split(/[\s,]+/).filter((name) => name !== '');

for (const file of readdirSync(`${here}/expected`).sort()) {
  const name = file.replace(/\.json$/, '');
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  test(name, () => {
    const { bundle } = buildScene(name, read, chunks);
    const { console, ending, summary } = runScene(program, { name, ...bundle });
    // What the events were is not kept, only how many of each kind; system calls only where the book shows them.
    const { events: _events, hypercalls: _hypercalls, syscalls: _syscalls, ...counts } = summary;
    assert.deepEqual({ console, ending, counts }, JSON.parse(readFileSync(`${here}/expected/${file}`, 'utf8')));
  });
}
