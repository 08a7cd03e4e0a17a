/** One deterministic world: machine, Host, Launcher and Guest, run by the instruction. The folder's only door. */
export { World } from './world.ts';
export type { LineHits, Registers, WorldEvent, WorldName, WorldOptions, WorldSnapshot, WorldStop } from './world.ts';
export type { CodeLine, Scene, SceneBundle } from './scene.ts';
export { facts } from './facts.ts';
export { runScene } from './scene_run.ts';
export type { SceneResult } from './scene_run.ts';
export { createStatistics, hypercallName } from './statistics.ts';
export type { Statistics } from './statistics.ts';
export { runCommand, STATUS } from './command.ts';
export type { CommandHost } from './command.ts';
export type { LinePosition } from '#tangle/runtime';
export { allPlaces } from '#tangle/runtime';
export { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } from './trace_compare.ts';
export type { Difference, StreamResult, TraceEvent } from './trace_compare.ts';
export { diagnoseKernel, explainEarlyDeath } from './diagnose_kernel.ts';
export type { KernelDiagnosis } from './diagnose_kernel.ts';
