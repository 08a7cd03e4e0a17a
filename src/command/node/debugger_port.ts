import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import type { DebuggerPort } from '../host.ts';

const LOOPBACK = '127.0.0.1';

/**
 * A port of this computer alone, at which one debugger may call; a second one, while the first is there, is hung up on.
 * @param port 0: whichever is free
 * @throws Error with a sentence
 */
export async function openDebuggerPort(port: number): Promise<DebuggerPort> {
  let caller: Socket | null = null;
  let hear: (bytes: Uint8Array) => void = () => undefined;
  let gone: () => void = () => undefined;
  let arrived: () => void = () => undefined;
  const server: Server = createServer((socket) => {
    if (caller !== null) {
      socket.destroy();
      return;
    }
    caller = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes) => hear(new Uint8Array(bytes)));
    // A connection that breaks is one that has ended.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      caller = null;
      gone();
    });
    arrived();
  });
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(new Error(`--gdb=${port}: ${error.code === 'EADDRINUSE' ? 'somebody is there already' : error.message}`)),
    );
    server.listen(port, LOOPBACK, done);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    called: () =>
      new Promise((done) => {
        if (caller !== null) done();
        else arrived = done;
      }),
    open(onBytes, onEnd) {
      hear = onBytes;
      gone = onEnd;
    },
    send: (bytes) => void caller?.write(bytes),
    close: () =>
      new Promise((done) => {
        caller?.end();
        caller?.unref();
        server.close(() => done());
        caller?.destroySoon();
      }),
  };
}
