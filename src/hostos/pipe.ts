/** Pipes. */
import { installFile, newFile, POLLIN, POLLOUT } from './files.ts';
import type { FileOperations } from './code.ts';
import { sleepOn, wakeUp } from './tasks.ts';
import { EINVAL, EPIPE } from './errno.ts';
import type { OpenFile, WaitQueue } from './data.ts';

/** What both ends share. */
interface Pipe {
  bytes: number[];
  queue: WaitQueue;
  readers: number;
  writers: number;
}

/** Bytes a pipe holds before its writer must wait, as in Linux: 16 pages. */
const CAPACITY = 65536;

/** Makes a pipe. Returns its descriptors: for reading, for writing. */
export function sysPipe(): [number, number] {
  const pipe: Pipe = { bytes: [], queue: [], readers: 1, writers: 1 };
  return [installFile(newFile('pipe-read', 'pipe', pipe)), installFile(newFile('pipe-write', 'pipe', pipe))];
}

function pipeOf(file: OpenFile): Pipe {
  return file.privateData as Pipe;
}

export const pipeReadOperations: FileOperations = {
  read(file, count) {
    const pipe = pipeOf(file);
    if (pipe.bytes.length === 0 && pipe.writers > 0) return sleepOn(pipe.queue);
    const bytes = Uint8Array.from(pipe.bytes.splice(0, count));
    wakeUp(pipe.queue);
    return bytes;
  },
  release(file) {
    pipeOf(file).readers--;
    wakeUp(pipeOf(file).queue);
  },
  poll: (file) => (pipeOf(file).bytes.length > 0 || pipeOf(file).writers === 0 ? POLLIN : 0),
  pollQueue: (file) => pipeOf(file).queue,
};

export const pipeWriteOperations: FileOperations = {
  write(file, bytes) {
    const pipe = pipeOf(file);
    if (bytes.length > CAPACITY) return -EINVAL;
    if (pipe.readers === 0) return -EPIPE;
    if (pipe.bytes.length + bytes.length > CAPACITY) return sleepOn(pipe.queue);
    pipe.bytes.push(...bytes);
    wakeUp(pipe.queue);
    return bytes.length;
  },
  release(file) {
    pipeOf(file).writers--;
    wakeUp(pipeOf(file).queue);
  },
  poll: (file) => (pipeOf(file).bytes.length < CAPACITY ? POLLOUT : 0),
  pollQueue: (file) => pipeOf(file).queue,
};
