import type { LineEntry, PlacedSection, Source } from './types.ts';

const BYTES_A_ROW = 8;
/** Rows a source line may have; the rest is told by its length. */
const MOST_ROWS = 8;

function bytesAt(sections: readonly PlacedSection[], address: number, length: number): Uint8Array {
  const section = sections.find((s) => !s.nobits && address >= s.address && address < s.address + s.size);
  return section ? section.bytes.subarray(address - section.address, address - section.address + length) : new Uint8Array(0);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/**
 * The listing: every source line with the address and bytes it gave. Lines of included files follow under their own
 * heading; bytes that a macro call made stand with the lines of the macro.
 */
export function listingOf(sources: readonly Source[], sections: readonly PlacedSection[], lines: readonly LineEntry[]): string {
  const out: string[] = [];
  const rows = (entry: LineEntry, text: string): void => {
    const bytes = bytesAt(sections, entry.address, entry.length);
    const shown = bytes.length > BYTES_A_ROW * MOST_ROWS ? BYTES_A_ROW * (MOST_ROWS - 1) : bytes.length;
    for (let at = 0; at === 0 || at < shown; at += BYTES_A_ROW) {
      const row = [...bytes.subarray(at, Math.min(at + BYTES_A_ROW, shown))].map((b) => hex(b, 2)).join(' ');
      const label = at === 0 ? `${String(entry.line).padStart(5)} ` : '      ';
      out.push(`${label}${hex(entry.address + at, 8)}  ${row.padEnd(BYTES_A_ROW * 3)} ${at === 0 ? text : ''}`.trimEnd());
    }
    if (shown < bytes.length) out.push(`      ${hex(entry.address + shown, 8)}  … ${bytes.length - shown} bytes more`);
  };
  for (const source of sources) {
    out.push(`${source.name}:`);
    source.text.split(/\r?\n/).forEach((text, index) => {
      const own = lines.filter((l) => l.source === source.name && l.line === index + 1);
      if (!own.length) out.push(`${String(index + 1).padStart(5)} ${' '.repeat(11 + BYTES_A_ROW * 3)}${text}`.trimEnd());
      own.forEach((entry, k) => rows(entry, k === 0 ? text : ''));
    });
  }
  const foreign = lines.filter((l) => !sources.some((s) => s.name === l.source));
  for (const name of new Set(foreign.map((l) => l.source))) {
    out.push(`${name}:`);
    for (const entry of foreign.filter((l) => l.source === name)) rows(entry, '');
  }
  return `${out.join('\n')}\n`;
}
