/** The worlds a processor or a program can be in, and the signs by which a page tells them apart. */

/** Names as they appear in events, class names and `<World of="…">`. */
export type WorldName = 'guest-user' | 'guest-kernel' | 'switcher' | 'host' | 'launcher' | 'waker' | 'io-thread';

/** A world's signs. Colour is never the only one: each has a letter and a shape. */
export interface WorldSign {
  readonly name: WorldName;
  readonly label: string;
  readonly letter: string;
  readonly shape: string;
}

export const worlds: readonly WorldSign[] = [
  { name: 'guest-user', label: 'Guest user', letter: 'U', shape: '○' },
  { name: 'guest-kernel', label: 'Guest kernel', letter: 'K', shape: '●' },
  { name: 'switcher', label: 'Switcher', letter: 'S', shape: '◆' },
  { name: 'host', label: 'Host', letter: 'H', shape: '■' },
  { name: 'launcher', label: 'Launcher', letter: 'L', shape: '▲' },
  { name: 'waker', label: 'Waker', letter: 'W', shape: '△' },
  { name: 'io-thread', label: 'I/O thread', letter: 'I', shape: '▽' },
];

/** The signs of a world. */
export function signOf(name: WorldName): WorldSign {
  return worlds.find((world) => world.name === name) ?? worlds[3];
}

/** The world that runs an extracted file; null for what nobody runs (scenes). */
export function worldOfFile(file: string | null): WorldName | null {
  if (file === null) return null;
  if (/^guests?\//.test(file)) return 'guest-kernel';
  if (file === 'switcher/host_entry.S' || file.startsWith('host/')) return 'host';
  if (file.startsWith('switcher/')) return 'switcher';
  if (file.startsWith('launcher/')) return 'launcher';
  return null;
}
