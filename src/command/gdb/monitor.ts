/** What `monitor` says: the views that the book's panels show, in words. */
import { walk } from '#world';
import type { Journeys, World } from '#world';

const HELP = `monitor place            where the run stands: instructions retired, steps of Host programs, world's time
monitor go N             to instruction N of the run, forwards or back, as far as it is known
monitor counters         hypercalls, faults, switches since the beginning
monitor memory ADDRESS   the way of an address: the Guest's page tables, and the real page
monitor worlds           whose instruction is the next, and the processor's own registers
`;

const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

/** Answers a command. */
export function monitor(world: World, journeys: Pick<Journeys<never, never>, 'toCount'>, command: string): string {
  const [word = '', argument = ''] = command.trim().split(/\s+/);
  switch (word) {
    case 'place': {
      const { at, step, time } = world.place();
      return `instruction ${at}, step ${step}, ${(time / 1e6).toFixed(3)} ms\n`;
    }
    case 'go': {
      const count = Number(argument);
      if (!Number.isSafeInteger(count) || count < 0) return 'monitor go wants a number of instructions\n';
      walk(journeys.toCount(count));
      return `at instruction ${world.instructions}\n`;
    }
    case 'counters':
      return `${JSON.stringify(world.statistics(), null, 1)
        .replace(/[{}",]/g, '')
        .replace(/\n\s*\n/g, '\n')
        .trim()}\n`;
    case 'memory': {
      const address = Number(argument);
      if (argument === '' || !Number.isInteger(address)) return 'monitor memory wants an address, 0xc0100000 for one\n';
      return world.guest.way(address >>> 0);
    }
    case 'worlds': {
      const { registers } = world.look(['registers']);
      if (registers === undefined) return '';
      return `${registers.world}: eip ${hex(registers.eip)} esp ${hex(registers.esp)} cr3 ${hex(registers.cr3)} ring ${registers.cpl}\n`;
    }
    default:
      return HELP;
  }
}
