/** The terminal the Launcher was started from. What is typed comes from the world; what is printed is an event. */
import { current } from './kernel.ts';
import { installFile, newFile, POLLIN, registerFileOperations } from './files.ts';
import { sleepOn, wakeUp } from './tasks.ts';
import type { FileTable, WaitQueue } from './tasks.ts';

export interface ConsoleData {
  /** Bytes typed and not yet read. */
  input: number[];
  /** Nothing more will be typed: reading gives the end of the file. */
  closed: boolean;
  queue: WaitQueue;
}

export function createConsole(): ConsoleData {
  return { input: [], closed: false, queue: [] };
}

/** The standard descriptors 0, 1 and 2. */
export function consoleFiles(): FileTable {
  const table: FileTable = { fds: [], users: 1 };
  for (let fd = 0; fd < 3; fd++) installFile(newFile('console', '/dev/tty', { fd }), table);
  return table;
}

/** Somebody typed. */
export function consoleInput(bytes: Iterable<number>): void {
  current.data.console.input.push(...bytes);
  wakeUp(current.data.console.queue);
}

/** The terminal went away. */
export function closeConsole(): void {
  current.data.console.closed = true;
  wakeUp(current.data.console.queue);
}

registerFileOperations('console', {
  read(_file, count) {
    const { input, closed, queue } = current.data.console;
    if (input.length === 0 && !closed) return sleepOn(queue);
    return Uint8Array.from(input.splice(0, count));
  },
  write(file, bytes) {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    current.emit({ kind: 'console', text, fd: (file.privateData as { fd: number }).fd });
    return bytes.length;
  },
  poll: () => current.data.console.input.length > 0 || current.data.console.closed ? POLLIN : 0,
  pollQueue: () => current.data.console.queue,
});
