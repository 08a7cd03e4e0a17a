/**
 * Error numbers, as i386 Linux counts them (asm-generic/errno-base.h, errno.h). Kernel functions return them
 * negated: `return -EINVAL`.
 */
export const EPERM = 1;
/** There is no file of that name. */
export const ENOENT = 2;
/** There is no such task. */
export const ESRCH = 3;
/** A signal came while the call waited. */
export const EINTR = 4;
/** The device failed. */
export const EIO = 5;
/** No open file has that descriptor. */
export const EBADF = 9;
/** There is no child to wait for. */
export const ECHILD = 10;
/** It would have to wait, and was told not to. */
export const EAGAIN = 11;
/** Memory is used up. */
export const ENOMEM = 12;
/** An address that is not the caller’s to use. */
export const EFAULT = 14;
/** Somebody else has it. */
export const EBUSY = 16;
/** It is there already. */
export const EEXIST = 17;
/** There is no such device. */
export const ENODEV = 19;
/** An argument makes no sense here. */
export const EINVAL = 22;
/** The task has as many open files as it may. */
export const EMFILE = 24;
/** The file knows no such ioctl. */
export const ENOTTY = 25;
/** Beyond the largest size of a file. */
export const EFBIG = 27;
/** The medium is full. */
export const ENOSPC = 28;
/** A pipe or terminal has no position to seek to. */
export const ESPIPE = 29;
/** The medium cannot be written. */
export const EROFS = 30;
/** Nobody reads the other end. */
export const EPIPE = 32;
/** The kernel has no such call. */
export const ENOSYS = 38;
/** The descriptor is open, but not in a state for this. */
export const EBADFD = 77;
/** The call was interrupted and should be made again. */
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
