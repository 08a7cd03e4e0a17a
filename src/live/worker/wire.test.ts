import { expect, test, vi } from 'vitest';
import type { PeerEvents } from '#gateway';
import { ECHO, openWire } from './wire.ts';

const GATEWAY = [10, 0, 2, 2];
const BOB = [10, 0, 2, 15];
const BOBS = [0x02, 0, 0, 0, 0, 1];

function listener(): { events: PeerEvents; told: string[] } {
  const told: string[] = [];
  const say = (what: string) => () => void told.push(what);
  const data = (bytes: Uint8Array): void => void told.push(new TextDecoder().decode(bytes));
  return { events: { opened: say('opened'), data, ended: say('ended'), failed: say('failed'), drained: () => undefined }, told };
}

const soon = (): Promise<unknown> => new Promise((done) => setTimeout(done, 5));

test('who calls port 80 of the gateway gets back what was asked, head and body, however it was cut', async () => {
  const { events, told } = listener();
  const peer = ECHO.connect(0x7f000001, 80, events);
  for (const piece of ['POST / HTTP/1.1\r\nHost: gate', 'way\r\nContent-Length: 5\r\n\r\nhe', 'llo'])
    peer.write(new TextEncoder().encode(piece));
  await soon();
  expect(told[0]).toBe('opened');
  expect(told[1]).toMatch(/^HTTP\/1\.0 200 OK\r\n/);
  expect(told[1]).toMatch(/\r\n\r\nPOST \/ HTTP\/1\.1\r\nHost: gateway\r\nContent-Length: 5\r\n\r\nhello$/);
  expect(told[2]).toBe('ended');
});

test.each([
  ['another port', 0x7f000001, 22],
  ['another computer', 0x08080808, 80],
])('who calls %s is refused', async (_, address, port) => {
  const { events, told } = listener();
  ECHO.connect(address, port, events);
  expect(told).toEqual([]);
  await soon();
  expect(told).toEqual(['failed']);
});

test('the gateway says where it is (ARP, RFC 826), and answers no one else’s questions', () => {
  const hear = vi.fn<(frame: Uint8Array) => void>();
  const wire = openWire(hear, () => 0);
  const ask = (address: number[]): Uint8Array =>
    Uint8Array.from([255, 255, 255, 255, 255, 255, ...BOBS, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, ...BOBS, ...BOB, 0, 0, 0, 0, 0, 0, ...address]);
  wire.send(ask([10, 0, 2, 99]), 'tap0');
  expect(hear).not.toHaveBeenCalled();
  wire.send(ask(GATEWAY), 'tap0');
  const [frame] = hear.mock.calls[0];
  expect([...frame.slice(0, 6)]).toEqual(BOBS);
  expect([...frame.slice(20, 22)]).toEqual([0, 2]);
  expect([...frame.slice(28, 32)]).toEqual(GATEWAY);
  wire.close();
});
