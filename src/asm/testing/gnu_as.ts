import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { assemble, type AssembleOptions, type Assembly } from '../index.ts';

const MISSING = ['as', 'ld', 'objcopy', 'objdump'].filter((tool) => spawnSync(tool, ['--version']).error);

/** Whether GNU binutils is on this machine. */
export const hasGnuAs: boolean = MISSING.length === 0;

/** Says which of binutils' programs are missing, or ''. */
export const missingTools: string = MISSING.length ? `not on this machine: ${MISSING.join(', ')}` : '';

/** Runs `work` in a directory that is gone afterwards. */
function inDirectory<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'asm-'));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What GNU as said of a line it refused. */
export type GnuResult =
  | { readonly ok: true; readonly sections: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly message: string };

/**
 * Assembles and links `text` with `as --32` and `ld`, sections at the addresses given.
 * @param files further sources that `.include` may name, by name.
 */
export function gnuAssemble(text: string, addresses: ReadonlyMap<string, number>, files: Readonly<Record<string, string>> = {}): GnuResult {
  return inDirectory((directory) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    writeFileSync(join(directory, 'in.S'), text);
    const tool = (name: string, args: string[]): string => {
      const result = spawnSync(name, args, { cwd: directory, encoding: 'utf8' });
      return result.status === 0 ? '' : result.stderr || `${name} failed`;
    };
    const refused = tool('as', ['--32', '-I', '.', '-o', 'in.o', 'in.S']);
    if (refused) return { ok: false, message: refused };
    const placed = [...addresses].map(
      ([name, address]) => `${name} 0x${address.toString(16)} : { *(${name}) ${name === '.bss' ? '*(COMMON)' : ''} }`,
    );
    writeFileSync(join(directory, 'in.ld'), `SECTIONS { ${placed.join('\n')} /DISCARD/ : { *(*) } }\n`);
    const unlinked = tool('ld', ['-m', 'elf_i386', '-e', '0', '-T', 'in.ld', '-o', 'out', 'in.o']);
    if (unlinked) return { ok: false, message: unlinked };
    const sections = new Map<string, Uint8Array>();
    for (const name of addresses.keys()) {
      const failed = tool('objcopy', ['-O', 'binary', '-j', name, 'out', 'out.bin']);
      if (failed) return { ok: false, message: failed };
      sections.set(name, new Uint8Array(readFileSync(join(directory, 'out.bin'))));
    }
    return { ok: true, sections };
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** One section where the two assemblers differ. */
export interface Difference {
  readonly section: string;
  readonly offset: number;
  readonly ours: string;
  readonly theirs: string;
  readonly line: string;
}

/** What {@link compareWithGnuAs} found. `same` is true only when both accepted the text and every section's bytes agree. */
export interface Comparison {
  readonly same: boolean;
  readonly assembly: Assembly;
  readonly problem: string;
  readonly differences: readonly Difference[];
}

/** The first place where two sections' bytes part, with the source line that made ours. */
function difference(assembly: Assembly, section: string, address: number, ours: Uint8Array, theirs: Uint8Array): Difference | null {
  let offset = 0;
  while (offset < ours.length && ours[offset] === theirs[offset]) offset++;
  if (offset === ours.length && ours.length === theirs.length) return null;
  const entry = assembly.lines.find((l) => l.address <= address + offset && address + offset < l.address + l.length);
  const from = entry ? entry.address - address : offset;
  return {
    section,
    offset,
    ours: hex(ours.slice(from, from + 16)),
    theirs: hex(theirs.slice(from, from + 16)),
    line: entry ? `${entry.source}:${entry.line}` : '',
  };
}

/** Assembles a text with ours and with GNU as and compares the bytes of every section. */
export function compareWithGnuAs(text: string, options: AssembleOptions = {}, files: Readonly<Record<string, string>> = {}): Comparison {
  const include = (name: string): { name: string; text: string } | null => (name in files ? { name, text: files[name] } : null);
  const assembly = assemble([{ name: 'in.S', text }], { include, ...options });
  const bad = (problem: string): Comparison => ({ same: false, assembly, problem, differences: [] });
  if (!assembly.ok) return bad(assembly.errors.map((e) => `${e.source}:${e.line}:${e.column}: ${e.message}`).join('\n'));
  const present = assembly.sections.filter((s) => !s.nobits);
  const gnu = gnuAssemble(text, new Map(assembly.sections.map((s) => [s.name, s.address])), files);
  if (!gnu.ok) return bad(`GNU as: ${gnu.message}`);
  const differences = present.flatMap((s) => {
    const theirs = gnu.sections.get(s.name) ?? new Uint8Array(0);
    return difference(assembly, s.name, s.address, s.bytes, theirs) ?? [];
  });
  return { same: differences.length === 0, assembly, problem: '', differences };
}

/** The text section's bytes of each line: as many `as` runs as it takes, one for all lines it accepts. null: refused. */
export function gnuLines(lines: readonly string[]): (string | null)[] {
  return inDirectory((directory) => {
    const results = new Array<string | null>(lines.length).fill(null);
    const alive = lines.map((_, i) => i);
    for (let round = 0; round < 4 && alive.length; round++) {
      const text = lines.map((line, i) => `L${i}: ${alive.includes(i) ? line : ''}`).join('\n');
      writeFileSync(join(directory, 'in.s'), `${text}\nL${lines.length}:\n`);
      const run = spawnSync('as', ['--32', '-o', 'in.o', 'in.s'], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
      if (run.status === 0) {
        execFileSync('objcopy', ['-O', 'binary', '-j', '.text', 'in.o', 'in.bin'], { cwd: directory });
        const bytes = new Uint8Array(readFileSync(join(directory, 'in.bin')));
        const symbols = execFileSync('nm', ['in.o'], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
        const at = new Map([...symbols.matchAll(/^([0-9a-f]+) t L(\d+)$/gm)].map((m) => [Number(m[2]), parseInt(m[1], 16)]));
        for (const i of alive) results[i] = hex(bytes.slice(at.get(i) ?? 0, at.get(i + 1) ?? 0));
        return results;
      }
      const refused = new Set([...run.stderr.matchAll(/^in\.s:(\d+): Error/gm)].map((m) => Number(m[1]) - 1));
      for (let k = alive.length - 1; k >= 0; k--) if (refused.has(alive[k])) alive.splice(k, 1);
    }
    return results;
  });
}

/** The same with our assembler. */
export function ourLines(lines: readonly string[]): (string | null)[] {
  return lines.map((line) => {
    const assembly = assemble([{ name: 'line', text: line }]);
    return assembly.ok ? hex(assembly.sections[0]?.bytes ?? new Uint8Array(0)) : null;
  });
}

/** Bytes between one disassembled instruction and the next: longer than any instruction. */
export const SLOT = 16;

/** `objdump -d` on each instruction alone, the i-th at address i * SLOT: operands one blank apart from the mnemonic. */
export function gnuDisassemble(instructions: readonly string[]): string[] {
  // objdump refuses an empty file.
  if (instructions.length === 0) return [];
  return inDirectory((directory) => {
    const bytes = new Uint8Array(instructions.length * SLOT).fill(0x90);
    instructions.forEach((text, i) => bytes.set(Buffer.from(text, 'hex'), i * SLOT));
    writeFileSync(join(directory, 'in.bin'), bytes);
    const out = execFileSync('objdump', ['-D', '-b', 'binary', '-m', 'i386', '--no-show-raw-insn', '--disassemble-zeroes', 'in.bin'], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const texts = new Map([...out.matchAll(/^ *([0-9a-f]+):\t(.*)$/gm)].map((m) => [parseInt(m[1], 16), m[2].trim()]));
    return instructions.map((_, i) => texts.get(i * SLOT) ?? '');
  });
}
