/**
 * Error numbers, as i386 Linux counts them (asm-generic/errno-base.h, errno.h). Kernel functions return them
 * negated: `return -EINVAL`.
 */
export const EPERM = 1;
export const ENOENT = 2;
export const ESRCH = 3;
export const EINTR = 4;
export const EIO = 5;
export const EBADF = 9;
export const ECHILD = 10;
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const EMFILE = 24;
export const ENOTTY = 25;
export const EFBIG = 27;
export const ENOSPC = 28;
export const ESPIPE = 29;
export const EROFS = 30;
export const EPIPE = 32;
export const ENOSYS = 38;
export const EBADFD = 77;
export const ERESTART = 85;

/** A signal came: the call would be restarted or end with EINTR. Never seen by a program. */
export const ERESTARTSYS = 512;
/**
 * Do this very call again, as if nothing had happened. Our tasks have no kernel stack to sleep on, so every call that
 * must wait, and every stay in the Guest that outlasts the world's time slice, unwinds with this and is repeated.
 */
export const ERESTARTNOINTR = 513;

const NAMES: Readonly<Record<number, string>> = {
  [EPERM]: 'Operation not permitted',
  [ENOENT]: 'No such file or directory',
  [ESRCH]: 'No such process',
  [EINTR]: 'Interrupted system call',
  [EIO]: 'Input/output error',
  [EBADF]: 'Bad file descriptor',
  [ECHILD]: 'No child processes',
  [EAGAIN]: 'Resource temporarily unavailable',
  [ENOMEM]: 'Cannot allocate memory',
  [EFAULT]: 'Bad address',
  [EBUSY]: 'Device or resource busy',
  [ENODEV]: 'No such device',
  [EEXIST]: 'File exists',
  [EINVAL]: 'Invalid argument',
  [EMFILE]: 'Too many open files',
  [ENOTTY]: 'Inappropriate ioctl for device',
  [EFBIG]: 'File too large',
  [ENOSPC]: 'No space left on device',
  [ESPIPE]: 'Illegal seek',
  [EROFS]: 'Read-only file system',
  [EPIPE]: 'Broken pipe',
  [ENOSYS]: 'Function not implemented',
  [EBADFD]: 'File descriptor in bad state',
  [ERESTART]: 'Interrupted system call should be restarted',
};

/** What a C library prints for an error number; either sign will do. */
export function strerror(error: number): string {
  const number = Math.abs(error);
  return NAMES[number] ?? `Unknown error ${number}`;
}
