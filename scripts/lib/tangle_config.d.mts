import type { TangleConfig } from '../../src/tangle/types.ts';

export const tangleConfig: TangleConfig;
