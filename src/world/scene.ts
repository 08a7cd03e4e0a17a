/** What a chapter says of its live Guest (`scenes/<name>.json` in the chapter). */
export interface Scene {
  /** The chapter's path without folder `docs/` and ending: `host/page_tables`. */
  readonly chapter: string;
  /** One line above the Guest. */
  readonly title: string;
  /** The assembly file of the Guest, from the top of the tangled tree: `guests/page_tables.S`. */
  readonly guest: string;
  /** Guest memory in megabytes. */
  readonly memory: number;
  /** Kernel arguments. */
  readonly args?: string;
  /** Options of the Launcher: `--verbose`. */
  readonly options?: readonly string[];
  /** Address the image is linked at, hexadecimal; from 0xc0000000 up it is loaded that much lower. Default 1 MB. */
  readonly base?: string;
  /** Panels to open at first. */
  readonly panels: readonly string[];
  /** An upper bound, in instructions, of a whole run: tests fail beyond it. */
  readonly instructions: number;
  /** How the run ends: powered off (the default), killed with a reason, or never (waiting for input). */
  readonly ends?: 'power-off' | 'death' | 'waits';
  /** Lines of the chapter that its Guests do not execute, by a part of their text, with the reason. */
  readonly uncovered?: readonly { readonly line: string; readonly because: string }[];
}

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

/** What the build makes of a scene: everything a page or a test needs to run it. */
export interface SceneBundle {
  readonly name: string;
  readonly scene: Scene;
  /** The Guest's ELF file, base64. */
  readonly image: string;
  /** Chapters that the Guest's code comes from. */
  readonly sources: readonly string[];
  /** Address to line, in address order. */
  readonly lines: readonly CodeLine[];
}
