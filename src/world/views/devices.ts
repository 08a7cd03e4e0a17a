import type { Ram } from '#machine';
import { lookUp, PAGE_SIZE } from '#hostos';
import type { KernelData, Mm } from '#hostos';
import type { Launcher } from '#tangled/launcher/memory.ts';
import { viewQueue } from './queues.ts';
import type { DeviceView, GuestReader } from './queues.ts';

/** Where a descriptor has its status byte. */
const STATUS = 4;

/** All devices of all Guests whose Launchers live, read without a trace: no page is touched that the Launcher has not touched itself. */
export function viewDevices(data: KernelData, ram: Ram, launchers: readonly number[]): DeviceView[] {
  return launchers.flatMap((id, guest) => {
    const task = data.tasks.all.find((one) => one.id === id);
    if (task === undefined || task.mm === null || task.program !== 'launcher') return [];
    // Another program may be registered in the Launcher's place, and has no devices.
    const { devices = [], guestBase = 0 } = task.data as Partial<Launcher>;
    const read = readerOf(task.mm, guestBase, ram);
    return devices.map(({ name, type, descriptor, queues }) => ({
      guest,
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
