/** xterm.js on a session's console. Loaded on demand. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

import type { Session } from '../page/session.ts';

/** A terminal's word for: begin anew. */
const RESET = '\x1bc';

/** Opens a terminal in an element. Returns how to close it. */
export function openTerminal(element: HTMLElement, session: Session, tty: number): () => void {
  const style = getComputedStyle(document.documentElement);
  const terminal = new Terminal({
    convertEol: true,
    cursorBlink: false,
    fontFamily: style.getPropertyValue('--mono').trim() || 'monospace',
    fontSize: 12.5,
    lineHeight: 1.25,
    rows: 12,
    scrollback: 2000,
    screenReaderMode: true,
    theme: themeOf(element),
    allowTransparency: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  const refit = (): void => {
    try {
      fit.fit();
    } catch {
      // No size yet: the observer comes again.
    }
  };
  refit();
  const resized = new ResizeObserver(refit);
  resized.observe(element);
  const themed = new MutationObserver(() => {
    terminal.options.theme = themeOf(element);
  });
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const typed = terminal.onData((text) => session.send({ type: 'type', text: text === '\r' ? '\n' : text, tty }));
  const off = session.onConsole((text, fresh) => {
    // Clearing goes the same way as the text, so that both are seen at once.
    terminal.write(Uint8Array.from(fresh ? RESET + text : text, (char) => char.charCodeAt(0)));
  }, tty);
  return () => {
    off();
    typed.dispose();
    themed.disconnect();
    resized.disconnect();
    terminal.dispose();
  };
}

function themeOf(element: HTMLElement): Record<string, string> {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: value('--screen'),
    foreground: value('--screen-ink'),
    cursor: value('--screen-ink'),
    cursorAccent: value('--screen'),
    selectionBackground: '#7a6a4a88',
  };
}
