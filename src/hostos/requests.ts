/** Asking the outside for something, and what has been asked for and not come. */
import type { HostEvent } from './events.ts';
import { current } from './kernel.ts';
import type { DiskRequest, KeysRequest, OutsideRequest } from './outside.ts';

/** Sends a request out. */
export function ask(request: OutsideRequest): void {
  current.emit<HostEvent>({
    kind: 'outside',
    what: request.kind,
    name: 'path' in request ? request.path : 'tty' in request ? `tty${request.tty}` : request.interface,
    size: 'bytes' in request ? request.bytes.length : 0,
  });
  current.asked++;
  current.request?.(request);
}

/** Requests to disks that are not answered yet, in their order. */
export function openDiskRequests(): DiskRequest[] {
  return current.data.disks.pending.map(({ request }) => request);
}

/** All requests that are not answered yet. */
export function openRequests(): OutsideRequest[] {
  const { terminals } = current.data;
  const keys = terminals.flatMap(({ more }, tty): KeysRequest[] => (more === 'asked for' ? [{ kind: 'more-keys', tty }] : []));
  return [...openDiskRequests(), ...keys];
}
