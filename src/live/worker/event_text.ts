/** One line of plain words for each event. The names of hypercalls and requests are the program's. */
import type { ProgramNames, WorldEvent } from '#world';
import type { ListedEvent } from '../protocol.ts';
import { vectorName } from '../vectors.ts';
import type { WorldName } from '../worlds.ts';

/** `0xc0001000` */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** Milliseconds with as many digits as make sense. */
function time(nanoseconds: number): string {
  return nanoseconds >= 1e6 ? `${(nanoseconds / 1e6).toFixed(2)} ms` : `${(nanoseconds / 1e3).toFixed(1)} µs`;
}

/** Whose a task is, by its program; others are threads of a Launcher's. */
const TASKS: Readonly<Record<string, WorldName>> = { waker: 'waker', launcher: 'launcher', bare: 'guest-kernel' };

/** Whose doing an event is. */
export function worldOfEvent(event: WorldEvent): WorldName {
  switch (event.kind) {
    case 'trap':
      return (event.cs & 3) === 3 ? 'guest-user' : 'guest-kernel';
    case 'switch':
      return 'switcher';
    case 'notify':
      return 'guest-kernel';
    case 'console':
    case 'terminal':
    case 'syscall':
    case 'request':
      return 'launcher';
    case 'task':
      return TASKS[event.program] ?? 'io-thread';
    case 'io':
      return event.what === 'in' || event.what === 'out' ? 'host' : 'launcher';
    default:
      return 'host';
  }
}

/** An event, as the list shows it. @param guest whose turn it is */
export function listedEvent(event: WorldEvent, names: ProgramNames, guest: number): ListedEvent {
  const { seq, at, kind } = event;
  const codes = event.kind === 'trap' ? { error: event.error, vector: event.vector } : event.kind === 'fault' ? { error: event.error } : {};
  return { seq, at, kind, world: worldOfEvent(event), text: textOfEvent(event, names), guest, ...codes };
}

/** What happened, in one line. */
export function textOfEvent(event: WorldEvent, names: ProgramNames): string {
  switch (event.kind) {
    case 'hypercall': {
      const words = [event.edx, event.ebx, event.ecx].map((word) => (word < 10 ? String(word) : hex(word))).join(', ');
      return `${names.hypercall(event.nr)}(${words})${event.ring === undefined ? '' : `, from the ring, place ${event.ring}`}`;
    }
    case 'trap':
      return `${vectorName(event.vector)} at ${hex(event.eip)}${event.vector === 14 ? `, address ${hex(event.cr2 ?? 0)}, error ${event.error}` : ''}`;
    case 'fault':
      return event.hidden
        ? `page fault at ${hex(event.address)} mended; the Guest never knows`
        : `page fault at ${hex(event.address)} is the Guest’s own`;
    case 'deliver':
      return `${vectorName(event.vector)} put on the Guest’s stack; its gate is ${hex(event.gate)}`;
    case 'irq':
      return `virtual interrupt ${event.n}`;
    case 'switch':
      return event.to === 'guest' ? 'over the bridge, to the Guest' : 'over the bridge, to the Host';
    case 'notify':
      return `the Guest rings for the Launcher: ${hex(event.address)}`;
    case 'io':
      return event.what === 'in' || event.what === 'out'
        ? `port ${event.what} ${hex(event.address)}: nothing there`
        : `${event.what} ${event.address}, ${event.size} bytes`;
    case 'console':
      return JSON.stringify(event.text);
    case 'terminal':
      return `terminal ${event.tty}: ${event.icanon ? 'lines' : 'single keys'}, ${event.echo ? 'echo' : 'no echo'}`;
    case 'outside':
      return `${event.what}, ${event.name}${event.size > 0 ? `, ${event.size} bytes` : ''}`;
    case 'timer':
      return event.what === 'idle' ? `nobody can run: on to ${time(event.expires)}` : `timer ${event.what}, ${time(event.expires)}`;
    case 'syscall':
      return `${event.name}(${event.fd})`;
    case 'request':
      return `${names.request(event.request)} to /dev/lguest, ${event.argument}`;
    case 'task':
      return event.what === 'run'
        ? `${event.program} runs`
        : `${event.program} ${event.what === 'create' ? 'is born' : `ends, status ${event.status ?? 0}`}`;
    case 'preempt':
      return event.what === 'in' ? 'the hook: its task has the processor' : 'the hook: its task has lost the processor';
    case 'nmi':
      return 'the profiler’s clock: an interrupt that cannot be masked';
    case 'sample':
      return `a sample: ${hex(event.eip)}, segment ${hex(event.cs)}`;
    case 'death':
      return event.reason;
  }
}
