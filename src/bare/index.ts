/**
 * A multiboot loader, a debug console and a serial line around the machine: the command `lguest-machine`. The folder's only door.
 *
 * The machine's own door is reachable through it, so that one bundle serves who runs programs on the bare machine.
 */
export * from '#machine';
export { ImageError, loadMultiboot, parseImage, MULTIBOOT_BOOTED, type BootImage, type ImagePart } from './multiboot.ts';
export {
  runBare,
  bareCommand,
  makeDevices,
  readPort,
  writePort,
  STATUS_IMAGE,
  STATUS_SHUTDOWN,
  type BareDevices,
  type BareOptions,
  type BareResult,
  type BarePlatform,
} from './bare.ts';
