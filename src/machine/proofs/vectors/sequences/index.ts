import type { CaseGroup } from '../case.ts';
import { FPU } from './fpu.ts';
import { LIMITS, SEGMENTS } from './segments.ts';
import { sequenceGroup } from './sequence.ts';
import { TRANSFERS } from './transfers.ts';
import { TRAPS } from './traps.ts';

/** Transfers, segment registers, limits, traps, what user programs may not do, the x87's environment. The answers are in sequences.txt. */
export function sequenceGroups(): CaseGroup[] {
  return [TRANSFERS, SEGMENTS, LIMITS, TRAPS, FPU].flat().map(sequenceGroup);
}
