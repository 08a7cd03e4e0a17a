/** A world that the command saves goes on from its file as if nothing had been: the same words, the same disk. */
import { expect, test } from 'vitest';
import { base } from '../../scripts/lib/bundles.mjs';
import { COMMAND_BUNDLE_PATH } from '../../scripts/lib/paths.mjs';
import { Dice } from '#testing';
import { OverlaidDisk } from './saved.ts';
import { assembleGuest, WRITER, WRITER_SECTORS } from './testing/guests.ts';
import { testHost } from './testing/testing.ts';
import type * as Door from './index.ts';

const { runCommand } = (await import(COMMAND_BUNDLE_PATH)) as typeof Door;

const writer = assembleGuest(WRITER);
const empty = (): Uint8Array => new Uint8Array(WRITER_SECTORS * 512);
const END = '--max-instructions=300000';

test('a world goes on from its file as if nothing had been', async () => {
  const whole = testHost({ files: { writer }, disks: { disk: empty() } });
  expect(await runCommand([END, '--block=disk', '16', 'writer'], whole)).toBe(3);
  const files: Record<string, Uint8Array> = { writer };
  const first = testHost({ files, disks: { disk: empty() } });
  expect(await runCommand(['--save=half.lguest', '--max-instructions=130000', '--block=disk', '16', 'writer'], first)).toBe(3);
  expect(first.err).toMatch(/saved after 130000 instructions: go on with --open=half.lguest/);
  expect(first.out.length).toBeGreaterThan(20);
  // Neither kernel nor options are needed any more; the disk is the file that it was.
  const second = testHost({ files: { 'half.lguest': files['half.lguest'] }, disks: { disk: first.disks.disk.bytes } });
  expect(await runCommand([END, '--open=half.lguest', '--save=end.lguest'], second)).toBe(3);
  expect(second.err).toMatch(/saved after 300000/);
  expect(second.out).toBe(whole.out);
  expect(second.disks.disk.bytes).toEqual(whole.disks.disk.bytes);
});

test.each<[string, string[], RegExp]>([
  ['what is not there', ['--open=gone'], /gone: cannot be opened: no such file/],
  ['what is no world', ['--open=text'], /text: this is no saved run; choose a file that/],
  ['what is cut', ['--open=cut'], /cut: this saved run is damaged: .*; save or fetch it again/],
  [
    'a world whose disk is not there',
    ['--open=half'],
    /half: its disk disk \(32768 bytes\) is not in the file: give its image by --block=IMAGE/,
  ],
  [
    'a world with the disk of another',
    ['--open=half', '--block=short'],
    /short: is not the disk of this run: it has 512 bytes, and disk had 32768/,
  ],
  ['a world and a Guest', ['--open=half', '16', 'writer'], /--open goes with one --block=IMAGE, and with no Guest/],
  [
    'a place where nothing can be written',
    ['--save=/nowhere/x', '--max-instructions=1000', '16', 'writer'],
    /nowhere\/x: cannot be written: no such/,
  ],
])('%s ends in a sentence', async (_, args, sentence) => {
  const files: Record<string, Uint8Array> = { writer, text: new TextEncoder().encode('Hello\n') };
  const made = testHost({ files, disks: { disk: empty() } });
  await runCommand(['--save=half', '--max-instructions=1000', '--block=disk', '16', 'writer'], made);
  files.cut = files.half.subarray(0, files.half.length - 100);
  const host = testHost({ files, disks: { short: new Uint8Array(512) } });
  expect(await runCommand(args, host)).toBe(2);
  expect(host.err).toMatch(sentence);
});

test('a world into whose file somebody has written ends in a sentence, too', async () => {
  const files: Record<string, Uint8Array> = { writer };
  const made = testHost({ files, disks: { disk: empty() } });
  await runCommand(['--save=half', '--max-instructions=5000', '--block=disk', '4', 'writer'], made);
  const behind = files.half.indexOf(10) + 1;
  const inside = Buffer.from(made.unzip(files.half.subarray(behind)) ?? []);
  // A word of the Host's own, by another name.
  const at = inside.indexOf('"pgdirs"');
  expect(at).toBeGreaterThan(0);
  inside.write('"pgdirz"', at);
  files.torn = new Uint8Array(Buffer.concat([files.half.subarray(0, behind), made.zip(new Uint8Array(inside))]));
  const host = testHost({ files, disks: { disk: empty() } });
  expect(await runCommand(['--open=torn', '--block=disk', '--max-instructions=9000'], host)).toBe(2);
  expect(host.err).toMatch(/torn: this saved run is damaged, its parts do not go together \(.+\); save or fetch it again\n$/);
});

test('a disk over its image is the disk that it would be', () => {
  const dice = new Dice(7);
  const roll = (end: number): number => dice.below(end);
  const image = Uint8Array.from({ length: 200_000 }, () => roll(256));
  const plain = new base.MemoryDisk('d', image.slice());
  const under = new base.MemoryDisk('d', image.slice());
  const about = { path: 'd', name: 'd', length: image.length, readOnly: false, whole: false };
  const file = {
    length: image.length,
    readOnly: false,
    answer: under.answer.bind(under),
    close: () => undefined,
  } as unknown as ConstructorParameters<typeof OverlaidDisk>[1];
  let over = new OverlaidDisk(about, file, []);
  for (let id = 0; id < 150; id++) {
    const kind = (['disk-read', 'disk-write', 'disk-write', 'disk-truncate'] as const)[roll(4)];
    const bytes = Uint8Array.from({ length: roll(3) === 0 ? roll(90_000) : 512 }, () => roll(256));
    const request = { kind, path: 'd', id, chunk: roll(5), offset: roll(220_000), length: 150_000 + roll(80_000), bytes };
    const [one, other] = [over.answer(request), plain.answer(request)];
    expect(one.kind).toBe(other?.kind);
    if (one.kind === 'disk-chunk' && other?.kind === 'disk-chunk') expect(Buffer.compare(one.bytes, other.bytes), `${id}`).toBe(0);
    if (roll(20) === 0) over = new OverlaidDisk({ ...about, length: over.length }, file, over.pieces());
  }
  expect(Buffer.compare(under.bytes, image)).toBe(0);
});
