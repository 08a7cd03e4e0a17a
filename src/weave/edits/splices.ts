/** Changes of a text that keep all its lines where they are. */
export class Splices {
  readonly #list: { readonly from: number; readonly to: number; readonly text: string; readonly order: number }[] = [];

  /** Puts something in; at one place, what is put in first stands first. */
  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** Closes what was opened before: of all that is put in at one place, it stands first; and before what was opened earlier is closed. */
  close(at: number, text: string): void {
    this.#list.push({ from: at, to: at, text, order: -1 - this.#list.length });
  }

  /** Puts something in place of what is there. */
  replace(from: number, to: number, text: string): void {
    this.#list.push({ from, to, text, order: this.#list.length });
  }

  /** Takes out all but the ends of lines. */
  blank(from: number, to: number, source: string): void {
    this.replace(from, to, source.slice(from, to).replace(/[^\n]/g, ' '));
  }

  /** The text with all changes. */
  apply(source: string): string {
    const parts: string[] = [];
    let at = 0;
    for (const { from, to, text } of this.#list.sort((a, b) => a.from - b.from || a.order - b.order)) {
      parts.push(source.slice(at, from), text);
      at = Math.max(at, to);
    }
    return parts.join('') + source.slice(at);
  }
}
