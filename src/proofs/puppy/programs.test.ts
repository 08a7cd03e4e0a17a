/** Puppy's programs under Puppy, and the same files under the Linux of this machine, which has been right for longer. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { program } from '#lguest';
import { runScene } from '#world';
import type { SceneBundle } from '#world';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';

const PROMPT = '/ # ';
const shell = sceneBundles().find(({ name }) => name === 'puppy_shell') as SceneBundle;

/** What each line, typed at Puppy's prompt, is answered. */
function answers(lines: readonly string[]): string[] {
  const keys = lines.map((line) => ({ when: 'waits' as const, text: `${line}\r` }));
  const { console } = runScene(program, { ...shell, scene: { ...shell.scene, keys } });
  return console
    .replaceAll('\r', '')
    .split(PROMPT)
    .slice(1, 1 + lines.length)
    .map((said, i) => {
      expect(said.startsWith(`${lines[i]}\n`), said).toBe(true);
      return said.slice(lines[i].length + 1);
    });
}

const LINES = [
  'hello',
  'echo a \'b  c\' "d $?" \\e',
  'cat /etc/rc nosuch /bin',
  'cat - /etc/rc < /etc/rc | wc',
  'wc /etc/motd nosuch',
  'head -2 /etc/motd; head -1 /etc/rc /etc/rc',
  'grep @ /etc/motd; grep -v @ /etc/motd; echo $?',
  'grep nothing /etc/rc; echo $?; grep -x y; echo $?',
  'yes | head -2; echo $?',
  'ls /etc | cat; ls -l /etc/motd /nosuch; ls /bin | wc',
  'crash null; echo $?',
  'crash kernel; crash halt; crash zero; crash void; crash stack',
  'crash pointer; crash zero | cat; echo $?',
  'nosuch; echo $?; false; echo $?; true; echo $?',
  '/etc/rc | head -4; /etc/rc < /nosuch',
  'echo "echo one; echo two | cat" | sh',
  'sh nosuch; sh /etc/rc | head -7 | wc',
  'sleep 0 & wait; echo done',
  'cd /nosuch; cd /etc | cat; echo $?',
  'echo | | wc; echo $?; > x; ;; echo x ;',
  'cp; mkdir; cp nosuch x; kill 77777',
];

test('no program writes to the kernel, however often it tries', () => {
  const tries = Array.from({ length: 5 }, () => 'crash kernel; '.repeat(6));
  expect(answers(tries)).toEqual(tries.map(() => 'Segmentation fault\n'.repeat(6)));
});

const folder = mkdtempSync(join(tmpdir(), 'puppy-'));
const unpacked =
  process.getuid?.() === 0 &&
  spawnSync('cpio', ['-i', '--quiet'], { cwd: folder, input: Buffer.from(shell.files?.initrd ?? '', 'base64') }).status === 0 &&
  spawnSync('chroot', [folder, '/bin/hello'], { encoding: 'utf8' }).stdout === 'Hello from ring 3!\n';
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!unpacked)('a line is answered as by Linux (where it runs 32-bit programs in a folder of their own)', () => {
  let said: string[];
  beforeAll(() => {
    said = answers(LINES);
  }, 120_000);

  test.each(LINES.map((line, i) => [line, i] as const))('%s', (line, i) => {
    writeFileSync(join(folder, 'line'), `${line}\n`);
    const linux = execFileSync('/bin/sh', ['-c', `chroot ${folder} /bin/sh /line 2>&1 < /dev/null; true`], { encoding: 'utf8' });
    // A script's shell is /bin/sh, and who complains says his name; and only on a terminal one is told who runs in the background.
    expect(said[i].replace(/^\[\d+\]\n/, '')).toBe(linux.replaceAll('/bin/sh: ', 'sh: '));
  });
});

test('five hundred processes later, no page is missing', () => {
  const crowd = Array.from({ length: 16 }, () => 'true').join(' | ');
  // The first crowd is not counted, nor the lines that fill the history: the shell takes some pages for itself.
  const own = [...Array.from({ length: 32 }, (_, i) => `true ${i}`), crowd];
  const [before, ...rest] = answers([...own, 'free', ...Array.from({ length: 32 }, () => crowd), 'free']).slice(own.length);
  expect(before).toMatch(/free/);
  expect(rest.at(-1)).toBe(before);
}, 120_000);
