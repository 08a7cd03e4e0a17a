/** The page's worker: holds one world and does what the page asks. Bundled on its own. */
import { World } from '#world';
import type { SceneBundle } from '#world';
import type { Report, Request } from './protocol.ts';
import { Runner } from './runner.ts';

/** The part of a worker's global scope used here; the DOM's types do not know it. */
interface WorkerScope {
  postMessage(report: Report): void;
  onmessage: ((message: { data: Request }) => void) | null;
}

const scope = globalThis as unknown as WorkerScope;
const channel = new MessageChannel();
const clock = (): number => performance.now();

let bundle: SceneBundle | null = null;
let runner: Runner | null = null;
let latestPlan = 0;

const send = (report: Report): void => scope.postMessage(report);

/** Puts the next slice behind whatever requests have come in the meantime; a slice planned before is void. */
function schedule(wait: number): void {
  const plan = ++latestPlan;
  if (wait > 0) setTimeout(turn, wait, plan);
  else channel.port2.postMessage(plan);
}

function turn(plan: number): void {
  if (plan !== latestPlan || runner === null || !runner.running) return;
  guarded(() => {
    const wait = runner?.slice(clock) ?? 0;
    if (runner?.running) schedule(wait);
  });
}

channel.port1.onmessage = ({ data }) => turn(data as number);

/** A fault of ours must be seen, not swallowed by the worker. */
function guarded(action: () => void): void {
  try {
    action();
  } catch (error) {
    runner = null;
    send({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function build(scene: SceneBundle): void {
  runner = new Runner((onEvent, replay) => World.fromScene(scene, { onEvent, replay, keepEvents: false }), send);
  send({ type: 'fresh' });
  runner.report();
}

async function load(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) {
    send({ type: 'failed', message: `the scene is not there (${response.status})` });
    return;
  }
  const scene = (await response.json()) as SceneBundle;
  bundle = scene;
  guarded(() => {
    send({ type: 'loaded', title: scene.scene.title, panels: scene.scene.panels, ends: scene.scene.ends ?? 'power-off' });
    build(scene);
  });
}

scope.onmessage = ({ data }) => {
  if (data.type === 'load') {
    void load(data.url).catch((error: unknown) => send({ type: 'failed', message: error instanceof Error ? error.message : String(error) }));
    return;
  }
  guarded(() => {
    switch (data.type) {
      case 'run': runner?.start(data.pace, clock()); break;
      case 'pause': runner?.pause(); break;
      case 'step': runner?.step(data.instructions); break;
      case 'event': runner?.stepToEvent(); break;
      case 'back': runner?.back(data.instructions, () => send({ type: 'fresh' })); break;
      case 'back-to-event': runner?.backToEvent(() => send({ type: 'fresh' })); break;
      case 'input': runner?.input({ kind: 'keys', tty: data.tty, bytes: Uint8Array.from(data.bytes) }, clock()); break;
      case 'reset': if (bundle !== null) build(bundle); break;
    }
    if (runner?.running) schedule(0);
  });
};
