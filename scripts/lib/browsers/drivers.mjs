// Browsers beside Chromium, each as little as is needed: go somewhere, and ask the page.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import puppeteer from 'puppeteer';

/**
 * @typedef {{ open: (url: string) => Promise<void>, ask: (script: string) => Promise<any>, close: () => Promise<void>, version: string }} Driver
 * `ask` runs a function's body in the page and gives what it returns
 */

const onPath = (name) => {
  const found = spawnSync('which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.trim() : undefined;
};

/** Firefox, by puppeteer. @returns {Promise<Driver | string>} a string says what is not here */
export async function firefox() {
  const path = process.env.FIREFOX_PATH ?? ['firefox-esr', 'firefox'].map(onPath).find((one) => one !== undefined);
  if (path === undefined || !existsSync(path)) return 'Firefox is not here: install firefox-esr, or name one by FIREFOX_PATH';
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath: path, headless: true });
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 2000 });
  return {
    version: await browser.version(),
    open: async (url) => void (await page.goto(url, { waitUntil: 'load' })),
    ask: (script) => page.evaluate(`(() => { ${script} })()`),
    close: () => browser.close(),
  };
}

const PORT = 47_44;

/** WebKit as Debian has it, by its own driver over WebDriver. @returns {Promise<Driver | string>} a string says what is not here */
export async function webkit() {
  const driver = onPath('WebKitWebDriver');
  if (driver === undefined) return 'WebKit is not here: install webkit2gtk-driver and xvfb';
  const libraries = '/usr/lib';
  const browser = readdirSync(libraries)
    .flatMap((folder) => ['webkit2gtk-4.1', 'webkit2gtk-4.0'].map((version) => `${libraries}/${folder}/${version}/MiniBrowser`))
    .find((path) => existsSync(path));
  if (browser === undefined) return 'WebKit’s driver is here, but no browser for it to drive (MiniBrowser)';
  const needsDisplay = process.env.DISPLAY === undefined && process.env.WAYLAND_DISPLAY === undefined;
  if (needsDisplay && onPath('xvfb-run') === undefined) return 'WebKit is here, but nothing that it could draw on: install xvfb';
  const [command, ...args] = [...(needsDisplay ? ['xvfb-run', '-a'] : []), driver, `--port=${PORT}`];
  const server = spawn(command, args, {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...(process.getuid?.() === 0 && { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }) },
  });
  const send = async (path, body) => {
    const response = await fetch(`http://127.0.0.1:${PORT}${path}`, {
      method: body === undefined ? 'DELETE' : 'POST',
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(value?.message ?? String(response.status));
    return value;
  };
  const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } } };
  for (let tries = 0; ; tries++) {
    try {
      const { sessionId, capabilities: found } = await send('/session', { capabilities });
      const session = `/session/${sessionId}`;
      return {
        version: `${found.browserName} ${found.browserVersion}`,
        open: (url) => send(`${session}/url`, { url }),
        ask: (script) => send(`${session}/execute/sync`, { script, args: [] }),
        close: async () => {
          await send(session).catch(() => undefined);
          process.kill(-server.pid);
        },
      };
    } catch (error) {
      if (tries > 40) {
        process.kill(-server.pid);
        return `WebKit is here, but did not begin: ${error.message}`;
      }
      await sleep(250);
    }
  }
}
