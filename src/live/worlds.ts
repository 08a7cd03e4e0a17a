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

/** The lanes in which a run is drawn and summed up, from the top; what has none, the Launcher's threads, is in the Launcher's. */
export const LANES: readonly WorldName[] = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher'];

/** What the same are called where there is no lguest, but a program on the bare machine. */
const BARE_LABELS: Partial<Readonly<Record<WorldName, string>>> = { 'guest-user': 'program', 'guest-kernel': 'kernel' };

/** The signs of a world. @param bare on the bare machine */
export function signOf(name: WorldName, bare = false): WorldSign {
  const sign = worlds.find((world) => world.name === name) ?? worlds[3];
  return bare ? { ...sign, label: BARE_LABELS[name] ?? sign.label } : sign;
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
