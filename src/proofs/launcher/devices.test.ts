import { describe, expect, test } from 'vitest';
import { setupConsole } from '#tangled/launcher/console.ts';
import { addFeature, addVirtqueue, handleOutput, newDevice, setConfig, VIRTIO_ID } from '#tangled/launcher/devices.ts';
import type { Device } from '#tangled/launcher/devices.ts';
import { readGuest, writeGuest } from '#tangled/launcher/memory.ts';
import type { Launcher } from '#tangled/launcher/memory.ts';
import { GUEST_BYTES, lastWords, testLauncher, TestRing } from './testing.ts';
import type { TestLauncher } from './testing.ts';

const PAGE = 4096;

/** A device with two queues, a feature bitmap of two bytes and six bytes of configuration. */
function rich(launcher: Launcher): Device {
  const device = newDevice(launcher, 'rich', VIRTIO_ID.NET);
  addVirtqueue(launcher, device, 'enable-fd');
  addVirtqueue(launcher, device, null, 16);
  addFeature(launcher, device, 5);
  addFeature(launcher, device, 9);
  setConfig(launcher, device, Uint8Array.of(1, 2, 3, 4, 5, 6));
  return device;
}

function bytes({ launcher }: TestLauncher, phys: number, length: number): number[] {
  return [...new Uint8Array(readGuest(launcher, phys, length).buffer)];
}

test('the description page: one descriptor behind the other, each with queues, features and configuration', () => {
  const guest = testLauncher((launcher) => {
    rich(launcher);
    setupConsole(launcher);
  });
  expect(bytes(guest, GUEST_BYTES, 5 + 16 + 4 + 6 + 5 + 16 + 1)).toEqual([
    1, 2, 2, 6, 0, 128, 0, 1, 0, 1, 1, 0, 0, 16, 0, 2, 0, 3, 1, 0, 0, 0x20, 2, 0, 0, 1, 2, 3, 4, 5, 6, 3, 2, 0, 0, 0, 128, 0, 3, 0, 5, 1, 0,
    0, 128, 0, 4, 0, 7, 1, 0, 0, 0,
  ]);
  expect(guest.launcher.guestLimit).toBe(GUEST_BYTES + PAGE + 4 * 2 * PAGE);
});

test('a queue without a handler tells the Guest not to notify it', () => {
  const guest = testLauncher(rich);
  const [first, second] = guest.launcher.devices[0].queues.map((queue) => new TestRing(guest.launcher, queue));
  expect([first, second].map((ring) => ring.read16(ring.usedAt))).toEqual([0, 1]);
});

describe('a device that is put together in the wrong order is a mistake of ours', () => {
  test('queues after features', () => {
    expect(() => testLauncher((launcher) => addVirtqueue(launcher, rich(launcher), null))).toThrow('queues come before');
  });
  test('features after the configuration', () => {
    expect(() => testLauncher((launcher) => addFeature(launcher, rich(launcher), 1))).toThrow('features come before');
  });
});

describe('too many devices', () => {
  test.each<[string, (launcher: Launcher) => void, RegExp]>([
    [
      'for the page',
      (launcher) => {
        for (let i = 0; i < 17; i++) setConfig(launcher, newDevice(launcher, 'big', 1), new Uint8Array(255));
      },
      /do not fit into a page/,
    ],
    [
      'for the interrupts',
      (launcher) => {
        for (let i = 0; i < 32; i++) addVirtqueue(launcher, newDevice(launcher, 'one', 1), null);
      },
      /no interrupt is left/,
    ],
    [
      'for the memory',
      (launcher) => {
        for (let i = 0; i < 2; i++) addVirtqueue(launcher, newDevice(launcher, 'one', 1), null, 32768);
      },
      /Not enough memory for devices/,
    ],
  ])('%s', (_, deed, sentence) => {
    const guest = testLauncher();
    expect(lastWords(guest, () => deed(guest.launcher))).toMatch(sentence);
  });
});

describe('a notification', () => {
  function console_(): { guest: TestLauncher; device: Device; output: TestRing } {
    const guest = testLauncher(setupConsole);
    const [device] = guest.launcher.devices;
    return { guest, device, output: new TestRing(guest.launcher, device.queues[1]) };
  }

  test('of a queue reaches its handler, wherever in the first page it points', () => {
    const { guest, device, output } = console_();
    writeGuest(guest.launcher, device.descriptor + 4, Uint8Array.of(7));
    writeGuest(guest.launcher, 0x500, new TextEncoder().encode('hello, world'));
    for (const [at, offset] of [
      [0x500, 0],
      [0x505, 0xfff],
    ]) {
      output.add([{ kind: 'o', addr: at, len: 5 }]);
      handleOutput(guest.launcher, output.queue.pfn * PAGE + offset);
    }
    expect(guest.printed()).toBe('hello, wor');
    expect(output.takeUsed().map(({ len }) => len)).toEqual([5, 5]);
    expect(guest.takeIrqs()).toBe(1 << output.queue.irq);
  });

  test('before the driver has set its status is dropped, with a word', () => {
    const { guest, output } = console_();
    output.add([{ kind: 'o', addr: 0, len: 5 }]);
    handleOutput(guest.launcher, output.queue.pfn * PAGE);
    expect(guest.printed()).toBe('lguest: console: notified before its driver has said a word, and so not heard\n');
    expect(output.takeUsed()).toEqual([]);
  });

  test('of a queue that has no handler is nothing', () => {
    const guest = testLauncher(rich);
    const [device] = guest.launcher.devices;
    writeGuest(guest.launcher, device.descriptor + 4, Uint8Array.of(7));
    handleOutput(guest.launcher, device.queues[1].pfn * PAGE);
    expect(guest.printed()).toBe('');
  });

  test('anywhere else is text, up to the nul or the end of memory', () => {
    const { guest } = console_();
    const text = 'x'.repeat(5000);
    writeGuest(guest.launcher, 0x1800, new TextEncoder().encode(`${text}\0more`));
    handleOutput(guest.launcher, 0x1800);
    expect(guest.printed()).toBe(text);
    const end = guest.launcher.guestLimit;
    writeGuest(guest.launcher, end - 3, new TextEncoder().encode('end'));
    handleOutput(guest.launcher, end - 3);
    expect(guest.printed()).toBe('end');
  });

  test('beyond all memory ends the Launcher', () => {
    const { guest } = console_();
    const end = guest.launcher.guestLimit;
    expect(lastWords(guest, () => handleOutput(guest.launcher, end))).toBe(
      `lguest: the Guest notified 0x${end.toString(16)}, which is nowhere (its memory ends at 0x${end.toString(16)})\n`,
    );
  });
});

describe('a notification of the descriptor', () => {
  function used(): { guest: TestLauncher; device: Device; notify: (status: number) => void; rings: TestRing[] } {
    const guest = testLauncher(rich);
    const [device] = guest.launcher.devices;
    const rings = device.queues.map((queue) => new TestRing(guest.launcher, queue, 9));
    writeGuest(guest.launcher, device.descriptor + 23, Uint8Array.of(0x20, 2));
    return {
      guest,
      device,
      rings,
      notify(status) {
        writeGuest(guest.launcher, device.descriptor + 4, Uint8Array.of(status));
        handleOutput(guest.launcher, device.descriptor);
      },
    };
  }
  const state = ({ guest, device, rings }: ReturnType<typeof used>): unknown => ({
    status: bytes(guest, device.descriptor + 4, 1)[0],
    acked: bytes(guest, device.descriptor + 23, 2),
    indexes: rings.map((ring) => [ring.availIdx, ring.usedIdx, ring.queue.lastAvail]),
  });
  const fresh = {
    status: 0,
    acked: [0, 0],
    indexes: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  };

  test.each([0, 7, 3, 0x83])('resets the device: a Guest of 2.6.25, status %i', (status) => {
    const device = used();
    device.notify(status);
    expect(state(device)).toEqual(fresh);
    expect(bytes(device.guest, device.device.descriptor, 23).slice(21)).toEqual([0x20, 2]);
  });

  test('resets nothing while a later Guest only tells how far it is, and does when it says 0', () => {
    const device = used();
    for (const status of [1, 3, 7]) {
      device.notify(status);
      expect(state(device)).toEqual({
        status,
        acked: [0x20, 2],
        indexes: [
          [9, 9, 9],
          [9, 9, 9],
        ],
      });
    }
    device.notify(0x87);
    expect(device.guest.printed()).toBe('lguest: rich: its driver has given up\n');
    device.notify(0);
    expect(state(device)).toEqual(fresh);
  });
});
