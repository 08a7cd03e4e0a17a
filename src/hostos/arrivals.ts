/** What comes from outside goes to whom it is for. */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import { closeTerminal, typeKeys } from './terminal.ts';
import { answerDisk } from './disk.ts';
import { receiveFrame } from './net/index.ts';
import { adjustClock, doSettimeofday } from './hrtimer.ts';
import type { OutsideInput } from './outside.ts';

/** Takes in what came from outside. */
export function takeInput(input: OutsideInput): void {
  const name = 'path' in input ? input.path : 'interface' in input ? input.interface : 'tty' in input ? `tty${input.tty}` : 'clock';
  current.emit<HostEvent>({ kind: 'outside', what: input.kind, name, size: 'bytes' in input ? input.bytes.length : 0 });
  switch (input.kind) {
    case 'keys':
      typeKeys(input.tty, input.bytes, input.more);
      break;
    case 'end-of-keys':
      closeTerminal(input.tty);
      break;
    case 'frame':
      receiveFrame(input.interface, input.bytes);
      break;
    case 'date':
      doSettimeofday(input);
      break;
    case 'clock':
      adjustClock(input.ahead, input.rate);
      break;
    default:
      answerDisk(input);
  }
}
