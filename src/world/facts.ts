import { NS_PER_INSTRUCTION, TICK_INSTRUCTIONS, TSC_KHZ } from '#hostos';
import type { LguestProgram } from './program.ts';

/** Numbers that the chapters quote, taken from the code itself: `<Measured fact="…" />`. */
export function facts({ hostEntry, switcher }: LguestProgram): Record<string, number> {
  return {
    tsc_khz: TSC_KHZ,
    ns_per_instruction: NS_PER_INSTRUCTION,
    tick_instructions: TICK_INSTRUCTIONS,
    switcher_bytes: switcher.text.length,
    host_entry_bytes: hostEntry.text.length,
  };
}
