import { Machine } from '../../machine.ts';
import { loadMultiboot } from '#bare';
import { IRQ_VECTOR } from './image.ts';

const DEBUG_CONSOLE = 0xe9;
const EXIT = 0xf4;
const INTERRUPT_ENABLE = 0x3f9;
/** Far more than all cases take. */
const ENOUGH = 2e9;

/**
 * Runs an image on this machine, with as much of a PC as it asks for: the debug console, the exit, and a serial line whose transmitter is always empty, so
 * that it interrupts as soon as it is told to (16550: interrupt enable, bit 1).
 */
export function runImage(image: Uint8Array, translate: boolean | number = false): Uint8Array {
  const machine = new Machine({ ramBytes: 4 << 20, translate });
  loadMultiboot(machine, image, '');
  let output = new Uint8Array(1 << 20);
  let length = 0;
  machine.ports = {
    in: (_port, size) => (size === 4 ? 0xffffffff : (1 << (size * 8)) - 1),
    out(port, _size, value) {
      if (port === DEBUG_CONSOLE) {
        if (length === output.length) {
          const larger = new Uint8Array(length * 2);
          larger.set(output);
          output = larger;
        }
        output[length++] = value;
      } else if (port === INTERRUPT_ENABLE) machine.setInterruptLine((value & 2) !== 0 ? IRQ_VECTOR : null);
      else if (port === EXIT) machine.stop();
    },
  };
  // The interrupt controller lets no second one through before the first has been acknowledged; every case does that at its end.
  machine.onInterruptTaken = () => machine.setInterruptLine(null);
  machine.run(ENOUGH);
  return output.subarray(0, length);
}
