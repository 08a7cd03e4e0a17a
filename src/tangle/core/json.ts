/** Where a text stops being JSON (RFC 8259). Engines word it differently, and some do not say where. */

/** The first fault of a JSON text, or null when there is none. */
export function findJsonFault(text: string): { offset: number; message: string } | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    return new JsonScanner(text).scan() ?? { offset: text.trimEnd().length, message: 'the end comes too early' };
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;

class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): { offset: number; message: string } | null {
    const fault = this.#value('a value');
    if (fault !== null) return { offset: this.#at, message: this.#describe(fault) };
    this.#space();
    return this.#at < this.#text.length ? { offset: this.#at, message: this.#describe('the end') } : null;
  }

  #describe(wanted: string): string {
    const found = this.#at < this.#text.length ? `"${this.#text[this.#at]}"` : 'the end';
    return `${wanted} is expected here, not ${found}`;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  /** Passes over a value; returns what was wanted where there is none. */
  #value(wanted: string): string | null {
    this.#space();
    const character = this.#text[this.#at];
    if (character === '{')
      return this.#list('}', () => {
        this.#space();
        if (!this.#take(STRING)) return 'a name in double quotes';
        this.#space();
        if (this.#text[this.#at] !== ':') return '":"';
        this.#at++;
        return this.#value('a value');
      });
    if (character === '[') return this.#list(']', () => this.#value('a value'));
    return this.#take(STRING) || this.#take(NUMBER) || this.#take(LITERAL) ? null : wanted;
  }

  #list(close: string, element: () => string | null): string | null {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return null;
    }
    for (;;) {
      const fault = element();
      if (fault !== null) return fault;
      this.#space();
      const character = this.#text[this.#at];
      if (character !== ',' && character !== close) return `"," or "${close}"`;
      this.#at++;
      if (character === close) return null;
    }
  }
}
