/** The first line of a saved world: what it is, and whether it can be opened here. It can be read without the rest. */
import type { Place } from '../timeline/place.ts';

export const SAVED_FORMAT = 'lguest-live/saved-world';
export const SAVED_VERSION = 1;
/** The file's name ends so. */
export const SAVED_SUFFIX = '.lguest';
/** The first line has not more characters. */
export const LONGEST_HEAD = 4_000_000;

/** A disk of the world. */
export interface SavedDisk {
  readonly path: string;
  /** What its owner calls it. */
  readonly name: string;
  /** Bytes. */
  readonly length: number;
  readonly readOnly: boolean;
  /** All of it is in the file; else only what was written, and the image has to be brought along. */
  readonly whole: boolean;
}

/** What the file says of itself in its first line. */
export interface SavedHead {
  readonly format: typeof SAVED_FORMAT;
  readonly version: number;
  /** A short text that differs between two lguests whose code differs. */
  readonly program: string;
  readonly title: string;
  /** Where in its run the world is; and whether it is in the middle of what the Host does there. */
  readonly where: Place;
  readonly midway: boolean;
  /** The chapter's scene whose world it is; null: a Guest that somebody brought. */
  readonly scene: string | null;
  /** The patches that its lguest has; none: null. */
  readonly patches: string | null;
  /** The chunks that are not as in the book, by their markers. */
  readonly edits: Readonly<Record<string, string>>;
  readonly disks: readonly SavedDisk[];
  /** What the page had beside it: its own affair. */
  readonly page: Readonly<Record<string, unknown>>;
}

/** A file that cannot be opened; the message says what to do. */
export class SavedMisfit extends Error {
  override readonly name = 'SavedMisfit';
}

/**
 * Reads the first line.
 * @param line without its end
 * @throws SavedMisfit
 */
export function readHead(line: string): SavedHead {
  let head: Partial<Record<keyof SavedHead, unknown>>;
  try {
    head = Object(JSON.parse(line)) as typeof head;
  } catch {
    head = {};
  }
  if (head.format !== SAVED_FORMAT) throw new SavedMisfit('this is no saved run; choose a file that “Save this run” or --save has written');
  const { version } = head;
  if (typeof version !== 'number' || version > SAVED_VERSION)
    throw new SavedMisfit(
      `this run was saved in version ${String(version)} of the format, and ${SAVED_VERSION} is the latest known here; open it with the newer lguest that saved it`,
    );
  if (!isWhole(head)) throw new SavedMisfit('this saved run is damaged: its first line is not whole; save or fetch it again');
  return head as SavedHead;
}

type Raw = Partial<Record<string, unknown>>;
const raw = (value: unknown): Raw => Object(value) as Raw;
const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isWhole(head: Raw): boolean {
  const { program, title, where, midway, scene, patches, edits, disks, page } = head;
  const { at, step, time, line } = raw(where);
  return (
    [program, title].every(isText) &&
    [at, step, time, line].every(isCount) &&
    typeof midway === 'boolean' &&
    (scene === null || (isText(scene) && /^[\w.+-]+$/.test(scene as string))) &&
    (patches === null || isText(patches)) &&
    Object.entries(raw(edits)).every(([chunk, text]) => /^[A-Z]:\d{3}[\w.-]*$/.test(chunk) && isText(text)) &&
    Array.isArray(disks) &&
    disks.map(raw).every((disk) => isText(disk.path) && isText(disk.name) && isCount(disk.length) && typeof disk.whole === 'boolean') &&
    typeof page === 'object' &&
    page !== null
  );
}
