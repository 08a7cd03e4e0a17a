/** A plain word on what the Guest is doing. */
import type { SessionView } from './session.ts';
import { signOf } from '../worlds.ts';

/** One sentence for the status line, also read aloud by screen readers. */
export function describe(view: SessionView): string {
  const count = `${view.instructions.toLocaleString('en')} instruction${view.instructions === 1 ? '' : 's'}`;
  switch (view.phase) {
    case 'asleep':
      return 'Not booted.';
    case 'loading': {
      if (view.reading === null) return 'Fetching the processor and the Guest…';
      const { what, done, total } = view.reading;
      return `Reading ${what}: ${megabytes(done)} of ${megabytes(total)} MB.`;
    }
    case 'failed':
      return `This Guest cannot run here: ${view.message}.`;
    case 'panicked':
      return `The Host itself broke after ${count}: ${view.message}`;
    case 'running':
      return `Running. ${count} so far${view.speed >= 1e6 ? `, ${Math.round(view.speed / 1e6).toLocaleString('en')} million a second` : ''}.`;
    case 'idle':
      return `Everybody waits for you to type. ${count}.`;
    case 'exited': {
      const death = view.events.findLast(({ kind }) => kind === 'death');
      const words = death?.text.replace(/^CRASH: /, '');
      if (view.status === 0)
        return death === undefined ? `The Guest powered off after ${count}.` : `The Guest shut itself down after ${count}: “${words}”.`;
      return death === undefined
        ? `The Launcher gave up after ${count}, status ${view.status}.`
        : `The Host ended this Guest after ${count}: ${death.text}.`;
    }
    case 'paused': {
      const where = view.registers === null ? '' : ` The processor is in the ${signOf(view.registers.world).label}.`;
      return view.statistics?.switches === 0 ? 'Stopped before the Guest’s first instruction.' : `Paused after ${count}.${where}`;
    }
  }
}

/** Bytes as megabytes with one digit. */
export function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
