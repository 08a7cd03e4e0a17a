/** A world that was saved moves into the bay, and goes on. */
import { currentEdits } from '../page/edits.ts';
import type { Order } from '../page/session.ts';
import type { Breakpoint, Notes, Request } from '../protocol.ts';
import { headOfFile } from '../saved_file.ts';
import type { SavedHead } from '../saved_file.ts';
import { moveIn } from './move_in.ts';
import type { Grounds } from './move_in.ts';
import { ask, sameEdits } from './question.ts';

/** Where the site has what it takes. */
export interface LiveSite {
  /** Addresses: of the worker, of the folder of scenes, of the site's first page. */
  readonly worker: string;
  readonly scenes: string;
  readonly home: string;
}

/** What the bay had beside the world. */
interface PageState {
  /** The page where the Guest was booted, within the site. */
  readonly home: string;
  readonly panels: readonly string[];
  readonly breakpoints: readonly Breakpoint[];
  /** What was noted at the hits of lines. */
  readonly notes: readonly Notes[];
}

/** What the file is to say of the bay. */
export function pageState(state: PageState, site: Pick<LiveSite, 'home'>): SavedHead['page'] {
  return { ...state, home: state.home.startsWith(site.home) ? state.home.slice(site.home.length) : '' };
}

/** Opens a file. @param image its disk's, where that is not in the file */
export async function openWorld(file: File, site: LiveSite, image: Extract<Request, { type: 'open' }>['disk'] = null): Promise<void> {
  // What is none, the worker says as well, and the bay shows it.
  const head = await headOfFile(file).then(
    (read) => read.head,
    () => null,
  );
  const scene = head?.scene ?? null;
  if (head === null || scene === null) {
    show(head, file, { type: 'open', file, disk: image }, site);
    return;
  }
  const at = (path: string): string => new URL(path, window.location.href).href;
  const order = { type: 'load', url: at(`${site.scenes}${scene}.json`) } as const;
  const { edits, title } = head;
  if (Object.keys(edits).length === 0) show(head, file, { ...order, saved: file }, site, { plain: true });
  else if (sameEdits(edits, currentEdits())) show(head, file, { ...order, saved: file }, site);
  else
    ask({
      from: 'file',
      title,
      edits,
      answer: (what) => {
        if (what === 'run') show(head, file, { ...order, saved: file }, site, { foreign: edits, brought: 'file' });
        // Another program makes another run: it begins at its beginning.
        else if (what === 'book') show({ ...head, page: { ...head.page, notes: [] } }, file, order, site, { plain: true });
      },
    });
}

function show(head: SavedHead | null, file: File, order: Order, site: LiveSite, on: Grounds = {}): void {
  const { home, panels, breakpoints, notes }: Partial<PageState> = head?.page ?? {};
  moveIn({
    worker: new URL(site.worker, window.location.href).href,
    order,
    on,
    scene: head?.scene ?? null,
    title: head?.title ?? file.name,
    home: `${site.home}${home ?? 'boot'}`,
    ...(panels && { panels }),
    ...(breakpoints && { breakpoints }),
    ...(notes && { notes }),
  });
}
