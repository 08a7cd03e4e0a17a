/** A sliver of Linux: what lguest and the Launcher stand on. The folder's only door. */

export * from './errno.ts';
export type * from './events.ts';
export { current, KernelPanic, panic, switchKernel, within } from './kernel.ts';
export type { FileOperations, KernelCode, Program, TimerHandler } from './code.ts';
export type {
  Area,
  BootData,
  DiskNode,
  FileNode,
  FileTable,
  HrTimer,
  IfReq,
  Interface,
  KernelData,
  Mm,
  OpenFile,
  Task,
  Terminal,
  Termios,
  WaitQueue,
} from './data.ts';
export type { Kernel } from './kernel.ts';
export { createKernel } from './start.ts';
export type { KernelOptions } from './start.ts';
export type { CodeImage } from './boot.ts';
export { KERNEL_CS, KERNEL_DS } from './boot.ts';
export {
  freePage,
  freePages,
  getPage,
  getZeroedPage,
  keepFrames,
  pa,
  pageCount,
  PAGE_OFFSET,
  PAGE_SIZE,
  putPage,
} from './frames.ts';
export {
  copyFromUser,
  copyMm,
  copyToUser,
  createMm,
  frameOwner,
  getUser32,
  getUserPage,
  lookUp,
  mmapAnonymous,
  mmput,
  putUser32,
} from './mm.ts';
export { sampled, startProfile } from './profile.ts';
export { preemptNotifierRegister } from './preempt.ts';
export { mmuNotifierRegister, mmuNotifierUnregister } from './swap.ts';
export {
  createFile,
  fileOf,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  POLLIN,
  POLLOUT,
  registerChrdev,
  registerFileOperations,
  SEEK_CUR,
  SEEK_END,
  SEEK_SET,
  sysClose,
  sysDup,
  sysFdatasync,
  sysFtruncate,
  sysIoctl,
  sysLseek,
  sysOpen,
  sysRead,
  sysSelect,
  sysWrite,
  unregisterChrdev,
} from './files.ts';
export { sysPipe } from './pipe.ts';
export { consoleFiles, tcgetattr, tcsetattr } from './terminal.ts';
export { createDisk, DISK_CHUNK } from './disk.ts';
export {
  addBridge,
  IFF_NO_PI,
  IFF_TAP,
  IFF_UP,
  ifNametoindex,
  SIOCBRADDBR,
  SIOCBRADDIF,
  SIOCGIFFLAGS,
  SIOCGIFHWADDR,
  SIOCSIFADDR,
  SIOCSIFFLAGS,
  SIOCWIRE,
  sysSocket,
  TUNSETIFF,
  TUNSETNOCSUM,
} from './net/index.ts';
export { takeInput } from './arrivals.ts';
export { openDiskRequests, openRequests } from './requests.ts';
export type {
  DiskInput,
  DiskRequest,
  FrameInput,
  FrameRequest,
  OutsideInput,
  OutsideRequest,
  TerminalInput,
  WireRequest,
} from './outside.ts';
export { cloneTask, forkTask } from './fork.ts';
export { exitTask, sysExec, sysExit } from './exit.ts';
export {
  condResched,
  createTask,
  currentTask,
  findTask,
  registerProgram,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  signalPending,
  SIGTERM,
  sleepInterruptibly,
  sleepOn,
  sysKill,
  sysMmapZeroed,
  sysMunmap,
  wakeUp,
  wakeUpProcess,
} from './tasks.ts';
export {
  createHrTimer,
  hrtimerCancel,
  hrtimerInit,
  hrtimerStart,
  FULL_RATE,
  ktimeGetReal,
  ktimeGetRealTs,
  NS_PER_INSTRUCTION,
  registerTimerHandler,
  TICK_INSTRUCTIONS,
  TSC_KHZ,
} from './hrtimer.ts';
export { nextExpiry } from './hrtimer.ts';
export { localIrqEnable, TIMER_VECTOR } from './irq.ts';
export {
  clts,
  cpuHasPge,
  mapVmArea,
  mathStateRestore,
  takeDebugStatus,
  runProcessor,
  setPge,
  stts,
  tsIsSet,
  unmapVmArea,
} from './processor.ts';
export { currentPlace, runHost, standstill } from './schedule.ts';
export type { HostBounds, HostStop, RunPlace } from './schedule.ts';
export { random32 } from './random.ts';
