/**
 * What the frame of a quarantine does, and the worker in it: the worker makes of the texts that it is sent files of its own, and begins with its script; the frame hands on
 * what it and the page say to each other. As text, since it goes into a page of its own. (The worker makes its files itself: others' are none of its origin, not even the frame's.)
 */
import { BROUGHT } from '../worker/brought.ts';

/** Scripts import the base by a name that means nothing where they have no address; it is given its own. */
const WORKER_SCRIPT = `
'use strict';
onmessage = ({ data: { home, files } }) => {
  onmessage = null;
  const put = (text, type) => URL.createObjectURL(new Blob([text], { type }));
  const baseUrl = new URL('base.js', home).href;
  const base = put(files[baseUrl], 'text/javascript');
  const script = (text) => put(text.replace(/(["'])\\.\\/base\\.js\\1/g, JSON.stringify(base)), 'text/javascript');
  const found = {};
  for (const [url, text] of Object.entries(files))
    if (url !== home) found[url] = url === baseUrl ? base : url.endsWith('.js') ? script(text) : put(text, 'application/json');
  globalThis[${JSON.stringify(BROUGHT)}] = { home, files: found };
  import(script(files[home])).then(
    () => postMessage({ type: 'here' }),
    ({ message }) => postMessage({ type: 'broken', message }),
  );
};
`;

/** The frame's script. */
export const FRAME_SCRIPT = `
'use strict';
addEventListener('message', ({ data, ports: [port] }) => {
  const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(WORKER_SCRIPT)}], { type: 'text/javascript' })));
  const broken = (message) => port.postMessage({ type: 'broken', message: message || 'its processor could not be started' });
  worker.onerror = (event) => broken(event.message);
  worker.onmessage = ({ data: { type, message } }) => {
    if (type === 'broken') return broken(message);
    worker.onmessage = ({ data }) => port.postMessage(data);
    port.onmessage = ({ data }) => worker.postMessage(data);
  };
  worker.postMessage(data);
}, { once: true });
`;
