/**
 * What Node, a page and a worker all have, and the language's own library does not name: all that code which runs anywhere may use beside the language.
 * For the type check of that code alone; elsewhere the full libraries say the same.
 */
declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer, options?: { stream?: boolean }): string;
}
declare function structuredClone<T>(value: T): T;
declare function btoa(binary: string): string;
declare function atob(base64: string): string;
