// A server for the built site, which does as a static host does: folders have a page of their own, what is not there gets the site's 404.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import compression from 'compression';
import serveStatic from 'serve-static';
import { TOP } from './paths.mjs';

/** Names that carry a hash of their content, or lie in a folder that does, so that a browser may keep them for good. */
const HASHED = /[\\/]assets[\\/].*[.-][0-9a-f]{8,}\.\w+$|[\\/]live[\\/][0-9a-f]{16}[\\/]/;

/**
 * What answers requests for a folder of files, the way GitHub Pages does: `/a` leads to `/a/` where that is a folder, else to `a.html`.
 * @param {string} folder
 * @param {string} [base] the site's base URL: begins and ends with a slash
 * @returns {import('node:http').RequestListener}
 */
function siteListener(folder, base = '/') {
  // A range is a range of the file's own bytes: it goes out as it is.
  const compress = compression({
    filter: (request, response) => request.headers.range === undefined && compression.filter(request, response),
  });
  const files = serveStatic(folder, {
    extensions: ['html'],
    setHeaders(response, path) {
      response.setHeader('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response) => {
    compress(request, response, () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
        return;
      }
      const missing = (error) => answerMissing(folder, request, response, error);
      const inside = withoutBase(request.url ?? '/', base);
      if (inside === null) {
        if (request.url === '/') response.writeHead(302, { location: base }).end();
        else missing();
        return;
      }
      request.originalUrl = request.url;
      request.url = inside;
      files(request, response, missing);
    });
  };
}

/** A request's address below the base URL, or null where it is elsewhere. */
function withoutBase(url, base) {
  const [path] = url.split('?', 1);
  if (`${path}/` === base) return '/';
  return url.startsWith(base) ? url.slice(base.length - 1) : null;
}

function answerMissing(folder, request, response, error) {
  if (error !== undefined) {
    response
      .writeHead(error.statusCode ?? 500, { ...error.headers, 'content-type': 'text/plain; charset=UTF-8' })
      .end(`${error.message}\n`);
    return;
  }
  const page = createReadStream(join(folder, '404.html'));
  page.on('error', () => response.writeHead(404, { 'content-type': 'text/plain; charset=UTF-8' }).end('not found\n'));
  page.on('open', () => {
    response.writeHead(404, { 'content-type': 'text/html; charset=UTF-8', 'cache-control': 'no-cache' });
    if (request.method === 'HEAD') {
      page.destroy();
      response.end();
    } else page.pipe(response);
  });
}

/**
 * Serves a folder on this computer.
 * @param {string} folder
 * @param {{ port?: number, base?: string }} [options] port: 0 for any that is free
 * @returns {Promise<{ server: import('node:http').Server, url: string }>} the server, and the site's address
 */
export async function serve(folder, { port = 0, base = '/' } = {}) {
  const server = createServer(siteListener(folder, base));
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, url: `http://localhost:${server.address().port}${base}` };
}

/** Serves build/, under the base URL that it was built for. @param {number} [port] 0 for any */
export function serveSite(port = 0) {
  return serve(join(TOP, 'build'), { port, base: process.env.SITE_BASE_URL ?? '/' });
}
