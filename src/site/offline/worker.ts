/**
 * Keeps the whole site for readers who asked for it. One edition at a time: a page that is open goes on with the edition that it began with, and a newer one, which
 * was fetched meanwhile (only what differs), comes when the last page of the old one is closed.
 */
import { matchPrecache, precacheAndRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';

/** A file, and the hash of what is in it. */
interface Entry {
  readonly url: string;
  readonly revision: string;
}

/** As much of a service worker as is needed here: the project's types are those of a page. */
interface WorkerScope {
  readonly registration: { readonly active: unknown };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(done: Promise<unknown>): void }) => void): void;
}

/** The build puts the list of all files here. */
declare const EDITION: Entry[];

const scope = globalThis as unknown as WorkerScope;

/** Nobody has kept an edition before, so the open pages cannot be of another. One for all: a worker is installed once. */
let isFirst = false;
scope.addEventListener('install', () => {
  isFirst = scope.registration.active === null;
});
scope.addEventListener('activate', (event) => {
  if (isFirst) event.waitUntil(scope.clients.claim());
});

precacheAndRoute(EDITION, {
  // An address may hold a moment of a run: it is the same page.
  ignoreURLParametersMatching: [/./],
  directoryIndex: 'index.html',
  cleanURLs: false,
  // A folder's page, asked for without its slash.
  urlManipulation: ({ url }) => [new URL(`${url.pathname}/index.html`, url)],
});

// A page that there is not: whoever is offline hears it from the site, not from the browser.
registerRoute(
  ({ request }) => request.mode === 'navigate',
  async ({ request }) => {
    try {
      return await fetch(request);
    } catch {
      return (await matchPrecache('404.html')) ?? Response.error();
    }
  },
);
