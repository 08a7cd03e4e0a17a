/** What is known of real Linux kernels: diagnosis, checks, traces. The folder's only door. */
export { compareTraces, describeComparison, otherBuild, parseOurs, parseRecorded } from './trace_compare.ts';
export type { Difference, StreamResult, TraceEvent } from './trace_compare.ts';
export { diagnoseKernel, explainEarlyDeath, isLinux } from './diagnose.ts';
export type { KernelDiagnosis } from './diagnose.ts';
export { addressNamed, nameAt, symbolsOfElf, symbolsOfMap } from './symbols.ts';
export type { SymbolTable } from './symbols.ts';
export { checkLinux, describeLinuxCheck } from './check.ts';
export type { LinuxCheckOptions, LinuxCheckResult, Mark, NamedFile } from './check.ts';
