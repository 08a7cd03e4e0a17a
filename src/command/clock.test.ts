/** What a Guest's watches show: the time outside, while it is busy, too; and in a replayed run the same again. */
import { expect, test } from 'vitest';
import { COMMAND_BUNDLE_PATH } from '../../scripts/lib/paths.mjs';
import { assembleGuest, clockGuest, readWatches } from './testing/guests.ts';
import { testHost } from './testing/testing.ts';
import { parseRecording } from './recording.ts';
import type * as Door from './index.ts';

const { runCommand } = (await import(COMMAND_BUNDLE_PATH)) as typeof Door;
const files = { clock: assembleGuest(clockGuest(24)) };

/** Runs the Guest on a computer of some speed; what it said each time, and what the wall's clock showed when it was printed. */
async function watch(
  args: string[],
  look: number,
): Promise<{ host: ReturnType<typeof testHost>; shown: { counter: number; date: number; wall: number }[] }> {
  const host = testHost({ files, look });
  const walls: number[] = [];
  const { stdout } = host;
  host.stdout = (bytes) => {
    if (new TextDecoder().decode(bytes) === '=\n') walls.push(host.date());
    stdout(bytes);
  };
  expect(await runCommand([...args, '4', 'clock'], host)).toBe(0);
  return { host, shown: readWatches(host.out).map((watches, i) => ({ ...watches, wall: walls[i] })) };
}

test.each([0.001, 0.2, 1])('with --time=real, at %d ms a look', async (look) => {
  const { host, shown } = await watch(['--time=real', '--record=log'], look);
  expect(shown).toHaveLength(48);
  expect(host.out).not.toContain('back');
  const [first] = shown;
  for (const [i, { counter, date, wall }] of shown.entries()) {
    const late = first.wall + counter - first.counter - wall;
    expect(Math.abs(late), `the counter, time ${i}`).toBeLessThan(50);
    // The Host writes the date when it wakes the Guest: at the second report of each round.
    if (i % 2 === 1) expect(Math.abs(date - wall), `the date, time ${i}`).toBeLessThan(50);
    expect(date).toBeGreaterThanOrEqual(shown[i - 1]?.date ?? 0);
  }
  const { inputs } = parseRecording(host.written.log);
  expect(inputs[0].input.kind).toBe('date');
  const again = testHost({ files: { ...files, log: new TextEncoder().encode(host.written.log) } });
  expect(await runCommand(['--replay=log'], again)).toBe(0);
  expect(again.out).toBe(host.out);
});

test('without, it is April 2008, and the clock counts instructions', async () => {
  const runs = await Promise.all([0.001, 1].map((look) => watch([], look)));
  expect(runs[0].host.out).toBe(runs[1].host.out);
  expect(new Date(runs[0].shown[1].date).toISOString()).toMatch(/^2008-04-17T02:49:44/);
});
