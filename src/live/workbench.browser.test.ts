/** Bring your own kernel, in a real Chromium, with Guests of the chapters for kernels. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElementHandle, Page } from 'puppeteer';
import { afterAll, describe, expect, test } from 'vitest';
import { CALLER } from '../command/testing/caller.ts';
import { assembleGuest } from '../command/testing/guests.ts';
import { bzImage } from '../weave/scenes/bzimage.ts';
import { TOP } from '../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../scripts/lib/scenes.mjs';
import { aReader, countOf, pressKey, pressSaying, reload, untilMoved } from './testing/reader.ts';
import type { Look, OpenPage } from './testing/reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'workbench-'));
const launcher = sceneBundles().find(({ name }) => name === 'launcher');
if (launcher === undefined) throw new Error('there is no scene launcher');
const elf = Buffer.from(launcher.image, 'base64');

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

afterAll(() => rmSync(folder, { recursive: true }));

const { open, url } = aReader();

async function atTheBench(look: Look = {}): Promise<OpenPage> {
  const opened = await open('boot/', { height: 2000, ...look });
  await opened.page.waitForSelector('html[data-has-hydrated="true"] .bench__form');
  return opened;
}

async function choose(page: Page, slot: string, path: string): Promise<void> {
  const input = (await page.waitForSelector(`[data-slot="${slot}"] input[type="file"]`)) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
  await page.waitForFunction((name) => document.querySelector(`[data-slot="${name}"] .bench__file`) !== null, {}, slot);
}

async function fill(page: Page, selector: string, text: string): Promise<void> {
  await page.click(selector, { count: 3 });
  await page.keyboard.press('Backspace');
  await page.type(selector, text);
}

/** Boots what is chosen, and waits until it stands so: not the Guest before it, which may stand so already. */
async function boot(page: Page, phase: string): Promise<void> {
  const left = await page.evaluateHandle(() => {
    const [old, stood] = [document.querySelector<HTMLElement>('.bay'), document.querySelector<HTMLElement>('.bay')?.dataset.phase];
    const gone = (): boolean => old === null || !old.isConnected || old.dataset.phase !== stood;
    return {
      whole: new Promise<void>((resolve) => {
        if (gone()) return resolve();
        const watch = new MutationObserver(() => {
          if (!gone()) return;
          watch.disconnect();
          resolve();
        });
        watch.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-phase'] });
      }),
    };
  });
  await page.click('.bench__boot');
  await left.evaluate(({ whole }) => whole);
  await page.waitForSelector(`.live.bay[data-phase="${phase}"]`);
}

/** What stands on the terminal, which may be drawn a moment after the world stands. */
async function printed(page: Page): Promise<string> {
  const log = await page.waitForSelector('.bay [role="log"]');
  return (await log?.evaluate((one) => one.textContent)) ?? '';
}

describe('a kernel of one’s own', () => {
  test.each([
    ['vmlinux', elf],
    ['bzImage', bzImage(elf)],
  ])('as %s boots, with memory and command line as chosen, and can be stepped back', async (name, bytes) => {
    const { page, wrong } = await atTheBench();
    await choose(page, 'kernel', file(name, bytes));
    await fill(page, '.bench__memory input', '4');
    await fill(page, '.bench__args input', 'root=/dev/puppy quiet');
    await boot(page, 'exited');
    await expect.poll(() => printed(page)).toContain('My command line: root=/dev/puppy quiet');
    await expect.poll(() => printed(page)).toContain('Memory, in megabytes: 4');
    const end = await countOf(page, '.live.bay');
    await pressKey(page, '.live.bay', 'I');
    expect(await untilMoved(page, '.live.bay', end)).toBe(end - 1);
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('with symbols has names: a breakpoint may be one, and addresses say whose they are', async () => {
    const { page, wrong } = await atTheBench();
    await choose(page, 'kernel', file('vmlinux-puppy', readFileSync(`${TOP}/.tangled/guests/puppy.elf`)));
    await page.select('.bench__network select', 'user');
    await page.click('.bench__boot');
    const over = (): boolean => ['exited', 'idle'].includes(document.querySelector<HTMLElement>('.live.bay')?.dataset.phase ?? '');
    await page.waitForFunction(over);
    for (const panel of ['Breakpoints', 'Next instruction', 'Calls']) await pressSaying(page, '.bay .live__chooser button', panel);
    await page.waitForSelector('.stops__make');
    await page.select('.stops__make select', 'address');
    await page.type('.stops__make input', 'start_kernel');
    await pressSaying(page, '.stops__make button', '');
    await expect.poll(() => page.$eval('.stops__list', (list) => list.textContent)).toContain('the instruction at start_kernel');
    await pressKey(page, '.live.bay', 'R');
    await page.waitForFunction(() => document.querySelector('.here__name')?.textContent === 'start_kernel');
    await expect.poll(() => page.$eval('.calls', (list) => list.textContent)).toContain('start_kernel');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('has a network: a gateway that answers its pings, or a second one like it', async () => {
    const { page, wrong } = await atTheBench();
    await choose(page, 'kernel', file('vmlinux-puppy', readFileSync(`${TOP}/.tangled/guests/puppy.elf`)));
    await choose(page, 'initrd', file('initrd', readFileSync(`${TOP}/.tangled/guests/puppy.cpio`)));
    await fill(page, '.bench__memory input', '8');
    const says = (tty: number, text: string): Promise<unknown> =>
      page.waitForFunction(
        (n, wanted) => document.querySelectorAll('.bay [role="log"]')[n]?.textContent?.includes(wanted) === true,
        {},
        tty,
        text,
      );
    const type = async (tty: number, text: string): Promise<void> => {
      const keys = await page.waitForSelector(`.bay .console[data-tty="${tty}"] .xterm-helper-textarea`);
      await keys?.focus();
      await page.keyboard.type(text);
    };
    await page.select('.bench__network select', 'user');
    await fill(page, '.bench__args input', 'ip=10.0.2.15');
    await boot(page, 'idle');
    await type(0, 'ping 10.0.2.2\n');
    await says(0, '10.0.2.2 is there: number 2');
    await page.select('.bench__network select', 'pair');
    await fill(page, '.bench__args input', 'ip=10.0.0.1');
    await fill(page, '.bench__args--second input', 'ip=10.0.0.2');
    await boot(page, 'idle');
    await type(1, 'ping 10.0.0.1\n');
    await says(1, '10.0.0.1 is there: number 2');
    await type(0, 'ping 10.0.0.2\n');
    await says(0, '10.0.0.2 is there: number 2');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('finds its way by itself: an address by DHCP, the gateway by ARP, an echo, and by HTTP what it asked for; port 81 is nobody’s', async () => {
    const { page, wrong } = await atTheBench();
    await choose(page, 'kernel', file('vmlinux-caller', assembleGuest(CALLER)));
    await fill(page, '.bench__memory input', '4');
    await page.select('.bench__network select', 'user');
    await fill(page, '.bench__args input', '80');
    await boot(page, 'exited');
    await expect.poll(() => printed(page)).toContain('That was all');
    for (const line of ['Offered: 0a00020f', 'Said: 00000005', 'Given: 0a00020f', 'Way out: 0a000202', 'It is there.', 'It answers.'])
      await expect.poll(() => printed(page)).toContain(line);
    await expect.poll(() => printed(page)).toMatch(/HTTP\/1\.0 200 OK[^]*GET \/puppy HTTP\/1\.0/);
    await fill(page, '.bench__args input', '81');
    await boot(page, 'exited');
    await expect.poll(() => printed(page)).toContain('It hangs up');
    expect(wrong).toEqual([]);
    await page.close();
  });

  test('that can be none is told why', async () => {
    const { page } = await atTheBench();
    await choose(page, 'kernel', file('photo', new TextEncoder().encode('This is no kernel, it is a letter to the editor. '.repeat(20))));
    await boot(page, 'exited');
    const note = await page.waitForSelector('.bay .bench__diagnosis');
    await expect
      .poll(() => note?.evaluate((one) => one.textContent))
      .toMatch(/cannot be an lguest Guest.*neither an ELF file nor a bzImage/);
    await page.close();
  });

  test('comes with a disk, whose address may be wrong, in words', async () => {
    const whole = createServer((_, response) => {
      response.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'range' }).end('a disk of a few bytes');
    });
    await new Promise<void>((resolve) => {
      whole.listen(0, '127.0.0.1', resolve);
    });
    const { port } = whole.address() as AddressInfo;
    const { page } = await atTheBench();
    await choose(page, 'kernel', file('vmlinux', elf));
    for (const [address, said] of [
      [`http://127.0.0.1:${port}/disk.img`, /does not support range requests/],
      [`${url()}no/such/disk.img`, /the server answers 404/],
    ] as const) {
      await fill(page, '.bench__address input', address);
      await boot(page, 'failed');
      await page.waitForFunction(
        (text) => new RegExp(text).test(document.querySelector('.bay [role="status"]')?.textContent ?? ''),
        {},
        said.source,
      );
    }
    await page.close();
    whole.close();
  });

  test('dropped files find their places, and the command line is remembered', async () => {
    const { page } = await atTheBench();
    await page.evaluate(() => {
      const data = new DataTransfer();
      for (const name of ['disk.img', 'bzImage', 'initrd.gz']) data.items.add(new File(['x'], name));
      document.querySelector('.bench__form')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
    });
    await page.waitForSelector('[data-slot="disk"] .bench__file');
    const places = (): Promise<string[]> =>
      page.$$eval('.bench__slot', (slots) => slots.map((slot) => slot.querySelector('.bench__file b')?.textContent ?? ''));
    await expect.poll(places).toEqual(['bzImage', 'initrd.gz', 'disk.img', '', '']);
    await fill(page, '.bench__args input', 'init=/bin/dog');
    await boot(page, 'exited');
    await reload(page);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.bench__args input')?.value === 'init=/bin/dog');
    await page.close();
  });

  test.each<[NonNullable<Look['scheme']>, number]>([
    ['light', 390],
    ['dark', 390],
    ['dark', 1280],
  ])('%s, %i pixels wide: nothing sticks out, nothing goes wrong', async (scheme, width) => {
    const { page, wrong } = await atTheBench({ scheme, width });
    await choose(page, 'kernel', file('vmlinux', elf));
    await boot(page, 'exited');
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
      .toBeLessThanOrEqual(0);
    expect(wrong).toEqual([]);
    await page.close();
  });
});
