import { readFileSync } from 'node:fs';
import { TOP } from './paths.mjs';

/** The parts of the tour, as the pages know them, too. */
const parts = JSON.parse(readFileSync(`${TOP}/docs/parts.json`, 'utf8'));

/** The tour, as the tangler needs to know it. @type {import('../../src/tangle/core/types.ts').TangleConfig} */
export const tangleConfig = {
  docs: 'docs',
  out: '.tangled',
  parts: parts.map(({ letter, folder }) => ({ letter, folder })),
  anywhere: ['P'],
  importPrefix: '#tangled/',
  reserved: ['bin', 'bundle'],
  built: ['.elf', '.cpio'],
  commands: { tangle: 'npm run tangle', untangle: 'npm run untangle', force: 'npm run tangle -- --force' },
};
