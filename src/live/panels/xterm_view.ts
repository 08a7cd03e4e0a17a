/** xterm.js on a session's console. Loaded on demand. */
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

import { onResized } from '../page/on_resized.ts';
import type { Session } from '../page/session.ts';

/**
 * To begin anew: no alternate screen, modes as they were, all erased, the cursor at the top. Not RIS (ESC c), at which xterm.js takes what is drawn away before it draws
 * again.
 */
const RESET = '\x1b[?1049l\x1b[!p\x1b[m\x1b[H\x1b[2J\x1b[3J';

/** Which terminal, and what those hear who cannot see it. */
interface TerminalOptions {
  readonly tty: number;
  readonly label: string;
  /** Id of the words that say how to leave it. */
  readonly wayOut: string;
}

/** Opens a terminal in an element. Returns how to close it. */
export function openTerminal(element: HTMLElement, session: Session, { tty, label, wayOut }: TerminalOptions): () => void {
  const style = getComputedStyle(document.documentElement);
  const terminal = new Terminal({
    convertEol: true,
    cursorBlink: false,
    fontFamily: style.getPropertyValue('--mono').trim() || 'monospace',
    fontSize: 12.5,
    lineHeight: 1.25,
    rows: 12,
    scrollback: 2000,
    theme: themeOf(element),
    allowTransparency: false,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', label);
  terminal.textarea?.setAttribute('aria-describedby', wayOut);
  terminal.attachCustomKeyEventHandler(lettingOut());
  const refit = (): void => {
    try {
      fit.fit();
    } catch {
      // No size yet: the observer comes again.
    }
  };
  refit();
  const unresized = onResized(element, refit);
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
    unresized();
    terminal.dispose();
  };
}

/** The Guest hears every key; but a Tab right behind an Esc is the reader's, and leads out of the terminal, as in other editors of code. */
function lettingOut(): (event: KeyboardEvent) => boolean {
  let escaped = false;
  return ({ type, key, ctrlKey, altKey, metaKey }) => {
    if (type !== 'keydown' || key === 'Shift') return true;
    const out = escaped && key === 'Tab';
    escaped = key === 'Escape' && !ctrlKey && !altKey && !metaKey;
    return !out;
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
