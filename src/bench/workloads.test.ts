import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type * as Door from '#command';
import { testHost } from '../command/testing/testing.ts';
import { COMMAND_BUNDLE_PATH } from '../../scripts/lib/paths.mjs';

const image = new Uint8Array(readFileSync(new URL('./image/bench-lguest.elf', import.meta.url)));
const expected = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as Record<
  string,
  Record<string, { checksum: string; instructions: number }>
>;

test('a gcc-built Guest runs every workload under lguest with the checksums that real machines give', async () => {
  const { runCommand } = (await import(COMMAND_BUNDLE_PATH)) as typeof Door;
  const host = testHost({ files: { 'bench-lguest.elf': image } });
  const status = await runCommand(['64', 'bench-lguest.elf', 'w=all', 'reps=1', 'd=20'], host);
  const { out, err } = host;
  // Only a Guest that says “Power down” has powered off; to the Launcher any other last words are a death.
  expect({ status, err }).toEqual({ status: 1, err: 'lguest: CRASH: bench finished\n' });
  const checksums = Object.fromEntries([...out.matchAll(/^@rep (\w+) 0 ck=(\w+)/gm)].map(([, name, checksum]) => [name, checksum]));
  const { hcall, ...known } = checksums;
  expect(hcall).toBeDefined();
  expect(known).toEqual(
    Object.fromEntries(
      Object.entries(expected)
        .filter(([name]) => name !== 'ring')
        .map(([name, sizes]) => [name, sizes['d=20'].checksum]),
    ),
  );
  expect(out.trimEnd().endsWith('@done ok')).toBe(true);
});
