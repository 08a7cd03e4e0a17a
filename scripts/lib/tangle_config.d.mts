import type { TangleConfig } from '../../src/tangle/core/types.ts';

export const tangleConfig: TangleConfig;
