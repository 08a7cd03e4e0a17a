/** The command `lguest`. The folder's only door. */
export { runCommand, STATUS } from './command.ts';
export type { Alarm, CommandHost, Disk, Keyboard, TextFile, Wire } from './host.ts';
export { nodeHost, print } from './node/index.ts';
export { readWhole, reasonOf } from './node/whole_file.ts';
