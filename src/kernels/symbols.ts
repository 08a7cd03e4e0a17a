/** The names in a kernel: from the symbol table of its ELF file (System V ABI, "Symbol Table"), or from a System.map. */

/** Names by address: both lists are as long, and in the order of the addresses. */
export interface SymbolTable {
  readonly addresses: Uint32Array;
  readonly names: readonly string[];
}

const ELF_MAGIC = 0x7f454c46;
const HEADER = 52;
const SECTION = { type: 4, offset: 16, size: 20, link: 24, bytes: 40 } as const;
const SHT_SYMTAB = 2;
const SYMBOL = { name: 0, value: 4, info: 12, section: 14, bytes: 16 } as const;
/** Objects, functions, and what says nothing of its kind, as in assembly: not sections, nor files. */
const KINDS: ReadonlySet<number> = new Set([0, 1, 2]);
/** Sections that are none: not defined here; a plain number. */
const NO_PLACE: ReadonlySet<number> = new Set([0, 0xfff1]);
/** What lies further behind a name than this is not of it. */
const FARTHEST = 0x10000;
/** An address, a letter for its kind, a name; a module's name may follow. */
const MAP_LINE = /^([0-9a-f]{8})(?:[0-9a-f]{8})? [a-z] (\S+)/i;

/** The names in an ELF file of 32 bits; null where there are none. */
export function symbolsOfElf(file: Uint8Array): SymbolTable | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < HEADER || view.getUint32(0) !== ELF_MAGIC || file[4] !== 1) return null;
  const [sections, size, count] = [view.getUint32(32, true), view.getUint16(46, true), view.getUint16(48, true)];
  if (size < SECTION.bytes || sections + count * size > file.length) return null;
  for (let n = 0; n < count; n++) {
    const at = sections + n * size;
    if (view.getUint32(at + SECTION.type, true) !== SHT_SYMTAB) continue;
    const strings = sections + view.getUint32(at + SECTION.link, true) * size;
    if (strings + SECTION.bytes > file.length) return null;
    return symbolsIn(file, pieceAt(view, at), pieceAt(view, strings));
  }
  return null;
}

interface Piece {
  readonly offset: number;
  readonly size: number;
}

function pieceAt(view: DataView, section: number): Piece {
  return { offset: view.getUint32(section + SECTION.offset, true), size: view.getUint32(section + SECTION.size, true) };
}

function symbolsIn(file: Uint8Array, table: Piece, strings: Piece): SymbolTable | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = Math.min(file.length, table.offset + table.size) - SYMBOL.bytes;
  const found: [number, string][] = [];
  for (let at = table.offset; at <= end; at += SYMBOL.bytes) {
    if (!KINDS.has(file[at + SYMBOL.info] & 15) || NO_PLACE.has(view.getUint16(at + SYMBOL.section, true))) continue;
    const name = textAt(file, strings.offset + view.getUint32(at + SYMBOL.name, true), strings.offset + strings.size);
    if (name !== '' && !name.startsWith('.L')) found.push([view.getUint32(at + SYMBOL.value, true), name]);
  }
  return tableOf(found);
}

function textAt(file: Uint8Array, from: number, most: number): string {
  const end = file.indexOf(0, from);
  return end < 0 || end > most ? '' : String.fromCharCode(...file.subarray(from, end));
}

/** The names in a System.map; null where the text is none. */
export function symbolsOfMap(text: string): SymbolTable | null {
  return tableOf(
    text.split('\n').flatMap((line): [number, string][] => {
      const [, address, name] = MAP_LINE.exec(line) ?? [];
      return address === undefined ? [] : [[Number.parseInt(address, 16), name]];
    }),
  );
}

function tableOf(found: [number, string][]): SymbolTable | null {
  if (found.length === 0) return null;
  found.sort(([a], [b]) => a - b);
  return { addresses: Uint32Array.from(found, ([address]) => address), names: found.map(([, name]) => name) };
}

/** What is at an address: a name, with the distance behind it, as `schedule+0x12`; null where nothing near is named. */
export function nameAt({ addresses, names }: SymbolTable, address: number): string | null {
  let [low, high] = [0, addresses.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (addresses[middle] <= address) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return null;
  // Of several names of one address, the first.
  const at = addresses.indexOf(addresses[low - 1]);
  const behind = address - addresses[at];
  return behind >= FARTHEST ? null : behind === 0 ? names[at] : `${names[at]}+0x${behind.toString(16)}`;
}

/** The address of a name, or of so far behind one (`schedule+0x12`); null where there is none such. */
export function addressNamed({ addresses, names }: SymbolTable, text: string): number | null {
  const [, name, behind = '0'] = /^\s*([\w.$]+?)(?:\+(0x[0-9a-f]+|\d+))?\s*$/i.exec(text) ?? [];
  const at = names.indexOf(name);
  return at < 0 ? null : (addresses[at] + Number(behind)) >>> 0;
}
