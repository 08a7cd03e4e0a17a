/** Whether a snapshot of a world fits, before anything is done with it; if not, one sentence says what it is, what was expected, and what can be done. */
import type { MachineSnapshot } from '#machine';
import type { LguestProgram } from '../program.ts';

/** What every snapshot begins with. */
export interface SnapshotHead {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly version: number;
  /** {@link identityOf} the lguest that ran. */
  readonly program: string;
}

const SNAPSHOT_FORMAT = 'lguest-live/world';
export const SNAPSHOT_VERSION = 5;

/** A snapshot does not fit the world that is to take it. */
export class SnapshotMisfit extends Error {
  override readonly name = 'SnapshotMisfit';
}

/** A short text that differs between two lguests whose code differs. */
export function identityOf({ lines, switcher, hostEntry }: LguestProgram): string {
  let hash = lines.identity;
  for (const { text } of [switcher, hostEntry]) for (const byte of text) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** What a snapshot of a world with this lguest begins with. */
export function headOf(program: LguestProgram): SnapshotHead {
  return { format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, program: identityOf(program) };
}

/** Members that a snapshot of this version has beside its head. */
const MEMBERS: readonly string[] = ['machine', 'data', 'line', 'launchers', 'seq', 'statistics', 'left', 'inputs'];

/**
 * @param ramBytes of the machine that is to take it
 * @throws SnapshotMisfit
 */
export function checkSnapshot(snapshot: unknown, program: string, ramBytes: number): void {
  const no = (sentence: string): never => {
    throw new SnapshotMisfit(sentence);
  };
  if (typeof snapshot !== 'object' || snapshot === null || !('format' in snapshot))
    return no('this is no snapshot of a world; choose a file that was saved here');
  const { format, version, program: from, machine } = snapshot as Partial<Record<string, unknown>>;
  if (format !== SNAPSHOT_FORMAT)
    return no(`this is a file of the format ${String(format)}, not ${SNAPSHOT_FORMAT}; choose one that was saved here`);
  if (typeof version !== 'number' || version > SNAPSHOT_VERSION)
    return no(
      `this snapshot has version ${String(version)}, and version ${SNAPSHOT_VERSION} is the latest known here; open it with the newer page that made it`,
    );
  if (version < SNAPSHOT_VERSION)
    return no(`this snapshot has version ${version}, and ${SNAPSHOT_VERSION} is wanted; run its input log again and save it anew`);
  if (from !== program)
    return no(`this snapshot is of another lguest (${String(from)}, here runs ${program}); load it where the same chapters and edits are`);
  const missing = MEMBERS.filter((name) => !(name in snapshot));
  if (missing.length > 0 || !isWhole(machine)) return no('this snapshot is cut: parts of it are missing; fetch or save it again');
  if (machine.ramBytes !== ramBytes)
    return no(
      `this snapshot is of a machine with ${machine.ramBytes >> 20} MB, and this one has ${ramBytes >> 20}; start the Guest with the same amount of memory`,
    );
}

function isWhole(machine: unknown): machine is MachineSnapshot {
  if (typeof machine !== 'object' || machine === null) return false;
  const { ramBytes, state, pages, contents, translations } = machine as Partial<MachineSnapshot>;
  return (
    typeof ramBytes === 'number' &&
    state instanceof Uint8Array &&
    translations instanceof Uint32Array &&
    pages instanceof Uint32Array &&
    contents instanceof Uint8Array &&
    contents.length === pages.length * 4096
  );
}
