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

/** The bytes of each section, for each way to place them; or what GNU as said of a line it refused. */
export type GnuResult =
  | { readonly ok: true; readonly linked: readonly ReadonlyMap<string, Uint8Array>[] }
  | { readonly ok: false; readonly message: string };

/** Assembles in.S, links it by each 0.ld, 1.ld …, and puts the bytes of each section named into a file. */
const TOOLS = `
as --32 -I . -o in.o in.S
count="$1"; shift
for n in $(seq 0 "$count"); do
  ld -m elf_i386 -e 0 -T "$n.ld" -o out in.o
  for name; do objcopy -O binary -j "$name" out "$n$name"; done
done
`;

/** Addresses of sections, by their names. */
type Placing = ReadonlyMap<string, number>;

/**
 * Assembles `text` with `as --32` and links it with `ld`, once for each way to place the same sections.
 * @param files further sources that `.include` may name, by name.
 */
export function gnuAssemble(text: string, placings: readonly Placing[], files: Readonly<Record<string, string>> = {}): GnuResult {
  return inDirectory((directory) => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    writeFileSync(join(directory, 'in.S'), text);
    for (const [n, placing] of placings.entries()) {
      const placed = [...placing].map(
        ([name, address]) => `${name} 0x${address.toString(16)} : { *(${name}) ${name === '.bss' ? '*(COMMON)' : ''} }`,
      );
      writeFileSync(join(directory, `${n}.ld`), `SECTIONS { ${placed.join('\n')} /DISCARD/ : { *(*) } }\n`);
    }
    // One process for all tools: starting one costs this large process more than the tool's work does.
    const names = [...(placings[0]?.keys() ?? [])];
    const run = spawnSync('sh', ['-e', '-c', TOOLS, 'sh', String(placings.length - 1), ...names], { cwd: directory, encoding: 'utf8' });
    if (run.status !== 0) return { ok: false, message: run.stderr || 'GNU as, ld or objcopy failed' };
    const read = (path: string): Uint8Array => new Uint8Array(readFileSync(join(directory, path)));
    return { ok: true, linked: placings.map((_, n) => new Map(names.map((name) => [name, read(`${n}${name}`)]))) };
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
  return compareAt(text, [options.base ?? 0], options, files)[0];
}

/** The same at several addresses, for which GNU as need run only once. */
export function compareAt(
  text: string,
  bases: readonly number[],
  options: AssembleOptions = {},
  files: Readonly<Record<string, string>> = {},
): Comparison[] {
  const include = (name: string): { name: string; text: string } | null => (name in files ? { name, text: files[name] } : null);
  const assemblies = bases.map((base) => assemble([{ name: 'in.S', text }], { include, ...options, base }));
  const bad = (assembly: Assembly, problem: string): Comparison => ({ same: false, assembly, problem, differences: [] });
  if (assemblies.some(({ ok }) => !ok))
    return assemblies.map((assembly) =>
      bad(assembly, assembly.errors.map((e) => `${e.source}:${e.line}:${e.column}: ${e.message}`).join('\n')),
    );
  const placings = assemblies.map(({ sections }) => new Map(sections.map((s) => [s.name, s.address])));
  const gnu = gnuAssemble(text, placings, files);
  return assemblies.map((assembly, n) => {
    if (!gnu.ok) return bad(assembly, `GNU as: ${gnu.message}`);
    const present = assembly.sections.filter((s) => !s.nobits);
    const differences = present.flatMap((s) => {
      const theirs = gnu.linked[n]?.get(s.name) ?? new Uint8Array(0);
      return difference(assembly, s.name, s.address, s.bytes, theirs) ?? [];
    });
    return { same: differences.length === 0, assembly, problem: '', differences };
  });
}

/** What an assembler makes of a line alone: its bytes in hexadecimal, null where it refuses it, and what it says about it. */
export interface Answer {
  readonly bytes: string | null;
  readonly told: readonly string[];
}

/** GNU as's answers, each line in `.text` on a boundary of 64 bytes: as many runs as it takes, one for all lines it accepts. */
export function gnuAnswers(lines: readonly string[]): Answer[] {
  return inDirectory((directory) => {
    const told = lines.map((): string[] => []);
    const bytes = new Array<string | null>(lines.length).fill(null);
    let alive = lines.map((_, i) => i);
    for (let round = 0; round < 4 && alive.length; round++) {
      const kept = new Set(alive);
      // Two lines each, so that a message's line says whose it is.
      const text = lines.map((line, i) => (kept.has(i) ? `.balign 64; L${i}: ${line}\nE${i}:\n` : '\n\n')).join('');
      writeFileSync(join(directory, 'in.s'), text);
      const run = spawnSync('as', ['--32', '-o', 'in.o', 'in.s'], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
      const refused = new Set<number>();
      for (const [, number, severity, message] of run.stderr.matchAll(/^in\.s:(\d+): (Error|Warning): (.*)$/gm)) {
        const i = (Number(number) - 1) >> 1;
        if (severity === 'Error') refused.add(i);
        if (!told[i].includes(message)) told[i].push(message);
      }
      alive = alive.filter((i) => !refused.has(i));
      if (run.status !== 0) continue;
      execFileSync('objcopy', ['-O', 'binary', '-j', '.text', 'in.o', 'in.bin'], { cwd: directory });
      const code = new Uint8Array(readFileSync(join(directory, 'in.bin')));
      const symbols = execFileSync('nm', ['in.o'], { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 });
      const at = new Map([...symbols.matchAll(/^([0-9a-f]+) t ([LE]\d+)$/gm)].map((m) => [m[2], parseInt(m[1], 16)]));
      for (const i of alive) bytes[i] = hex(code.slice(at.get(`L${i}`) ?? 0, at.get(`E${i}`) ?? 0));
      break;
    }
    return lines.map((_, i) => ({ bytes: bytes[i], told: told[i] }));
  });
}

/** The bytes of {@link gnuAnswers} alone. */
export const gnuLines = (lines: readonly string[]): (string | null)[] => gnuAnswers(lines).map(({ bytes }) => bytes);

/** The same with our assembler. */
export function ourAnswers(lines: readonly string[]): Answer[] {
  return lines.map((line) => {
    const { ok, sections, errors, warnings } = assemble([{ name: 'line', text: line }]);
    const code = sections.find(({ name }) => name === '.text')?.bytes ?? new Uint8Array(0);
    return { bytes: ok ? hex(code) : null, told: [...errors, ...warnings].map(({ message }) => message) };
  });
}

/** The bytes of {@link ourAnswers} alone. */
export const ourLines = (lines: readonly string[]): (string | null)[] => ourAnswers(lines).map(({ bytes }) => bytes);

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
