/**
 * What a reader can tell a live Guest to do. One table for keys, buttons and the box that explains them; one function that says what each command asks of the worker.
 */
import type { Breakpoint, Place, Request, RunPlace, Stride, Value } from '../protocol.ts';
import type { Pace } from './pace.ts';
import { hasEnded, isAway } from './state.ts';
import type { SessionView } from './state.ts';

/** Commands that need nothing beside their name. */
export type CommandName = ActionName | 'play' | 'save-disk' | 'discard-disk' | 'retry';

/** Those that have keys. */
export type ActionName =
  | 'toggle'
  | 'step'
  | 'back'
  | 'over'
  | 'over-before'
  | 'out'
  | 'out-before'
  | 'instruction'
  | 'instruction-before'
  | 'event'
  | 'event-before'
  | 'chunk'
  | 'chunk-before'
  | 'stop-before'
  | 'reset';

/** Something a reader wants. */
export type Command =
  | { readonly type: CommandName }
  /** To just before a line runs: the next time, or the last time before. */
  | { readonly type: 'line'; readonly place: Place; readonly backwards: boolean }
  /** Back to what happened at an instruction of the past. */
  | { readonly type: 'go'; readonly at: number }
  /** To an instruction of the run, as far as it ever was. */
  | { readonly type: 'to'; readonly at: number }
  /** To a very place. */
  | { readonly type: 'to-exact'; readonly where: RunPlace; readonly midway: boolean }
  /** Runs are to stop at these, and at no others. */
  | { readonly type: 'breakpoints'; readonly breakpoints: readonly Breakpoint[] }
  /** To the next time that a breakpoint is met, or the last time before. */
  | { readonly type: 'to-breakpoint'; readonly id: number; readonly backwards: boolean }
  /** Evaluate a line's expression at all its hits. */
  | { readonly type: 'note'; readonly id: number }
  /** Look through the events of the whole run. */
  | { readonly type: 'find'; readonly text: string; readonly kinds: readonly string[] }
  /** Who had the processor there? Nothing moves. */
  | { readonly type: 'span'; readonly from: number; readonly to: number }
  /** Who wrote this last? Nothing moves. */
  | { readonly type: 'who'; readonly value: Value; readonly patient: boolean }
  | { readonly type: 'pace'; readonly pace: Pace }
  /** Typed at a terminal. */
  | { readonly type: 'type'; readonly text: string; readonly tty: number };

/** A command that has a button and keys. */
export interface Action {
  readonly command: ActionName;
  /** The first is the one that is told. */
  readonly keys: readonly [string, ...string[]];
  /** On its button. */
  readonly label: string;
  /** What it does, in words. */
  readonly does: string;
  /** Only a world that has not ended can do it. */
  readonly forwards: boolean;
  /** It has no button among the controls, only in the box that explains them. */
  readonly rare?: true;
}

/** The steps, and how each goes. */
const STRIDES: Readonly<Partial<Record<ActionName, readonly [stride: Stride, backwards: boolean]>>> = {
  step: ['into', false],
  back: ['into', true],
  over: ['over', false],
  'over-before': ['over', true],
  out: ['out', false],
  'out-before': ['out', true],
  chunk: ['chunk', false],
  'chunk-before': ['chunk', true],
};

/** In the order of their buttons. */
export const ACTIONS: readonly Action[] = [
  { command: 'toggle', keys: ['p', 'r'], label: 'Run', does: 'run or pause', forwards: false },
  { command: 'event-before', keys: ['N'], label: 'Event before', does: 'back to the event before', forwards: false },
  {
    command: 'back',
    keys: ['b'],
    label: 'Back',
    does: 'one step back: an instruction, or a line of the Host or Launcher',
    forwards: false,
  },
  { command: 'step', keys: ['s'], label: 'Step', does: 'one step: an instruction, or a line of the Host or Launcher', forwards: true },
  { command: 'over-before', keys: ['O'], label: 'Over, back', does: 'back over what was called', forwards: false, rare: true },
  { command: 'over', keys: ['o'], label: 'Over', does: 'one step, over whatever is called or trapped into', forwards: true },
  { command: 'out-before', keys: ['U'], label: 'Out, back', does: 'back to where this was called', forwards: false, rare: true },
  {
    command: 'out',
    keys: ['u'],
    label: 'Out',
    does: 'out, to whoever called',
    forwards: true,
  },
  { command: 'event', keys: ['n'], label: 'Event', does: 'on to the next event', forwards: true },
  { command: 'chunk-before', keys: ['C'], label: 'Chunk before', does: 'back to another block of code', forwards: false, rare: true },
  { command: 'chunk', keys: ['c'], label: 'Chunk', does: 'on to another block of code', forwards: true, rare: true },
  {
    command: 'instruction-before',
    keys: ['I'],
    label: 'Instruction, back',
    does: 'one instruction of the processor’s back',
    forwards: false,
    rare: true,
  },
  {
    command: 'instruction',
    keys: ['i'],
    label: 'Instruction',
    does: 'one instruction of the processor, with all that the Host does meanwhile',
    forwards: true,
    rare: true,
  },
  {
    command: 'stop-before',
    keys: ['R'],
    label: 'Breakpoint before',
    does: 'back to the last time that a breakpoint was met',
    forwards: false,
    rare: true,
  },
  { command: 'reset', keys: ['0'], label: 'Reset', does: 'to before the first instruction', forwards: false },
];

/** Chooses a line of code to go to. */
export const LINE_KEY = 'l';

/** Shows or hides the box that explains all this. */
export const HELP_KEY = '?';

/** What is done by other means than a key in the frame. */
export const GESTURES: readonly (readonly [how: string, does: string])[] = [
  [
    LINE_KEY,
    'choose a line of code, and another with ↑ and ↓; Enter runs to it, ⇧ Enter goes back to when it last ran, a full stop makes all runs stop there',
  ],
  ['click', 'left of a line of code: all runs stop there; another click, or a tap on the line, offers the rest'],
  ['Alt-click', 'on a line: run to it; with ⇧ back to when it last ran'],
  ['events', 'click one, or a stretch of the lanes: back to it; by keyboard the arrows choose, Enter goes'],
  [
    'a value',
    'of registers, memory, page tables, segments, gates or rings: point at it, or choose it by the arrows, to see who wrote it last; a click goes there',
  ],
  ['lanes', 'true to scale: Ctrl and the wheel, two fingers, + and − go closer and farther; drag, or the arrows; Enter goes there'],
  [
    'a file',
    'the disk in the bay’s head saves this run, with its place and all that came from outside; opened, or dropped on any page, it goes on there, and back as well',
  ],
  ['Esc, Tab', 'out of the terminal'],
];

/** The action of a key, if it has one. */
export function actionOf(key: string): Action | undefined {
  return ACTIONS.find(({ keys }) => keys.includes(key));
}

/** Whether a Guest that stands so can do it. */
export function canDo({ forwards }: Action, view: Pick<SessionView, 'phase'>): boolean {
  return !isAway(view) && !(forwards && hasEnded(view));
}

/** What a command asks of the worker, and what changes at once in what is shown. */
export interface Obeyed {
  readonly requests: readonly Request[];
  readonly view: SessionView;
}

/** Says what a command means for a Guest that stands so. `retry` is the session's own affair. */
export function obey(command: Command, view: SessionView): Obeyed {
  if ((view.phase === 'asleep' || view.phase === 'failed') && command.type !== 'pace' && command.type !== 'breakpoints')
    return { requests: [], view };
  // A key is pressed whether or not its button can be.
  if (hasEnded(view) && ACTIONS.some((action) => action.forwards && action.command === command.type)) return { requests: [], view };
  switch (command.type) {
    case 'toggle':
      return view.phase === 'running' ? { requests: [{ type: 'pause' }], view } : run(view);
    case 'instruction':
      return byHand(view, [{ type: 'step', instructions: 1 }]);
    case 'instruction-before':
      return byHand(search(view, 'back'), [{ type: 'back', instructions: 1 }]);
    case 'step':
    case 'back':
    case 'over':
    case 'over-before':
    case 'out':
    case 'out-before':
    case 'chunk':
    case 'chunk-before': {
      const [stride, backwards] = STRIDES[command.type] ?? ['into', false];
      return byHand(search(view, backwards ? 'back' : 'step'), [{ type: 'stride', stride, backwards }]);
    }
    case 'event':
      return byHand(search(view, 'event'), [{ type: 'event' }]);
    case 'event-before':
      return byHand(search(view, 'event-before'), [{ type: 'back-to-event' }]);
    case 'line': {
      const { place, backwards } = command;
      return byHand(search(view, backwards ? 'line-before' : 'line'), [{ type: 'line', place, backwards }]);
    }
    case 'go':
      return byHand(search(view, 'moment'), [{ type: 'to-place', at: command.at }]);
    case 'to':
      return byHand(search(view, 'moment'), [{ type: 'to-place', at: command.at }]);
    case 'stop-before':
      return byHand(search(view, 'stop-before'), [{ type: 'to-breakpoint', id: null, backwards: true }]);
    case 'to-breakpoint': {
      const { id, backwards } = command;
      return byHand(search(view, backwards ? 'stop-before' : 'stop'), [{ type: 'to-breakpoint', id, backwards }]);
    }
    case 'breakpoints':
      return stopAt(view, command.breakpoints);
    case 'note':
      return byHand(search(view, 'notes'), [{ type: 'note', id: command.id }]);
    case 'find':
      return byHand(search(view, 'events'), [command]);
    case 'span':
      return { requests: isAway(view) || view.phase === 'running' ? [] : [command], view };
    case 'who':
      if (isAway(view) || view.phase === 'running') return { requests: [], view };
      return { requests: [command], view: { ...view, asked: command.value, written: null } };
    case 'to-exact':
      return byHand(search(view, 'moment'), [{ type: 'to-exact', where: command.where, midway: command.midway }]);
    case 'reset':
      return { requests: [{ type: 'reset' }], view: { ...view, eager: false } };
    case 'play':
      return { requests: [{ type: 'play' }], view: { ...view, typist: false } };
    case 'save-disk':
      return { requests: [{ type: 'merge' }], view };
    case 'discard-disk':
      return { requests: [{ type: 'discard' }], view: { ...view, eager: false } };
    case 'pace':
      return { requests: [], view: { ...view, pace: command.pace } };
    case 'type':
      return { requests: [{ type: 'input', tty: command.tty, bytes: [...new TextEncoder().encode(command.text)] }], view };
    case 'retry':
      return { requests: [], view };
  }
}

/** What has ended begins anew; what is not there yet runs when it is. */
function run(view: SessionView): Obeyed {
  if (hasEnded(view)) return { requests: [{ type: 'reset' }], view: { ...view, eager: true } };
  if (view.phase === 'loading') return { requests: [], view: { ...view, eager: true } };
  return { requests: [{ type: 'run', pace: view.rate }], view: { ...view, phase: 'running', stepped: [], eager: false, byHand: false } };
}

/** What was noted goes with its line: another may get the same number. */
function stopAt(view: SessionView, breakpoints: readonly Breakpoint[]): Obeyed {
  const notes = Object.fromEntries(breakpoints.flatMap(({ id }) => (id in view.notes ? [[id, view.notes[id]]] : [])));
  return { requests: [{ type: 'breakpoints', breakpoints }], view: { ...view, breakpoints, notes } };
}

function search(view: SessionView, what: SessionView['search']): SessionView {
  return isAway(view) ? view : { ...view, search: what, searchedFrom: view.instructions };
}

/** What moves by hand no longer runs by itself. */
function byHand(view: SessionView, requests: readonly Request[]): Obeyed {
  return { requests, view: { ...view, eager: false, byHand: requests.some(({ type }) => type === 'stride' || type === 'to-exact') } };
}
