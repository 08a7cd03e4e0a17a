/** The processor's 256 vectors by name (Intel SDM vol. 3, table 6-1), with those that lguest gives a meaning. */
const VECTORS: Readonly<Record<number, string>> = {
  0: 'divide error',
  1: 'debug',
  3: 'breakpoint',
  4: 'overflow',
  5: 'bound',
  6: 'invalid opcode',
  7: 'device not available',
  8: 'double fault',
  10: 'bad TSS',
  11: 'segment not present',
  12: 'stack fault',
  13: 'general protection',
  14: 'page fault',
  16: 'x87 error',
  17: 'alignment',
  31: 'hypercall',
  32: 'timer interrupt',
  128: 'system call',
};

/** A vector in words. */
export function vectorName(vector: number): string {
  return VECTORS[vector] ?? (vector > 31 && vector < 256 ? `interrupt ${vector - 32}` : `vector ${vector}`);
}
