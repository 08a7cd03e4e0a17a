/** What `monitor` says: the views that the book's panels show, in words. */
import type { GateView, Journey, Journeys, TreeView, World, WorldEvent } from '#world';

const HELP = `monitor place            where the run stands: instructions retired, steps of Host programs, world's time
monitor go N             to instruction N of the run, forwards or back, as far as it is known
monitor counters         hypercalls, faults, switches since the beginning
monitor memory ADDRESS   the way of an address: the Guest's page tables, and the real page
monitor events [N]       the last N events until here (default 20), a line of JSON each, as --trace writes them
monitor gates            where the vectors lead for which the Guest has a handler
monitor tables           the Guest's page tables, and what the shadow that it runs with has of them
monitor worlds           whose instruction is the next, and the processor's own registers
`;

const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

/** Events that are shown where nobody says how many, and at most. */
const EVENTS = 20;
const MOST_EVENTS = 1000;

/**
 * Answers a command.
 * @param recent finds so many of the events until here, the latest last
 * @param goes goes a way to its end
 */
export async function monitor(
  world: World,
  journeys: Pick<Journeys<never, never>, 'toCount'>,
  recent: (count: number) => readonly WorldEvent[],
  goes: (journey: Journey) => Promise<void>,
  command: string,
): Promise<string> {
  const [word = '', argument = ''] = command.trim().split(/\s+/);
  switch (word) {
    case 'place': {
      const { at, step, time } = world.place();
      return `instruction ${at}, step ${step}, ${(time / 1e6).toFixed(3)} ms\n`;
    }
    case 'go': {
      const count = Number(argument);
      if (!Number.isSafeInteger(count) || count < 0) return 'monitor go wants a number of instructions\n';
      await goes(journeys.toCount(count));
      // What gdb has seen of registers and memory it keeps until the target moves by a command of its own.
      return `at instruction ${world.instructions}; now let gdb look again: maintenance flush register-cache, and maintenance flush dcache\n`;
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
    case 'events': {
      const count = argument === '' ? EVENTS : Number(argument);
      if (!Number.isInteger(count) || count < 1 || count > MOST_EVENTS) return `monitor events wants a number from 1 to ${MOST_EVENTS}\n`;
      const events = recent(count);
      return events.length === 0 ? 'nothing has happened yet\n' : events.map((event) => `${JSON.stringify(event)}\n`).join('');
    }
    case 'gates': {
      const guest = world.look(['descriptors']).descriptors?.guests[0];
      if (guest === undefined) return 'there is no Guest yet\n';
      const owned = guest.gates.filter(({ route }) => route === 'straight' || route === 'reflected');
      return owned.length === 0 ? 'the Guest has no handlers yet\n' : owned.map(gateLine).join('');
    }
    case 'tables': {
      const tree = world.look(['tables']).tables?.find(({ current }) => current);
      return tree === undefined ? 'the Guest runs with no page tables yet\n' : tableLines(tree);
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

function gateLine({ index, route, asked: [low, high], reach }: GateView): string {
  const handler = ((high & 0xffff0000) | (low & 0xffff)) >>> 0;
  const way = route === 'straight' ? 'straight to the Guest' : 'by the Host';
  return `${hex(index).slice(-2)} ${way.padEnd(21)} handler ${hex(handler)}, int in rings 0 to ${reach}\n`;
}

/** Runs of entries that are alike, a line each. */
function tableLines({ gpgdir, filled, directories }: TreeView): string {
  const lines = directories.flatMap(({ index, runs }) =>
    runs.map(({ index: first, count, guest, shadow, why }) => {
      const address = (index * 1024 + first) * 4096;
      const pages = count === 1 ? '' : `, ${count} pages`;
      return `${hex(address)}${pages}: Guest ${hex(guest)} shadow ${hex(shadow)}${why.length === 0 ? '' : ` (${why.join(', ')})`}\n`;
    }),
  );
  return `the Guest's directory is at ${hex(gpgdir)}; its shadow has ${filled} pages\n${lines.join('')}`;
}
