/**
 * A worker for code that came from somebody else. It lives in a frame with an origin of its own that nobody shares, under a policy that lets it fetch nothing: it has no
 * network, no storage, no page. Whatever it needs is fetched here, and brought along as text; of what it says, only what a Guest of a chapter can have to say is heard.
 *
 * The frame is sandboxed (HTML Standard, 4.8.5, `sandbox` without `allow-same-origin`), and blob workers inherit its Content-Security-Policy (CSP 3, 4.2.1).
 */
import type { StoredScene } from '#world';
import type { Report, Request } from '../protocol.ts';
import { stackAt } from '../stacks.ts';
import { FRAME_SCRIPT } from './quarantine_frame.ts';
import type { Workplace } from './workplace.ts';

/** What lies beside the worker and is brought along, whatever the scene. */
const PROGRAMS = ['base.js', 'lguest.js', 'lguest.debug.js', 'weave.js', 'book.json'];

/** What a Guest of a chapter can have to say. The others offer files to be saved, or speak of disks and kernels that it does not have. */
const HEARD: ReadonlySet<unknown> = new Set([
  'loaded',
  'failed',
  'refused',
  'searching',
  'fresh',
  'overview',
  'notes',
  'written',
  'found',
  'span',
  'kept',
  'looked',
  'progress',
  'alive',
] satisfies Report['type'][]);

/** A worker of ours says a hundred things a second at most; who says more than this wants to drown the page. */
const MOST_A_SECOND = 2000;

/** Such a worker for a scene. */
export class Quarantine implements Workplace {
  onmessage: Workplace['onmessage'] = null;
  onerror: Workplace['onerror'] = null;
  readonly #frame = document.createElement('iframe');
  readonly #channel = new MessageChannel();
  #second = 0;
  #said = 0;
  #ended = false;

  /**
   * @param worker address of the worker's script
   * @param scene address of the scene; it need not load any other
   */
  constructor(worker: string, scene: string) {
    const { port1 } = this.#channel;
    port1.onmessage = (message: MessageEvent) => this.#hear(message);
    this.#frame.hidden = true;
    this.#frame.title = 'Where code from a link runs';
    this.#frame.setAttribute('sandbox', 'allow-scripts');
    this.#open(worker, scene).catch((error: unknown) => this.#fail(error instanceof Error ? error.message : String(error)));
  }

  postMessage(request: Request): void {
    this.#channel.port1.postMessage(request);
  }

  /** Nobody comes after somebody else's code. */
  leave(): void {
    this.terminate();
  }

  terminate(): void {
    this.#ended = true;
    this.#frame.remove();
    this.#channel.port1.close();
  }

  async #open(worker: string, scene: string): Promise<void> {
    const files = await bring(worker, scene);
    if (this.#ended) return;
    const nonce = crypto.randomUUID();
    const policy = `default-src 'none'; script-src 'nonce-${nonce}' blob: 'wasm-unsafe-eval' 'unsafe-eval'; worker-src blob:; connect-src blob:`;
    this.#frame.srcdoc = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>-</title><script nonce="${nonce}">${FRAME_SCRIPT}</script>`;
    this.#frame.onload = () => this.#frame.contentWindow?.postMessage({ home: worker, files }, '*', [this.#channel.port2]);
    document.body.append(this.#frame);
  }

  #hear(message: MessageEvent): void {
    if (this.#ended) return;
    // Whatever somebody's code thought of.
    const data = message.data as { readonly type?: unknown; readonly message?: unknown } | null | undefined;
    const second = Math.floor(performance.now() / 1000);
    this.#said = second === this.#second ? this.#said + 1 : 1;
    this.#second = second;
    if (this.#said > MOST_A_SECOND) this.#fail('it says so much that nobody can listen');
    else if (data?.type === 'broken') this.#fail(String(data.message));
    else if (HEARD.has(data?.type)) {
      try {
        this.onmessage?.(message as MessageEvent<Report>);
      } catch {
        this.#fail('it says what makes no sense');
      }
    }
  }

  #fail(message: string): void {
    if (this.#ended) return;
    this.terminate();
    this.onerror?.(new ErrorEvent('error', { message }));
  }
}

/** Fetches all that the worker will want, by its address. */
async function bring(worker: string, scene: string): Promise<Record<string, string>> {
  const get = async (url: string): Promise<string> => {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${new URL(url).pathname} is not there (${answer.status})`);
    return answer.text();
  };
  const stack = stackAt(scene);
  const from = stack?.url ?? scene;
  const text = await get(from);
  const { patches, parts = {} } = JSON.parse(text) as StoredScene;
  const variant = patches?.replaceAll(':', '-');
  const beside = [...PROGRAMS, ...(variant === undefined ? [] : [`lguest.${variant}.js`, `lguest.${variant}.debug.js`])];
  const urls = [
    worker,
    ...beside.map((file) => new URL(file, worker).href),
    ...Object.values(parts).map((file) => new URL(`../parts/${file}`, scene).href),
  ];
  const texts = await Promise.all(urls.map(get));
  return Object.fromEntries([[from, text], ...urls.map((url, n) => [url, texts[n]] as const)]);
}
