/** In Chromium: where a throw in an extracted routine happens, by the map that the browser's own tools read. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { build } from 'esbuild';
import puppeteer from 'puppeteer';
import type { Protocol } from 'puppeteer';
import { expect, test } from 'vitest';
import { fence, project } from '../testing/testing.ts';

const CHAPTER = `# Traps\n\n${fence('ts H:100 file=host/a.ts', 'export function dispatch(cause: number): void {', '  // <<bad>>', '}')}
- ${fence('ts H:100.bad into=H:100', "if (cause === 13) throw new Error('killed');").replaceAll('\n', '\n  ').trimEnd()}

${fence('ts H:200 file=host/main.ts', "import { dispatch } from './a.ts';", '', 'dispatch(13);')}`;

test('a throw names line and column of the chapter', async () => {
  const tour = project({ 'docs/host/traps.mdx': CHAPTER });
  await tour.tangle();
  const { outputFiles } = await build({
    stdin: { contents: "import './host/main.ts';", resolveDir: '/' },
    bundle: true,
    minify: true,
    format: 'iife',
    sourcemap: 'inline',
    write: false,
    outfile: '/tour/out.js',
    plugins: [
      {
        name: 'memory',
        setup(build) {
          build.onResolve({ filter: /\.ts$/ }, ({ path }) => ({ path: `/tour/.tangled/host/${path.split('/').pop()}`, namespace: 'file' }));
          build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: tour.fs.read(path.slice('/tour/'.length)) ?? '', loader: 'ts' }));
        },
      },
    ],
  });
  const browser = await puppeteer.launch({
    ...(process.env.PUPPETEER_EXECUTABLE_PATH && { executablePath: process.env.PUPPETEER_EXECUTABLE_PATH }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    const session = await page.createCDPSession();
    const maps = new Map<string, TraceMap>();
    const thrown: Protocol.Runtime.ExceptionDetails[] = [];
    session.on('Debugger.scriptParsed', ({ scriptId, sourceMapURL }) => {
      const data = /^data:[^,]*;base64,(.*)$/.exec(sourceMapURL ?? '');
      if (data) maps.set(scriptId, new TraceMap(Buffer.from(data[1], 'base64').toString('utf8')));
    });
    session.on('Runtime.exceptionThrown', ({ exceptionDetails }) => void thrown.push(exceptionDetails));
    await session.send('Debugger.enable');
    await session.send('Runtime.enable');
    await page.addScriptTag({ content: outputFiles[0].text });
    await expect.poll(() => thrown.length).toBe(1);
    const places = thrown[0].stackTrace?.callFrames.map(({ scriptId, lineNumber, columnNumber }) => {
      const { source, line, column } = originalPositionFor(maps.get(scriptId)!, { line: lineNumber + 1, column: columnNumber });
      return `${source}:${line}:${(column ?? -1) + 1}`;
    });
    expect(places?.slice(0, 2)).toEqual(['docs/host/traps.mdx:10:27', 'docs/host/traps.mdx:16:1']);
    expect(CHAPTER.split('\n')[9].slice(26)).toMatch(/^new Error/);
  } finally {
    await browser.close();
  }
});
