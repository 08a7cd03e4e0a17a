/** A run as few words: the same scene with the same input makes the same run. */
import { formatInput } from '#world';
import type { InputEntry } from '#world';
import type { KeptRun } from '../protocol.ts';

/** More characters than that are not kept. */
const MOST = 1_000_000;

/**
 * @param disk the scene has a disk, which answers anew each time: then what it answered is not kept, and a run with other input, too, cannot be had again
 */
export function keptRun({ where, midway }: Pick<KeptRun, 'where' | 'midway'>, log: readonly InputEntry[], disk: boolean): KeptRun | null {
  const own = disk ? log.filter(({ input }) => !input.kind.startsWith('disk-')) : log;
  if (disk && own.length > 0) return null;
  const inputs = own.map(formatInput);
  return inputs.reduce((sum, line) => sum + line.length, 0) > MOST ? null : { where, midway, inputs };
}
