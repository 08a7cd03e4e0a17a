/** What the Guests print: the first one's as it is; those of the others by the line, each with its number in front. */
import type { ToldEvent } from '#world';
import type { CommandHost } from './host.ts';

export class Screen {
  readonly #host: Pick<CommandHost, 'stdout' | 'stderr'>;
  /** Lines begun, by terminal and descriptor. */
  readonly #lines = new Map<string, string>();

  constructor(host: Pick<CommandHost, 'stdout' | 'stderr'>) {
    this.#host = host;
  }

  show(event: ToldEvent): void {
    if (event.kind !== 'console') return;
    if (event.tty === 0) this.#print(event.fd, event.text);
    else this.#printLines(event.tty, event.fd, event.text);
  }

  /** What is still on the way. */
  flush(): void {
    for (const [key, text] of this.#lines) {
      const [tty, fd] = key.split(' ').map(Number);
      if (text !== '') this.#print(fd, `${tty + 1}| ${text}\n`);
    }
    this.#lines.clear();
  }

  #printLines(tty: number, fd: number, text: string): void {
    const key = `${tty} ${fd}`;
    const lines = ((this.#lines.get(key) ?? '') + text).split('\n');
    this.#lines.set(key, lines.pop() ?? '');
    for (const line of lines) this.#print(fd, `${tty + 1}| ${line}\n`);
  }

  #print(fd: number, text: string): void {
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    if (fd === 1) this.#host.stdout(bytes);
    else this.#host.stderr(new TextDecoder().decode(bytes));
  }
}
