/** Steps by more than one line or instruction, both ways: over what is called, out of it, to another chunk. */
import type { Hit, LinePosition } from '#world';
import type { ChunkRange, Stride } from '../protocol.ts';
import type { Runnable } from './runnable.ts';
import type { Runner } from './runner.ts';

/** Instructions that come back to behind themselves. */
const COMES_BACK = /^(?:call|rep|int)/;
/** Instructions beyond a stop at the Switcher's last one: with it, the Guest has the processor. */
const INTO_GUEST = 1;

const NO_CALLER = 'The stack does not tell who called this.';

/** How a step goes. */
export interface StepOptions {
  readonly stride: Stride;
  readonly backwards: boolean;
  /** The chunk of the line where it stands, if it is of one. */
  readonly chunk: ChunkRange | null;
  /** What is to be told when what was shown is void. */
  readonly fresh: () => void;
}

/** Makes a step. */
export function takeStep(runner: Runner, { stride, backwards, chunk, fresh }: StepOptions): void {
  const { world } = runner;
  if (stride === 'chunk') {
    const lines = linesElsewhere(world, chunk);
    if (backwards) runner.travel((journeys) => journeys.toStepBefore(() => true, lines), 'Nothing else has run before.', fresh);
    else runner.search({ lines, debug: true }, fresh);
  } else if (stride === 'into') {
    if (backwards) runner.travel((journeys) => journeys.toStepBefore(null), 'This is where it began.', fresh);
    else runner.advance(fresh);
  } else if (backwards) {
    stepBack(runner, stride, fresh);
  } else {
    stepOn(runner, stride, fresh);
  }
}

function stepOn(runner: Runner, stride: 'over' | 'out', fresh: () => void): void {
  const { world } = runner;
  const depth = depthOf(world);
  if (world.midway !== null) {
    if (depth === 0) runner.advance(fresh);
    else runner.search({ where: (_, deep) => (stride === 'over' ? deep <= depth : deep < Math.max(2, depth)), debug: true }, fresh);
    return;
  }
  const { entry } = world.codeFacts();
  const back = entry === null ? [] : [entry];
  if (!inGuest(world)) {
    if (stride === 'over') runner.advance(fresh);
    else runner.search({ where: () => true, addresses: back, debug: true }, fresh, undefined, INTO_GUEST);
    return;
  }
  if (stride === 'out') {
    outOfGuest(runner, fresh);
    return;
  }
  const [next, behind] = world.look(['next']).next?.code ?? [];
  if (behind !== undefined && COMES_BACK.test(next.text)) {
    runner.search({ addresses: [behind.address] }, fresh);
    return;
  }
  runner.step(1);
  if (!inGuest(world) && !runner.running) runner.search({ addresses: back }, fresh, undefined, INTO_GUEST);
}

function stepBack(runner: Runner, stride: 'over' | 'out', fresh: () => void): void {
  const { world } = runner;
  const depth = depthOf(world);
  const isLine = (hit: Hit): boolean => hit.by === 'line';
  if (world.midway === null && stride === 'over' && inGuest(world)) {
    runner.travel((journeys) => journeys.toGuestBefore(() => inGuest(world)), 'No Guest has run before.', fresh);
  } else if (world.midway === null && stride === 'out' && inGuest(world)) {
    backToCall(runner, fresh);
  } else if (stride === 'out' || (world.midway !== null && depth > 0)) {
    const least = stride === 'over' ? depth : Math.max(1, depth - 1);
    const counts = world.midway === null ? isLine : (hit: Hit) => hit.by === 'line' && hit.depth <= least;
    runner.travel((journeys) => journeys.toStepBefore(counts), 'This is where it began.', fresh);
  } else {
    runner.travel((journeys) => journeys.toStepBefore(null), 'This is where it began.', fresh);
  }
}

/** Out of the Guest's routine, to behind the call that led here, or to where a trap came. */
function outOfGuest(runner: Runner, fresh: () => void): void {
  const { world } = runner;
  const [caller] = world.look(['callers']).callers ?? [];
  if (caller === undefined) {
    runner.report(0, false, NO_CALLER);
    return;
  }
  // The same routine may be called again meanwhile, from the same place: that one returns with more on the stack.
  const accepts = (): boolean => caller.call === null || stackOf(world) > caller.slot;
  runner.search({ addresses: [caller.address], accepts }, fresh);
}

/** Back to the call that led here, or to what a trap interrupted. */
function backToCall(runner: Runner, fresh: () => void): void {
  const { world } = runner;
  const [caller] = world.look(['callers']).callers ?? [];
  const counts = (): boolean => caller.call === null || stackOf(world) === caller.slot + 4;
  runner.travel(
    function* (journeys) {
      if (caller === undefined) return false;
      return (yield* journeys.toHitBefore({ addresses: [caller.call ?? caller.address] }, counts)) !== null;
    },
    NO_CALLER,
    fresh,
  );
}

function stackOf(world: Runnable): number {
  return world.look(['registers']).registers?.esp ?? 0;
}

/** How many functions have been called and have not returned; 0 where nothing is known of them. */
function depthOf(world: Runnable): number {
  return world.look(['locals']).locals?.length ?? 0;
}

function inGuest(world: Runnable): boolean {
  return world.worldName === 'guest-kernel' || world.worldName === 'guest-user';
}

/** All lines but those of a chunk. */
function linesElsewhere(world: Runnable, chunk: ChunkRange | null): LinePosition[] {
  return world.codeFacts().lines.filter(({ source, line }) => chunk?.source !== source || line < chunk.from || line > chunk.to);
}
