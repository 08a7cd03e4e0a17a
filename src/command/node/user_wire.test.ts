/** The gateway against somebody who knows TCP: Linux itself, in a network of its own, with our frames for a wire. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { openUdpWire } from './udp_wire.ts';
import { openUserWire } from './user_wire.ts';

/** A network namespace with a tap, whose frames go as datagrams to where it came from; some of them lost on the way, both ways. Then calls, and what became of them. */
const CLIENT = `
import ctypes, fcntl, hashlib, os, random, select, socket, struct, subprocess, sys, threading, time
local, remote, loss, echo, fountain, ender, sleeper, rude, closed = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), *map(int, sys.argv[4:10])
wire = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); wire.bind(('127.0.0.1', local))
if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0: raise OSError('unshare')
tap = os.open('/dev/net/tun', os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack('16sH14x', b'lguest', 0x1002))
for line in ('link set lo up', 'addr add 10.0.2.15/24 dev lguest', 'link set lguest up', 'route add default via 10.0.2.2'): subprocess.check_call(['ip'] + line.split())
dice = random.Random(5)
def carry():
    while True:
        for ready in select.select([tap, wire], [], [])[0]:
            frame = os.read(tap, 70000) if ready == tap else wire.recv(70000)
            if dice.random() < loss: continue
            if ready == tap: wire.sendto(frame, ('127.0.0.1', remote))
            else: os.write(tap, frame)
threading.Thread(target=carry, daemon=True).start()
results = []
def note(name, call):
    try: results.append((name, call()))
    except Exception as error: results.append((name, type(error).__name__))
def talk(port, address='10.0.2.2', size=0):
    data = random.Random(size).randbytes(size)
    with socket.create_connection((address, port), 120 if address == '10.0.2.2' else 20) as peer:
        peer.settimeout(120)
        def say():
            peer.sendall(data); peer.shutdown(socket.SHUT_WR)
        speaker = threading.Thread(target=say); speaker.start()
        got = b''
        while True:
            more = peer.recv(65536)
            if not more: break
            got += more
        speaker.join()
    return 'same' if got == data else f'{len(got)} bytes {hashlib.sha1(got).hexdigest()[:8]}'
def everything(peer):
    got = b''
    while True:
        more = peer.recv(65536)
        if not more: return got
        got += more
def more():
    # Reads nothing for a while: its window is shut, and stays so.
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192); peer.connect(('10.0.2.2', fountain)); time.sleep(3)
        peer.settimeout(120)
        return '%d bytes' % len(everything(peer))
def to_one_that_ended():
    with socket.create_connection(('10.0.2.2', ender), 120) as peer:
        assert peer.recv(1) == b''
        for i in range(100): peer.sendall(bytes(1000)); time.sleep(0.005)
    return 'sent'
def to_one_that_sleeps():
    with socket.create_connection(('10.0.2.2', sleeper), 120) as peer:
        peer.settimeout(120); peer.sendall(bytes(1000000)); peer.shutdown(socket.SHUT_WR)
        return everything(peer).decode()
def to_one_that_is_rude():
    with socket.create_connection(('10.0.2.2', rude), 120) as peer:
        peer.settimeout(120); peer.sendall(b'hello'); got = b''
        try:
            while True:
                more = peer.recv(100)
                if not more: return 'ended ' + got.decode()
                got += more
        except ConnectionResetError: return 'reset after ' + got.decode()
def being_rude():
    with socket.create_connection(('10.0.2.2', ender), 120) as peer:
        peer.sendall(b'rude'); time.sleep(0.5)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    return 'done'
def idle():
    with socket.create_connection(('10.0.2.2', echo), 120) as peer:
        for level, option, value in ((socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1), (6, 4, 1), (6, 5, 1), (6, 6, 2)): peer.setsockopt(level, option, value)
        time.sleep(4.5)
        peer.sendall(b'still there'); peer.shutdown(socket.SHUT_WR)
        return everything(peer).decode()
def ghost():
    # A socket in repair mode vanishes without a word, as at a reset of the machine; then the same port calls again.
    peer = socket.create_connection(('10.0.2.2', echo), 120)
    port = peer.getsockname()[1]
    peer.sendall(b'ghost'); assert peer.recv(5) == b'ghost'
    peer.setsockopt(6, 19, 1); peer.close()
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); peer.bind(('10.0.2.15', port)); peer.settimeout(120)
        peer.connect(('10.0.2.2', echo)); peer.sendall(b'alive'); peer.shutdown(socket.SHUT_WR)
        return everything(peer).decode()
calls = [('more', more), ('one that ended', to_one_that_ended), ('one that sleeps', to_one_that_sleeps), ('one that is rude', to_one_that_is_rude), ('rude', being_rude), ('idle', idle), ('ghost', ghost)]
calls += [('echo %d' % size, lambda size=size: talk(echo, size=size)) for size in (0, 1, 1460, 5000, 200000, 500000)]
calls += [('fountain', lambda: talk(fountain)), ('nobody', lambda: talk(closed)), ('outside of the world', lambda: talk(echo, '10.0.2.77'))]
threads = [threading.Thread(target=note, args=call) for call in calls]
for thread in threads: thread.start()
for thread in threads: thread.join()
ping = subprocess.run(['ping', '-c', '3', '-i', '0.2', '-W', '20', '10.0.2.2'], capture_output=True, text=True) if loss == 0 and os.path.exists('/bin/ping') else None
if ping: results.append(('ping', ping.stdout.split('\\n')[-3].split(',')[1].strip()))
for name, result in sorted(results): print(f'{name}: {result}')
`;

const able =
  process.getuid?.() === 0 &&
  spawnSync('python3', [
    '-c',
    `
import ctypes, fcntl, os, struct
assert ctypes.CDLL(None).unshare(0x40000000) == 0
fcntl.ioctl(os.open('/dev/net/tun', os.O_RDWR), 0x400454ca, struct.pack('16sH14x', b'lguest', 0x1002))
import subprocess; subprocess.check_call(['ip', 'link', 'set', 'lguest', 'up'])
`,
  ]).status === 0;

/** Servers on loopback: one repeats, one says much and goes. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
const MUCH = Buffer.alloc(700_000, 'fountain');
/** What became of the connections of the server that says nothing: how much it heard, and how that ended. */
const fates: string[] = [];
const servers = [
  createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  }),
  createServer((socket) => {
    socket.on('error', () => {});
    socket.end(MUCH);
  }),
  createServer({ allowHalfOpen: true }, (socket) => {
    let heard = 0;
    let fate = 'ended';
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      fate = String(error.code);
    });
    socket.on('close', () => fates.push(`${heard} ${fate}`));
    socket.end();
  }),
  createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    let heard = 0;
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.on('end', () => socket.end(`heard ${heard}`));
    socket.pause();
    setTimeout(() => socket.resume(), 1500);
  }),
  createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('bye');
      // Node takes a reset that comes at once with the last words for an end.
      setTimeout(() => socket.resetAndDestroy(), 300);
    });
  }),
];
afterAll(() => {
  for (const server of servers) server.close();
});

describe.skipIf(!able)(
  `Linux calls through the gateway${able ? '' : ' (skipped: this needs root, a tun device, network namespaces and Python)'}`,
  () => {
    test.each([0, 0.03])('with a part of %f of all frames lost', async (loss) => {
      fates.length = 0;
      const ports = servers[0].listening
        ? servers.map((server) => (server.address() as AddressInfo).port)
        : await Promise.all(servers.map(listen));
      const silent = createServer();
      const closed = await listen(silent);
      silent.close();
      const [a, b] = [30_000 + (process.pid % 10_000) + (loss > 0 ? 10_000 : 0), 50_000 + (process.pid % 10_000)];
      const user = openUserWire((frame) => udp.send(frame, ''));
      const udp = await openUdpWire(`${a}:${b}`, (frame) => user.send(frame, 'tap0'));
      const client = spawn('python3', ['-c', CLIENT, ...[b, a, loss, ...ports, closed].map(String)]);
      let out = '';
      client.stdout.on('data', (more: Buffer) => {
        out += more.toString();
      });
      client.stderr.on('data', (more: Buffer) => {
        out += more.toString();
      });
      await new Promise((done) => client.on('close', done));
      expect(await user.close()).toEqual([]);
      await udp.close();
      const lines = out
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('ping'));
      expect(lines).toEqual([
        'echo 0: same',
        'echo 1: same',
        'echo 1460: same',
        'echo 200000: same',
        'echo 5000: same',
        'echo 500000: same',
        expect.stringMatching(/^fountain: 700000 bytes /),
        'ghost: alive',
        'idle: still there',
        'more: 700000 bytes',
        'nobody: ConnectionRefusedError',
        'one that ended: sent',
        'one that is rude: reset after bye',
        'one that sleeps: heard 1000000',
        expect.stringMatching(/^outside of the world: (OSError|ConnectionRefusedError|TimeoutError|timeout)/),
        'rude: done',
      ]);
      // A reset is said once: it may be among what is lost.
      expect(fates.sort()).toEqual(loss > 0 ? expect.arrayContaining(['100000 ended']) : ['100000 ended', '4 ECONNRESET']);
      if (loss === 0 && out.includes('ping')) expect(out).toContain('ping: 3 received');
    });
  },
);
