/** `--tunnet=user`, from end to end: a Guest that has been told nothing gets an address, finds the gateway, and calls a server of this computer's through it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { CALLER } from '../testing/caller.ts';
import { assembleGuest } from '../testing/guests.ts';

const server = createServer((request, answer) => {
  answer.sendDate = false;
  answer.end(`You asked for ${request.url}.\n`);
});
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'user-'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** What such a Guest prints, and how it ends. */
function call(port: number): Promise<{ out: string; status: number | null }> {
  const path = join(folder, 'caller.elf');
  writeFileSync(path, assembleGuest(CALLER));
  const guest = spawn(process.execPath, [`${TOP}/scripts/lguest.mjs`, '--tunnet=user', '4', path, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  guest.stdout.on('data', (text: Buffer) => (out += text.toString()));
  return new Promise((done) => guest.on('close', (status) => done({ out: out.replaceAll('\r', ''), status })));
}

/** DHCP's answer 5 is an acknowledgement (RFC 2132, 9.6). */
const WAY = `Offered: 0a00020f
Said: 00000005
Given: 0a00020f
Way out: 0a000202
It is there.
It answers.
`;

test('an address by DHCP, the gateway by ARP, an echo, and a page by HTTP', async () => {
  const { out, status } = await call((server.address() as AddressInfo).port);
  expect(out.slice(out.indexOf('Offered'))).toMatch(
    new RegExp(`^${WAY}It takes the call.\nHTTP/1.1 200 OK\n[^]*\n\nYou asked for /puppy.\nThat was all\n$`),
  );
  expect(status).toBe(0);
});

test('where nobody listens, the call is refused', async () => {
  const silent = createServer();
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { port } = silent.address() as AddressInfo;
  await new Promise((done) => silent.close(done));
  const { out } = await call(port);
  expect(out.slice(out.indexOf('Offered'))).toBe(`${WAY}It hangs up\n`);
});
