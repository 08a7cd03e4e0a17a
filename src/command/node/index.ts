/** The command's host in Node: files, the terminal, sockets, the clock. */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { LguestProgram } from '#world';
import type { Alarm, CommandHost, TextFile, Wire } from '../host.ts';
import { openDebuggerPort } from './debugger_port.ts';
import { DiskFile } from './disk_file.ts';
import { openStdin } from './terminal.ts';
import { openUdpWire } from './udp_wire.ts';
import { openUserWire } from './user_wire.ts';
import { readWhole, reasonOf } from './whole_file.ts';

const LONGEST_TIMER = 2 ** 31 - 1;
/** Characters of a text file that wait to be written together. */
const BUFFERED = 65536;
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Where the command lives in Node. Makes sure that the terminal and the files are left in order, however the process ends. */
export function nodeHost(program: LguestProgram): CommandHost {
  const keyboard = openStdin();
  const files = new Set<TextFile>();
  process.once('exit', () => {
    keyboard?.close();
    for (const file of files) {
      try {
        file.close();
      } catch (error) {
        print(2, new TextEncoder().encode(`lguest: ${error instanceof Error ? error.message : String(error)}\n`));
      }
    }
  });
  for (const signal of ENDING) process.once(signal, () => process.exit(128 + constants.signals[signal]));
  return {
    program,
    keyboard,
    readFile: readWhole,
    createFile(path) {
      const file = createTextFile(path, () => files.delete(file));
      files.add(file);
      return file;
    },
    writeFile(path, bytes) {
      try {
        writeFileSync(path, bytes);
      } catch (error) {
        throw new Error(reasonOf(error), { cause: error });
      }
    },
    zip: (bytes) => new Uint8Array(gzipSync(bytes)),
    unzip,
    openDebuggerPort,
    openDisk: (path) => DiskFile.open(path),
    openWire,
    stdout: (bytes) => print(1, bytes),
    stderr: (text) => print(2, new TextEncoder().encode(text)),
    now: () => performance.now(),
    date: () => Date.now(),
    sleep,
  };
}

function createTextFile(path: string, onClose: () => void): TextFile {
  let file: number;
  try {
    file = openSync(path, 'w');
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  let waiting = '';
  let open = true;
  const flush = (): void => {
    const bytes = new TextEncoder().encode(waiting);
    waiting = '';
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  };
  return {
    write(text) {
      waiting += text;
      if (waiting.length > BUFFERED) flush();
    },
    close() {
      if (!open) return;
      open = false;
      onClose();
      try {
        flush();
      } finally {
        closeSync(file);
      }
    },
  };
}

function unzip(bytes: Uint8Array): Uint8Array | null {
  try {
    return new Uint8Array(gunzipSync(bytes));
  } catch {
    return null;
  }
}

async function openWire(port: string, hear: (frame: Uint8Array) => void): Promise<Wire> {
  if (port === 'user') return openUserWire(hear);
  if (port.startsWith('udp:')) return openUdpWire(port.slice(4), hear);
  throw new Error(`${port}: there is no such network`);
}

/**
 * Writes everything, also to a pipe that takes only so much at a time. Where nobody reads any more, the command ends quietly; where there is no room for what was said, it ends with
 * a sentence and status 2.
 */
export function print(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : '';
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') {
        // To tell of standard error itself there is nobody left.
        if (fd !== 2)
          print(
            2,
            new TextEncoder().encode(`what was said cannot be written: ${error instanceof Error ? error.message : String(error)}\n`),
          );
        process.exit(2);
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

function sleep(milliseconds: number, alarm: Alarm): Promise<void> {
  return new Promise((done) => {
    if (milliseconds === 0) {
      setImmediate(done);
      return;
    }
    const timer = Number.isFinite(milliseconds) ? setTimeout(finish, Math.min(milliseconds, LONGEST_TIMER)) : undefined;
    alarm.wake = finish;
    function finish(): void {
      clearTimeout(timer);
      alarm.wake = () => {};
      done();
    }
  });
}
