/**
 * The panels: a line for each. It is drawn by the component of the same name (`components.ts`), from what it watches: views of the world, each one pure function
 * (`src/world/views`), and streams. Scenes name the panels they open; the build refuses a name that is not here.
 */
import type { Sight } from '../protocol.ts';

interface PanelLine {
  /** Above the panel, and on its button. */
  readonly label: string;
  /** Other names for it in scenes. */
  readonly aliases?: readonly string[];
  readonly watches: readonly Sight[];
  /** Open where a scene names none. */
  readonly usual?: true;
}

/** In the order in which they are laid out. */
const TABLE = {
  terminal: { label: 'Terminal', watches: [], usual: true },
  registers: { label: 'Registers', watches: ['registers'], usual: true },
  here: { label: 'Next instruction', aliases: ['disassembly', 'source'], watches: ['next'], usual: true },
  breakpoints: { label: 'Breakpoints', aliases: ['stops', 'notes'], watches: [] },
  locals: { label: 'Variables', aliases: ['variables', 'stack'], watches: ['locals'] },
  callers: { label: 'Calls', aliases: ['calls', 'trace'], watches: ['callers'] },
  memory: { label: 'Memory', watches: ['memory'] },
  tables: { label: 'Page tables', aliases: ['page-tables', 'shadow'], watches: ['tables', 'registers', 'guests'] },
  segments: { label: 'Segments', aliases: ['gdt', 'descriptors'], watches: ['descriptors'] },
  gates: { label: 'Gates', aliases: ['idt', 'vectors'], watches: ['descriptors'] },
  lanes: { label: 'Who is running', aliases: ['who', 'running'], watches: ['lanes'], usual: true },
  rings: { label: 'Rings', watches: ['rings'] },
  events: { label: 'Events', watches: ['events'] },
  counters: { label: 'Counters', watches: ['counters'] },
} as const satisfies Readonly<Record<string, PanelLine>>;

export type PanelName = keyof typeof TABLE;

/** The table, by name. */
export const PANELS: Readonly<Record<PanelName, PanelLine>> = TABLE;

/** All of them, in their order. */
export const panelNames = Object.keys(PANELS) as readonly PanelName[];

/** The panel that a scene means, or undefined. */
export function panelOf(word: string): PanelName | undefined {
  return panelNames.find((name) => name === word || PANELS[name].aliases?.includes(word));
}

/** The panels that a scene opens, in their order; the usual ones where it names none. */
export function panelsOf(words: readonly string[]): readonly PanelName[] {
  return words.length === 0 ? panelNames.filter((name) => PANELS[name].usual) : panelsChosen(words);
}

/** The panels that somebody has chosen, in their order. None at all is a choice, too. */
export function panelsChosen(words: readonly string[]): readonly PanelName[] {
  const meant = new Set(words.map(panelOf));
  return panelNames.filter((name) => meant.has(name));
}

/** What is to be watched for them. */
export function sightsOf(names: readonly PanelName[]): readonly Sight[] {
  return [...new Set(names.flatMap((name) => PANELS[name].watches))];
}
