/** Disks on the page's side: images read in pieces, writes kept beside them. The folder's only door. */
export { wholeOf } from './chosen_file.ts';
export { CHUNK, Disk } from './disk.ts';
export { MemoryOverlay, openOverlay } from './overlay.ts';
export type { Overlay } from './overlay.ts';
export { openSource } from './source.ts';
export type { DiskOrigin, DiskSource } from './source.ts';
