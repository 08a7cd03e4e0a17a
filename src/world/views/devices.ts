import type { Ram } from '#machine';
import { lookUp, PAGE_SIZE } from '#hostos';
import type { Mm } from '#hostos';
import type { ProgramGuest } from '../program.ts';
import { viewQueue } from './queues.ts';
import type { DeviceView, GuestReader } from './queues.ts';

/** Where a descriptor has its status byte. */
const STATUS = 4;

/** All devices of these Guests, read without a trace: no page is touched that the Launcher has not touched itself. */
export function viewDevices(guests: readonly ProgramGuest[], ram: Ram): DeviceView[] {
  return guests.flatMap(({ tty, mm, guestBase, devices }) => {
    const read = readerOf(mm, guestBase, ram);
    return devices.map(({ name, type, descriptor, queues }) => ({
      guest: tty,
      ended: false,
      name,
      type,
      status: read(descriptor + STATUS, 1)?.[0] ?? 0,
      queues: queues.map((queue) => viewQueue(read, queue)).filter((queue) => queue !== null),
    }));
  });
}

/** Untouched pages read as zeros, as they would. */
function readerOf(mm: Mm, guestBase: number, ram: Ram): GuestReader {
  return (phys, length) => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const at = guestBase + phys + done;
      const size = Math.min(length - done, PAGE_SIZE - (at % PAGE_SIZE));
      const page = lookUp(mm, at);
      if (page < 0) return null;
      if (page > 0) bytes.set(ram.readBytes(page + (at % PAGE_SIZE), size), done);
      done += size;
    }
    return bytes;
  };
}
