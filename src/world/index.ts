/** One deterministic world: machine, Host, Launcher and Guest, run by the instruction. The folder's only door. */
export { World } from './world.ts';
export type { RunBounds, WorldStop } from './bounds.ts';
export type { Standstill } from './standstill.ts';
export type { DiskOptions, WorldOptions } from './options.ts';
export type { Checkpoint, WorldSnapshot } from './checkpoints/checkpoint.ts';
export type { Hit, Stops } from './stops.ts';
export { SnapshotMisfit } from './checkpoints/snapshot.ts';
export type { LguestProgram, ProgramDevice, ProgramGuest, ProgramImage } from './program.ts';
export type { LineHits } from './lines/line_counts.ts';
export type { ProgramEvent, ToldEvent, WorldEvent } from './events.ts';
export { namesOf } from './names.ts';
export type { ProgramNames } from './names.ts';
export { formatInput, InputMisfit, parseInput } from './replay/input_log.ts';
export { digestOf } from './saved/digest.ts';
export { readHead, SAVED_SUFFIX, SavedMisfit } from './saved/head.ts';
export type { SavedDisk, SavedHead } from './saved/head.ts';
export { isMadeOf, Makings } from './saved/makings.ts';
export type { MadeOf } from './saved/makings.ts';
export { readSaved, savedOptions, saveWorld } from './saved/saved_world.ts';
export type { SavedBeside, SavedParts, SavedPiece, SavedWorld } from './saved/saved_world.ts';
export { sceneProgram } from './scenes/bare_program.ts';
export { sceneOptions } from './scenes/scene.ts';
export { KeyFeed } from './replay/key_feed.ts';
export type { InputEntry } from './replay/input_log.ts';
export { drive, serveAll } from './drive.ts';
export type { Driven, Driver } from './drive.ts';
export { Journeys, walk } from './timeline/journeys.ts';
export type { Journey } from './timeline/journeys.ts';
export { Timeline } from './timeline/timeline.ts';
export type { Fold, Footing, Rung, Standpoint, Traveller } from './timeline/timeline.ts';
export { comparePlaces } from './timeline/place.ts';
export type { Place } from './timeline/place.ts';
export type { OutsideInput, OutsideRequest, RunPlace } from '#hostos';
export { Pacer } from './pace/pacer.ts';
export type { Paced } from './pace/pacer.ts';
export { steadyClock } from './pace/steady_clock.ts';
export { imageOf, packLines, patchedName, SCENE_DISK, sceneLaunchers, unpackLines, wholeScene } from './scenes/scene.ts';
export type {
  CodeLine,
  Scene,
  SceneBundle,
  SceneDisk,
  SceneImage,
  SceneKeys,
  SceneLauncher,
  SceneProgram,
  StoredScene,
} from './scenes/scene.ts';
export { formatExt2 } from './scenes/ext2.ts';
export type { Ext2Options } from './scenes/ext2.ts';
export { MemoryDisk } from './scenes/memory_disk.ts';
export { viewNames } from './views/index.ts';
export type { ViewName, Views } from './views/index.ts';
export type { GuestRegisters, GuestView } from './views/guests.ts';
export type { ListedInstruction, ListingView } from './views/listing.ts';
export type { ShownFrame, ShownVariable } from './views/locals.ts';
export type { PointedView } from './views/memory.ts';
export type { NextView } from './views/next.ts';
export type { DescriptorPair, DescriptorsView, GateView, GuestDescriptors, Route, SegmentName, SegmentView } from './views/descriptors.ts';
export type { Difference, DirectoryView, RunView, TreeView } from './views/page_tables.ts';
export type { ChainView, DeviceView, QueueView } from './views/queues.ts';
export type { Registers, WorldName } from './views/registers.ts';
export { ExpressionFault, parseExpression } from './stepping/expression.ts';
export type { Expression, Scope } from './stepping/expression.ts';
export type { Caller } from './stepping/callers.ts';
export { scopeOf, scopeOfEvent } from './stepping/scopes.ts';
export { showValue } from './views/locals.ts';
export { wordsOfThrown } from './thrown.ts';
export { facts } from './facts.ts';
export { brokenPromises } from './scenes/intent.ts';
export { findOut, judge } from './scenes/judge.ts';
export type { Judgement, Sought, Wanted } from './scenes/judge.ts';
export { parting } from './scenes/parting.ts';
export type { Parting, Party as SceneParty } from './scenes/parting.ts';
export { runScene } from './scenes/run_scene.ts';
export type { SceneResult } from './scenes/run_scene.ts';
export { findMoments } from './scenes/moments.ts';
export type { Moment, MomentWish } from './scenes/moments.ts';
export { createStatistics } from './statistics.ts';
export type { Statistics } from './statistics.ts';
export type { Frame, LinePosition } from '#tangle/runtime';
