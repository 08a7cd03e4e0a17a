/** What is answered to gdb, packet by packet, as its manual has it; and that no bytes, in whatever pieces, confuse the framing. */
import { describe, expect, test } from 'vitest';
import { Conversation, stopReply } from './conversation.ts';
import { CORE_BYTES, CORE_REGISTERS, targetXml } from './description.ts';
import { framed, fromHex, PacketReader, toHex } from './packets.ts';
import type { Halt, Points, Target } from './target.ts';

const latin = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const wire = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

describe('packets', () => {
  test.each([
    ['', '$#00'],
    ['OK', '$OK#9a'],
    ['a}b', '$a}]b#9d'],
    ['#$*', '$}\u0003}\u0004}\n#88'],
  ])('%j is %j on the wire', (text, bytes) => {
    expect(wire(framed(text))).toBe(bytes);
    expect(new PacketReader().take(framed(text))).toEqual([{ kind: 'packet', text }]);
  });

  test('come in pieces, between acknowledgements and interrupts', () => {
    const reader = new PacketReader();
    const got = [...'+$g#67\u0003-$m0,4#fd$x#00'].flatMap((byte) => reader.take(latin(byte)));
    expect(got).toEqual([{ kind: 'packet', text: 'g' }, { kind: 'interrupt' }, { kind: 'packet', text: 'm0,4' }, { kind: 'bad' }]);
  });

  test('one that does not end is given up', () => {
    const reader = new PacketReader();
    expect(reader.take(latin(`$${'x'.repeat(1 << 16)}`)).map(({ kind }) => kind)).toEqual(['bad']);
    expect(reader.take(latin('$g#67'))).toEqual([{ kind: 'packet', text: 'g' }]);
  });

  test('hexadecimal there and back', () => {
    expect(toHex(latin('a\u0000ÿ'))).toBe('6100ff');
    expect(fromHex('6100ff')).toBe('a\u0000ÿ');
  });
});

/** A target that says what it was asked to do. */
class Spy implements Target {
  asked: unknown[] = [];
  next: Halt = { why: 'breakpoint' };
  registers = (): Uint8Array => Uint8Array.from({ length: CORE_BYTES }, (_, at) => at & 0xff);
  read = (address: number, length: number): Uint8Array | null => (address === 0 ? null : new Uint8Array(length).fill(address & 0xff));
  step(back: boolean): Promise<Halt> {
    this.asked.push(['step', back]);
    return Promise.resolve({ why: 'step' });
  }
  go(back: boolean, { breakpoints, watchpoints }: Points): Promise<Halt> {
    this.asked.push(['go', back, [...breakpoints], [...watchpoints]]);
    return Promise.resolve(this.next);
  }
  monitor(command: string, tell: (text: string) => void): Promise<string> {
    if (command === 'far') tell('...\n');
    return Promise.resolve(command === 'hello' || command === 'far' ? 'Hello.\n' : '');
  }
}

test.each([
  ['?', 'T05thread:1;'],
  ['p8', '20212223'],
  ['p10', '40414243444546474849'],
  ['p7f', 'E.there is no register 127'],
  ['m1004,3', '040404'],
  ['m0,4', 'E0e'],
  ['m,', 'E.m wants an address and a length'],
  ['Mc0000000,1:00', 'E.what has been cannot be changed: this Guest is replayed'],
  ['s', 'T05thread:1;'],
  ['bs', 'T05thread:1;'],
  ['c', 'T05thread:1;hwbreak:;'],
  ['vCont;c:p1.-1', 'T05thread:1;hwbreak:;'],
  ['vCont?', 'vCont;c;C;s;S'],
  ['vMustReplyEmpty', ''],
  ['qRcmd,68656c6c6f', '48656c6c6f2e0a'],
  ['qRcmd,78', 'OK'],
  ['qAttached', '1'],
  ['qSymbol::', ''],
  ['Z5,0,1', ''],
  ['Z2,1000,0', 'E.a watchpoint watches a byte at least'],
  ['!', ''],
])('%s is answered by %s', async (packet, answer) => {
  expect(await new Conversation(new Spy()).answer(packet)).toBe(answer);
});

test('an error is told in words where gdb understands them everywhere', async () => {
  const talk = new Conversation(new Spy());
  await talk.answer('qSupported:swbreak+;error-message+');
  expect(await talk.answer('m0,4')).toBe('E.the Guest has no memory at 0x0');
});

test('what is told on the way comes before the answer', async () => {
  const said: string[] = [];
  const talk = new Conversation(new Spy(), (packet) => said.push(packet));
  said.push((await talk.answer(`qRcmd,${toHex(latin('far'))}`)) ?? '');
  expect(said).toEqual(['O2e2e2e0a', '48656c6c6f2e0a']);
});

test('points are set and taken away, and hold in both directions', async () => {
  const spy = new Spy();
  const talk = new Conversation(spy);
  for (const packet of ['Z0,c0100000,1', 'Z1,8048000,1', 'Z2,1000,4', 'Z4,2000,1', 'c', 'z0,c0100000,1', 'z2,1000,4', 'bc'])
    await talk.answer(packet);
  const watch = { kind: 'watch', address: 0x1000, length: 4 };
  const access = { kind: 'awatch', address: 0x2000, length: 1 };
  expect(spy.asked).toEqual([
    ['go', false, [0xc0100000, 0x8048000], [watch, access]],
    ['go', true, [0x8048000], [access]],
  ]);
});

test.each<[Halt, string]>([
  [{ why: 'watch', kind: 'awatch', address: 0xc0101000 }, 'T05thread:1;awatch:c0101000;'],
  [{ why: 'interrupt' }, 'T02thread:1;'],
  [{ why: 'beginning' }, 'T05thread:1;replaylog:begin;'],
  [{ why: 'end', status: 0 }, 'T05thread:1;replaylog:end;'],
])('%j is told as %s', (halt, reply) => {
  expect(stopReply(halt)).toBe(reply);
});

test('the description is handed out in pieces, and names what g sends', async () => {
  const talk = new Conversation(new Spy());
  let xml = '';
  for (let from = 0; ; ) {
    const piece = (await talk.answer(`qXfer:features:read:target.xml:${from.toString(16)},100`)) ?? '';
    xml += piece.slice(1);
    from += piece.length - 1;
    if (piece.startsWith('l')) break;
  }
  expect(xml).toBe(targetXml());
  expect([...xml.matchAll(/<reg name="(\w+)" bitsize="(\d+)"/g)].map(([, name, bits]) => [name, Number(bits) / 8])).toEqual(
    CORE_REGISTERS.map(([name, bytes]) => [name, bytes]),
  );
  expect(await talk.answer('qXfer:features:read:other.xml:0,10')).toBe('E00');
});

test('leave is taken', async () => {
  const talk = new Conversation(new Spy());
  expect(await talk.answer('D')).toBe('OK');
  expect(talk.over).toBe('detached');
  expect(await new Conversation(new Spy()).answer('k')).toBeNull();
});
