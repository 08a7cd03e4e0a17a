/** One deterministic world: machine, Host, Launcher and Guest, run by the instruction. The folder's only door. */
export { World } from './world.ts';
export type {
  Checkpoint,
  DiskOptions,
  LineHits,
  Registers,
  RunBounds,
  WorldEvent,
  WorldName,
  WorldOptions,
  WorldSnapshot,
  WorldStop,
} from './world.ts';
export { formatInput, parseInput } from './input_log.ts';
export type { InputEntry } from './input_log.ts';
export { answerFrame, checksum } from '#hostos';
export type { OutsideInput, OutsideRequest, RunPlace } from '#hostos';
export { SCENE_DISK, sceneLaunchers } from './scene.ts';
export type { CodeLine, Scene, SceneBundle, SceneDisk, SceneKeys, SceneLauncher } from './scene.ts';
export { MemoryDisk } from './memory_disk.ts';
export type { ChainView, DeviceView, QueueView } from './queues.ts';
export { facts } from './facts.ts';
export { runScene } from './scene_run.ts';
export type { SceneResult } from './scene_run.ts';
export { createStatistics, hypercallName } from './statistics.ts';
export type { Statistics } from './statistics.ts';
export type { LinePosition } from '#tangle/runtime';
export { allPlaces } from '#tangle/runtime';
export { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } from './trace_compare.ts';
export type { Difference, StreamResult, TraceEvent } from './trace_compare.ts';
export { diagnoseKernel, explainEarlyDeath } from './diagnose_kernel.ts';
export type { KernelDiagnosis } from './diagnose_kernel.ts';
export { checkLinux, describeLinuxCheck } from './linux_check.ts';
export type { LinuxCheckOptions, LinuxCheckResult, Mark, NamedFile } from './linux_check.ts';
