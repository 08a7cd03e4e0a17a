import type { WorldOptions } from '../options.ts';

/** What a chapter says of its live Guest (`scenes/<name>.json` in the chapter). */
export interface Scene {
  /** The chapter's path without folder `docs/` and ending: `host/page_tables`. */
  readonly chapter: string;
  /** Further chapters that show it, and whose code it is to execute as well: a long run serves them all. */
  readonly shows?: readonly string[];
  /** One line above the Guest. */
  readonly title: string;
  /** The assembly file of the Guest, from the top of the tangled tree: `guests/page_tables.S`. */
  readonly guest: string;
  /** Guest memory in megabytes. */
  readonly memory: number;
  /** There is no lguest: the image has the bare machine for itself, in ring 0, as `lguest-machine` runs it. It says what it writes to port 0xE9, and ends by HLT. */
  readonly bare?: boolean;
  /** Kernel arguments. */
  readonly args?: string;
  /** Options of the Launcher: `--verbose`. */
  readonly options?: readonly string[];
  /** Address the image is linked at, hexadecimal; from 0xc0000000 up it is loaded that much lower. Default 1 MB. */
  readonly base?: string;
  /** The image comes wrapped for the disk. Default: as an ELF file. */
  readonly wrap?: 'bzImage';
  /** The image is cut short, as by a broken download: only so many bytes of it are there. */
  readonly cut?: number;
  /** Further Guests on the same Host, each with a Launcher and a terminal (1, 2, …) of its own. What is left out is as for the first. */
  readonly launchers?: readonly SceneLauncher[];
  /** A disk outside of the world, at the path `disk`: the Launcher's option is `--block=disk`. */
  readonly disk?: SceneDisk;
  /** Files outside of the world, by their paths there, for the Launcher's `--initrd=`: one to build (`x.elf` from `x.S`, `x.cpio` from `x.json`), or lines of text. */
  readonly files?: Readonly<Record<string, string | readonly string[]>>;
  /** How many pages the Host has left when lguest is loaded: what is it like when memory runs out? Default: as many as everybody needs. */
  readonly hostPages?: number;
  /** The Host's profiler is at work: so many instructions are between two of its NMIs. Default: it is not. */
  readonly profile?: number;
  /** What is typed, in this order, when nobody is there to do so: in tests. */
  readonly keys?: readonly SceneKeys[];
  /** Panels to open at first. */
  readonly panels: readonly string[];
  /** An upper bound, in instructions, of a whole run: tests fail beyond it. */
  readonly instructions: number;
  /** What is printed, line by line; `…` stands for any lines or none. */
  readonly says: readonly string[];
  /** How the run ends: powered off (the default), killed with a reason, given up by the Launcher (a bad command, three ^C), never (waiting for input), or before it began, for want of a Host. */
  readonly ends?: 'power-off' | 'death' | 'given-up' | 'waits' | 'no-host';
  /** Counts that the chapter speaks of, by their way into the run's statistics: `{ "hiddenFaults": 2, "hypercalls.SET_PTE.ring": 3 }`. */
  readonly facts?: Readonly<Record<string, number>>;
  /** The same Guest under the book's program with patches, by their markers (`M:014`, or `M:003+M:014`): each is a scene of its own, named `scene.M-014`, with what is said here in place of the above. */
  readonly patches?: Readonly<Record<string, ScenePatch>>;
  /** Lines of its chapters that it does not execute, by a part of their text, with the reason; where a chapter is named, of that one only. */
  readonly uncovered?: readonly { readonly line: string; readonly because: string; readonly chapter?: string }[];
}

/** What is otherwise where patches are in. */
export type ScenePatch = Partial<Pick<Scene, 'title' | 'says' | 'ends' | 'facts' | 'instructions' | 'keys' | 'panels'>>;

/** The name of a scene with patches. */
export function patchedName(name: string, patches: string): string {
  return `${name}.${patches.replaceAll(':', '-')}`;
}

/** A further Guest of a scene. */
export interface SceneLauncher {
  readonly guest?: string;
  readonly memory?: number;
  readonly args?: string;
  readonly options?: readonly string[];
  readonly base?: string;
  readonly wrap?: 'bzImage';
  readonly cut?: number;
}

/** How an image is made: two Guests with the same share one. */
export type SceneImage = { readonly [Key in 'guest' | 'base' | 'wrap' | 'cut']: Scene[Key] };

/** A small disk: zeros, or formatted, but for what is said. */
export interface SceneDisk {
  /** Its size: a multiple of 512. */
  readonly bytes: number;
  /** Text by the number of the sector that it begins in; it is there in UTF-8. */
  readonly sectors?: Readonly<Record<string, string>>;
  /** It is formatted: an ext2 file system lies on it, with these files by path. `sectors` are written over it afterwards. */
  readonly ext2?: { readonly blockSize?: number; readonly revision?: 0 | 1; readonly files?: Readonly<Record<string, string>> };
  readonly readOnly?: boolean;
}

/** Something typed. */
export interface SceneKeys {
  /** At this count of instructions, or as soon as everybody waits for the outside, whichever is first; `waits`: only then. */
  readonly when: number | 'waits';
  /** Comes in UTF-8. Without it: nobody will type any more. */
  readonly text?: string;
  /** Which Guest's terminal. Default 0. */
  readonly tty?: number;
}

/** Where a scene's disk is. */
export const SCENE_DISK = 'disk';

/** A place of machine code in a chapter. */
export interface CodeLine {
  /** Guest-physical (or, for the Switcher and the Host's entry, image-relative) address. */
  readonly address: number;
  /** Bytes of the instruction or data. */
  readonly length: number;
  /** Index into the bundle's `sources`. */
  readonly source: number;
  /** Line in that chapter, from 1. */
  readonly line: number;
}

/** Four numbers a place: how far its address is from the one before, its length, its source, and how many lines further down it stands. A kernel has ten thousand places, and their names would be most of its scene. */
export function packLines(lines: readonly CodeLine[]): number[] {
  let before = { address: 0, line: 0 };
  return lines.flatMap((one) => {
    const packed = [one.address - before.address, one.length, one.source, one.line - before.line];
    before = one;
    return packed;
  });
}

/** What {@link packLines} has packed. */
export function unpackLines(packed: readonly number[]): CodeLine[] {
  const lines: CodeLine[] = [];
  let address = 0;
  let line = 0;
  for (let i = 0; i < packed.length; i += 4) {
    address += packed[i];
    line += packed[i + 3];
    lines.push({ address, length: packed[i + 1], source: packed[i + 2], line });
  }
  return lines;
}

/** A program that a scene's Guest may run, wherever its kernel loads it: a page of memory with the same bytes is a page of it. */
export interface SceneProgram {
  /** Headers, code and constants, from the beginning of a page on, base64. */
  readonly text: string;
  /** Three numbers an instruction: how far it is from the one before (the first, from the beginning), its index into `sources`, and how many lines further down in the chapter it stands. */
  readonly lines: readonly number[];
}

/** What the build makes of a scene: everything a page or a test needs to run it. */
export interface SceneBundle {
  readonly name: string;
  /** The markers of the patches that its program is to have, as the scene names them; none: the book's own. */
  readonly patches?: string;
  readonly scene: Scene;
  /** The Guest's file, base64: ELF, or as the scene's `wrap` says. */
  readonly image: string;
  /** Chapters that the Guest's code comes from. */
  readonly sources: readonly string[];
  /** Address to line, in address order, as {@link packLines} writes it. */
  readonly lines: readonly number[];
  /** The same for those of the further Guests that are not like the first; `sources` is everybody's. */
  readonly others?: readonly { readonly name: string; readonly image: string; readonly lines: readonly number[] }[];
  /** The scene's files, base64. */
  readonly files?: Readonly<Record<string, string>>;
  readonly programs?: readonly SceneProgram[];
}

/** A scene as it is kept: what is long, and the same in others, lies in files of its own. */
export type StoredScene = Partial<SceneBundle> & {
  /** Names of those files, by what is in them. */
  readonly parts?: Readonly<Record<string, string>>;
};

/** The scene, whole. @param part the contents of one of those files */
export async function wholeScene({ parts = {}, ...scene }: StoredScene, part: (file: string) => unknown): Promise<SceneBundle> {
  const found = await Promise.all(Object.entries(parts).map(async ([key, file]) => [key, await part(file)] as const));
  return { ...scene, ...Object.fromEntries(found) } as SceneBundle;
}

/** The name under which the image of Guest number `index` (0: the first) goes, and how it is made. */
export function imageOf({ name, scene }: Pick<SceneBundle, 'name' | 'scene'>, index: number): SceneImage & { name: string } {
  const { guest = scene.guest, base = scene.base, wrap = scene.wrap, cut = scene.cut } = scene.launchers?.[index - 1] ?? {};
  const first = guest === scene.guest && base === scene.base && wrap === scene.wrap && cut === scene.cut;
  return { name: first ? name : `${name}.${index}`, guest, base, wrap, cut };
}

/** The arguments of each of a scene's Launchers. */
export function sceneLaunchers(bundle: SceneBundle): string[][] {
  const { scene } = bundle;
  return [scene, ...(scene.launchers ?? [])].map((one, index) => {
    const args = one.args ?? scene.args;
    return [
      ...(one.options ?? scene.options ?? []),
      String(one.memory ?? scene.memory),
      imageOf(bundle, index).name,
      ...(args ? args.split(' ') : []),
    ];
  });
}

/** What a scene's world is made of. */
export function sceneOptions(
  bundle: SceneBundle,
): Pick<WorldOptions, 'argv' | 'launchers' | 'hostPages' | 'profile' | 'files' | 'disks' | 'code'> {
  const [argv, ...launchers] = sceneLaunchers(bundle);
  const images = new Map([
    ...Object.entries(bundle.files ?? {}),
    [bundle.name, bundle.image],
    ...(bundle.others ?? []).map(({ name, image }) => [name, image] as const),
  ]);
  const { disk, hostPages, profile } = bundle.scene;
  return {
    code: bundle,
    argv,
    launchers,
    hostPages,
    profile,
    files(path) {
      const image = images.get(path);
      return image === undefined ? undefined : Uint8Array.from(atob(image), (char) => char.charCodeAt(0));
    },
    disks: (path) => (disk && path === SCENE_DISK ? { length: disk.bytes, readOnly: disk.readOnly } : undefined),
  };
}
