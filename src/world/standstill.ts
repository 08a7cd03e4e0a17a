/** How a run stands where it does not go on by itself. */
import { standstill, within } from '#hostos';
import type { Kernel } from '#hostos';
import type { WorldStop } from './bounds.ts';

/** Why it does not. */
export type Standstill = Extract<WorldStop, { reason: 'exited' | 'panicked' | 'idle' }>;

/**
 * How a world at rest stands; null where it goes on.
 * @param status its first Launcher's
 * @param hasFuture what comes from outside next is known
 */
export function standstillOf(kernel: Kernel, status: number | null, hasFuture: boolean): Standstill | null {
  const { panicked } = kernel.data;
  if (panicked !== undefined) return { reason: 'panicked', message: panicked };
  const how = within(kernel, standstill);
  if (how === 'exited') return { reason: 'exited', status: status ?? 0 };
  return how === 'idle' && !hasFuture ? { reason: 'idle' } : null;
}
