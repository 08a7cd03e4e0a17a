import type { PlacedSection, SymbolInfo } from './types.ts';

const EHDR = 52;
const PHDR = 32;
const SHDR = 40;
const SYM = 16;
const PT_LOAD = 1;
const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOBITS = 8;
const SHN_ABS = 0xfff1;

/** A string table under construction. */
class Strings {
  readonly #bytes: number[] = [0];
  add(text: string): number {
    const at = this.#bytes.length;
    this.#bytes.push(...new TextEncoder().encode(text), 0);
    return at;
  }
  get data(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

interface Header {
  name: number;
  type: number;
  flags: number;
  address: number;
  offset: number;
  size: number;
  link: number;
  info: number;
  align: number;
  entry: number;
}

/**
 * An ELF32 executable (System V ABI, i386 supplement): one PT_LOAD a section of the image, with section headers and a
 * symbol table for the benefit of readers.
 *
 * @param physicalOffset subtracted from addresses to give `p_paddr`.
 */
export function elfImage(
  sections: readonly PlacedSection[],
  symbols: Iterable<SymbolInfo>,
  entry: number,
  physicalOffset: number,
): Uint8Array {
  const names = new Strings();
  const symbolNames = new Strings();
  const loaded = sections.filter((s) => s.allocated);
  const headers: Header[] = [{ name: 0, type: 0, flags: 0, address: 0, offset: 0, size: 0, link: 0, info: 0, align: 0, entry: 0 }];
  const blobs: { at: number; data: Uint8Array }[] = [];
  let offset = EHDR + PHDR * loaded.length;
  const put = (data: Uint8Array, align: number): number => {
    offset = Math.ceil(offset / align) * align;
    blobs.push({ at: offset, data });
    offset += data.length;
    return blobs[blobs.length - 1].at;
  };
  for (const s of loaded) {
    headers.push({
      name: names.add(s.name),
      type: s.nobits ? SHT_NOBITS : SHT_PROGBITS,
      flags: 2 | (s.writable ? 1 : 0) | (s.executable ? 4 : 0),
      address: s.address,
      offset: put(s.bytes, Math.min(16, Math.max(4, s.alignment))),
      size: s.size,
      link: 0,
      info: 0,
      align: s.alignment,
      entry: 0,
    });
  }
  const listed = [...symbols].sort((a, b) => Number(a.global) - Number(b.global));
  const table = new DataView(new ArrayBuffer(SYM * (listed.length + 1)));
  listed.forEach((symbol, i) => {
    const at = SYM * (i + 1);
    const index = symbol.section === null ? SHN_ABS : loaded.findIndex((s) => s.name === symbol.section) + 1;
    table.setUint32(at, symbolNames.add(symbol.name), true);
    table.setUint32(at + 4, symbol.value, true);
    table.setUint32(at + 8, symbol.size, true);
    table.setUint8(at + 12, (symbol.global ? 0x10 : 0) | ['notype', 'object', 'func'].indexOf(symbol.type));
    table.setUint16(at + 14, index, true);
  });
  const common = { flags: 0, address: 0, align: 1, entry: 0 };
  const symtab = new Uint8Array(table.buffer);
  const strtab = symbolNames.data;
  headers.push({
    ...common,
    name: names.add('.symtab'),
    type: SHT_SYMTAB,
    offset: put(symtab, 4),
    size: symtab.length,
    link: headers.length + 1,
    info: listed.filter((s) => !s.global).length + 1,
    align: 4,
    entry: SYM,
  });
  headers.push({ ...common, name: names.add('.strtab'), type: SHT_STRTAB, offset: put(strtab, 1), size: strtab.length, link: 0, info: 0 });
  const own = names.add('.shstrtab');
  const shstrtab = names.data;
  headers.push({ ...common, name: own, type: SHT_STRTAB, offset: put(shstrtab, 1), size: shstrtab.length, link: 0, info: 0 });
  const sectionTable = Math.ceil(offset / 4) * 4;

  const out = new Uint8Array(sectionTable + SHDR * headers.length);
  const view = new DataView(out.buffer);
  out.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const words = (at: number, values: readonly number[]): void => values.forEach((v, i) => view.setUint32(at + 4 * i, v, true));
  view.setUint16(16, 2, true); // ET_EXEC
  view.setUint16(18, 3, true); // EM_386
  words(20, [1, entry, EHDR, sectionTable, 0]);
  [EHDR, PHDR, loaded.length, SHDR, headers.length, headers.length - 1].forEach((v, i) => view.setUint16(40 + 2 * i, v, true));
  loaded.forEach((s, i) =>
    words(EHDR + PHDR * i, [
      PT_LOAD,
      headers[i + 1].offset,
      s.address,
      (s.address - physicalOffset) >>> 0,
      s.bytes.length,
      s.size,
      4 | (s.writable ? 2 : 0) | (s.executable ? 1 : 0),
      s.alignment === 1 ? 1 : Math.min(16, Math.max(4, s.alignment)),
    ]),
  );
  headers.forEach((h, i) =>
    words(sectionTable + SHDR * i, [h.name, h.type, h.flags, h.address, h.offset, h.size, h.link, h.info, h.align, h.entry]),
  );
  for (const { at, data } of blobs) out.set(data, at);
  return out;
}
