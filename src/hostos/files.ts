/** Open files, descriptors, and the system calls on them. */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import type { Kernel } from './kernel.ts';
import { currentTask, sleepOn } from './tasks.ts';
import { EBADF, EINVAL, ENOENT, ENOTTY, ERESTARTNOINTR, ERESTARTSYS, ESPIPE } from './errno.ts';
import type { FileTable, IfReq, OpenFile } from './data.ts';
import type { FileOperations } from './code.ts';

/** A bit of `poll`: a read would not wait. */
export const POLLIN = 1;
/** A bit of `poll`: a write would not wait. */
export const POLLOUT = 4;

/** A file is opened to be read only. */
export const O_RDONLY = 0;
/** A file is opened to be written only. */
export const O_WRONLY = 1;
/** A file is opened to be read and written. */
export const O_RDWR = 2;
/** `lseek` counts from the file’s beginning. */
export const SEEK_SET = 0;
/** `lseek` counts from where the file stands. */
export const SEEK_CUR = 1;
/** `lseek` counts from the file’s end. */
export const SEEK_END = 2;

/** Makes a kind of file known to a kernel. */
export function registerFileOperations({ code }: Kernel, key: string, ops: FileOperations): void {
  code.operations.set(key, ops);
}

/** Puts a device into the file system: its operations are found by key. */
export function registerChrdev(path: string, opsKey: string): void {
  current.data.nodes[path] = { kind: 'chrdev', ops: opsKey };
}

/** Takes it away; who has it open keeps it. */
export function unregisterChrdev(path: string): void {
  delete current.data.nodes[path];
}

/** Puts a regular file into the file system. */
export function createFile(path: string, bytes: Uint8Array): void {
  current.data.nodes[path] = { kind: 'regular', bytes };
}

/** A new open file that nobody has a descriptor for yet. */
export function newFile(ops: string, path: string, privateData: unknown = null): OpenFile {
  return { ops, path, pos: 0, flags: O_RDWR, refs: 0, privateData };
}

/** Gives the current task the lowest free descriptor for an open file. */
export function installFile(file: OpenFile, table: FileTable = currentTask().files): number {
  file.refs++;
  const free = table.fds.indexOf(null);
  const fd = free < 0 ? table.fds.length : free;
  table.fds[fd] = file;
  return fd;
}

/** Opens a path: O_RDONLY, O_WRONLY, O_RDWR. There are no permissions but a disk's own. Returns a descriptor. */
export function sysOpen(path: string, flags: number = O_RDWR): number {
  note('open', -1);
  const node = current.data.nodes[path];
  if (node === undefined) return -ENOENT;
  const file = newFile(node.kind === 'chrdev' ? node.ops : node.kind, path);
  file.flags = flags;
  const error = opsOf(file).open?.(file) ?? 0;
  return error < 0 ? error : installFile(file);
}

/**
 * Reads at most `count` bytes: none means the end. The program's buffer is a variable of its own, outside of the
 * machine's memory, so the bytes are simply returned. A negative error number otherwise; -ERESTARTNOINTR: come again.
 */
export function sysRead(fd: number, count: number): Uint8Array | number {
  return call('read', fd, (file, ops) => ops.read?.(file, count) ?? -EINVAL);
}

/** Writes. Returns how many bytes were taken or a negative error number; -ERESTARTNOINTR: come again. */
export function sysWrite(fd: number, bytes: Uint8Array): number {
  return call('write', fd, (file, ops) => ops.write?.(file, bytes) ?? -EINVAL);
}

/** Moves a file's position, from SEEK_SET, SEEK_CUR or SEEK_END. Returns the new one. */
export function sysLseek(fd: number, offset: number, whence: number): number {
  return call('lseek', fd, (file, ops) => ops.seek?.(file, offset, whence) ?? -ESPIPE);
}

/** Waits until everything written to a file would survive a loss of power. */
export function sysFdatasync(fd: number): number {
  return call('fdatasync', fd, (file, ops) => ops.fdatasync?.(file) ?? -EINVAL);
}

/** Gives a file a length. */
export function sysFtruncate(fd: number, length: number): number {
  return call('ftruncate', fd, (file, ops) => ops.truncate?.(file, length) ?? -EINVAL);
}

/** A call that only this kind of file knows, by its number. */
export function sysIoctl(fd: number, request: number, argument: IfReq | number): number {
  return call('ioctl', fd, (file, ops) => ops.ioctl?.(file, request, argument) ?? -ENOTTY);
}

/** Closes a descriptor. */
export function sysClose(fd: number): number {
  note('close', fd);
  const { fds } = currentTask().files;
  const file = fds[fd] ?? null;
  if (file === null) return -EBADF;
  fds[fd] = null;
  dropFile(file);
  return 0;
}

/** Another descriptor for the same open file. */
export function sysDup(fd: number): number {
  note('dup', fd);
  const file = fileOf(fd);
  return file === null ? -EBADF : installFile(file);
}

/**
 * Waits until one of the descriptors can be read. With `wait` false it only looks.
 * Returns those that can, which may be none only if it was not to wait; or a negative error number.
 */
export function sysSelect(fds: readonly number[], wait: boolean): number[] | number {
  note('select', fds[0] ?? -1);
  const files: OpenFile[] = [];
  for (const fd of fds) {
    const file = fileOf(fd);
    if (file === null) return -EBADF;
    files.push(file);
  }
  const ready = fds.filter((_, i) => (opsOf(files[i]).poll?.(files[i]) ?? POLLIN) & POLLIN);
  currentTask().restarting = ready.length === 0 && wait;
  if (ready.length > 0 || !wait) return ready;
  const queues = files.map((file) => opsOf(file).pollQueue?.(file)).filter((queue) => queue !== undefined);
  return sleepOn(...queues);
}

/** The open file behind a descriptor of the current task. */
export function fileOf(fd: number): OpenFile | null {
  return currentTask().files.fds[fd] ?? null;
}

/** Closes every descriptor of a table: its last task is gone. */
export function releaseFiles(table: FileTable): void {
  for (const file of table.fds) if (file !== null) dropFile(file);
  table.fds = [];
}

function dropFile(file: OpenFile): void {
  if (--file.refs === 0) opsOf(file).release?.(file);
}

function opsOf(file: OpenFile): FileOperations {
  const ops = current.code.operations.get(file.ops);
  if (ops === undefined) throw new Error(`no file operations "${file.ops}"`);
  return ops;
}

function call<T>(name: string, fd: number, body: (file: OpenFile, ops: FileOperations) => T): T | number {
  note(name, fd);
  const file = fileOf(fd);
  if (file === null) return -EBADF;
  const result = body(file, opsOf(file));
  // No program catches signals: the task ends before it could call again.
  const again = result === -ERESTARTNOINTR || result === -ERESTARTSYS;
  currentTask().restarting = again;
  return again ? -ERESTARTNOINTR : result;
}

/** A call that is repeated has been told already. */
function note(name: string, fd: number): void {
  const task = currentTask();
  if (!task.restarting) current.emit<HostEvent>({ kind: 'syscall', name, task: task.id, fd });
}
