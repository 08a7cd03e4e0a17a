/** The page's side of reading offline: asks for the site to be kept, and says how that stands. */
import { useEffect, useState } from 'react';

/** Where the build puts the worker, below the site's address. */
export const OFFLINE_FILE = 'offline.js';

/** How it stands. `newer`: another edition waits until all pages of this one are closed. */
export type Keeping = 'asking' | 'impossible' | 'no' | 'fetching' | 'failed' | 'kept' | 'newer';

/** How it stands, and what can be done. @param url the worker's address @param scope the site's */
export function useKeeping(
  url: string,
  scope: string,
): { readonly state: Keeping; readonly keep: () => void; readonly forget: () => void } {
  const [state, set] = useState<Keeping>('asking');
  useEffect(() => {
    if (!('serviceWorker' in navigator)) {
      set('impossible');
      return;
    }
    void navigator.serviceWorker.getRegistration(scope).then((found) => {
      if (found === undefined) set('no');
      else follow(found, set);
    });
  }, [scope]);
  const keep = (): void => {
    set('fetching');
    navigator.serviceWorker.register(url, { scope }).then(
      (registration) => follow(registration, set),
      () => set('failed'),
    );
  };
  const forget = (): void => {
    void navigator.serviceWorker
      .getRegistration(scope)
      .then((found) => found?.unregister())
      .then(async () => {
        for (const name of await caches.keys()) if (name.startsWith('workbox-precache')) await caches.delete(name);
        set('no');
      });
  };
  return { state, keep, forget };
}

function follow(registration: ServiceWorkerRegistration, set: (state: Keeping) => void): void {
  const { installing, waiting, active } = registration;
  if (installing !== null) {
    set('fetching');
    installing.addEventListener('statechange', () => {
      if (installing.state === 'redundant') set(registration.active === null ? 'failed' : 'kept');
      else follow(registration, set);
    });
  } else if (waiting !== null && active !== null) set('newer');
  else if (active?.state === 'activated') set('kept');
  else if (active !== null) active.addEventListener('statechange', () => follow(registration, set));
  else if (waiting !== null) waiting.addEventListener('statechange', () => follow(registration, set));
}
