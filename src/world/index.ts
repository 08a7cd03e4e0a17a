/** One deterministic world: machine, Host, Launcher and Guest, run by the instruction. The folder's only door. */
export { World } from './world.ts';
export type {
  Checkpoint,
  DiskOptions,
  RunBounds,
  WorldOptions,
  WorldSnapshot,
  WorldStop,
} from './world.ts';
export type { Hit, Stops } from './stops.ts';
export { SnapshotMisfit } from './checkpoints/snapshot.ts';
export type { LguestProgram, ProgramDevice, ProgramGuest, ProgramImage } from './program.ts';
export type { LineHits } from './lines/line_counts.ts';
export type { ToldEvent, WorldEvent } from './events.ts';
export { namesOf } from './names.ts';
export type { ProgramNames } from './names.ts';
export { formatInput, InputMisfit, parseInput } from './replay/input_log.ts';
export { KeyFeed } from './replay/key_feed.ts';
export type { InputEntry } from './replay/input_log.ts';
export { comparePlaces } from './timeline/place.ts';
export type { Place } from './timeline/place.ts';
export type { OutsideInput, OutsideRequest, RunPlace } from '#hostos';
export { Pacer } from './pace/pacer.ts';
export type { Paced } from './pace/pacer.ts';
export { steadyClock } from './pace/steady_clock.ts';
export { imageOf, patchedName, SCENE_DISK, sceneLaunchers } from './scenes/scene.ts';
export type { CodeLine, Scene, SceneBundle, SceneDisk, SceneImage, SceneKeys, SceneLauncher, SceneProgram } from './scenes/scene.ts';
export { formatExt2 } from './scenes/ext2.ts';
export type { Ext2Options } from './scenes/ext2.ts';
export { MemoryDisk } from './scenes/memory_disk.ts';
export { viewNames } from './views/index.ts';
export type { ViewName, Views } from './views/index.ts';
export type { NextView } from './views/next.ts';
export type { ChainView, DeviceView, QueueView } from './views/queues.ts';
export type { Registers, WorldName } from './views/registers.ts';
export { facts } from './facts.ts';
export { brokenPromises } from './scenes/intent.ts';
export { runScene } from './scenes/run_scene.ts';
export type { SceneResult } from './scenes/run_scene.ts';
export { createStatistics } from './statistics.ts';
export type { Statistics } from './statistics.ts';
export type { LinePosition } from '#tangle/runtime';
