import { descriptor } from '../testing.ts';
import type { SystemCase } from './cases.ts';

/** The image that harness.S and the cases make together, and what it tells, as text. */

/** Where things are in physical memory; linear addresses are the same unless a case says otherwise. */
export const GDT = 0x1000;
export const IDT = 0x1c00;
export const LDT = 0x1e00;
export const TSS = 0x1e80;
export const TASK = 0x1f00;
export const TASK16 = 0x1f80;
const DOUBLE_TASK = 0x1fc0;
const STUBS = 0x3000;
export const CODE = 0x8000;
export const LANDING = 0x8800;
export const DATA = 0x9000;
export const DIRECTORY = 0;
export const TABLE0 = 0x21000;
export const TABLE1 = 0x22000;
/** Linear address that TABLE1's entries map, and page that its first one leads to. */
export const WINDOW = 0x400000;
export const WINDOW_PAGE = 0xa000;
/** First of 256 descriptors: every type (bits 3-7) × DPL (1-2) × P (0), by number. */
export const EVERY = 0x100;
/** TSSs for vectors 10-13 as task gates, and the selector of the first. */
const FAULT_TASKS = 0x2040;
export const FAULT_TASK = 0x900;
/** INT of the first ends a case and tells of its state (of the next number: only tells); the second is the interrupt that a case may raise. */
const END_VECTOR = 0x30;
export const IRQ_VECTOR = 0x24;

const HARNESS = 0x100000;
const BLOB = 0x110000;
/** Offsets in the harness of the addresses of its two ways in from the IDT. */
const COMMON_AT = 12;
const DOUBLE_AT = 16;
const HAS_ERROR = new Set([8, 10, 11, 12, 13, 14, 17]);

const hex = (value: number): string => (value >>> 0).toString(16);

/** Words of a memory that is zero where nothing was written. */
class Words {
  readonly words: number[] = [];
  readonly address: number;
  constructor(address: number) {
    this.address = address;
  }
  put(address: number, ...values: number[]): void {
    values.forEach((value, n) => {
      const at = (address - this.address) / 4 + n;
      while (this.words.length <= at) this.words.push(0);
      this.words[at] = value >>> 0;
    });
  }
}

function descriptors(memory: Words, base: number, text: string): void {
  for (const line of text.trim().split('\n')) {
    const [at, ...words] = line.trim().split(/\s+/);
    memory.put(base + parseInt(at, 16), ...descriptor(words.join(' ')));
  }
}

const TABLES = `
  008 code dpl0 r a
  010 data dpl0 w
  018 code dpl1 r a
  020 data dpl1 w
  028 code dpl2 r a
  030 data dpl2 w
  038 code dpl3 r a
  040 data dpl3 w
  048 tss32 base=1e80 limit=67
  050 ldt base=1e00 limit=7f
  058 tss32 dpl3 base=1f00 limit=67
  060 tss16 dpl3 base=1f80 limit=2b
  068 tss32 base=1fc0 limit=67
  070 tss32 dpl3 base=1f00 limit=66
  078 task dpl3 to=58:0
  080 call32 dpl3 to=8:8800
  088 call32 dpl3 to=8:8800 params=2
  090 call16 dpl3 to=8:8800 params=2
  098 call32 dpl3 to=18:8800
  0a0 code dpl0 r a c
  0a8 call32 dpl3 to=a0:8800
  0b0 call32 dpl0 to=8:8800
  0b8 call32 dpl3 np to=8:8800
  0c0 call32 dpl3 to=10:8800
  0c8 call32 dpl3 to=0:8800
  0d0 code dpl0 r a np
  0d8 call32 dpl3 to=d0:8800
  0e0 task dpl3 to=60:0
  0e8 task dpl3 to=48:0
  0f0 task dpl3 np to=58:0
  0f8 code dpl3 r a 16
`;

/** What each case finds: descriptor tables, tasks, page tables, data. Blocks of words with their addresses; and those that nothing changes. */
function blocks(common: number, double: number): { once: Words[]; always: Words[] } {
  const tables = new Words(GDT);
  descriptors(tables, GDT, TABLES);
  for (let n = 0; n < 256; n++) {
    const type = n >> 3;
    const dpl = (n >> 1) & 3;
    const present = n & 1;
    const expandsDown = (type & 0x1c) === 0x14;
    const high = (type << 8) | (dpl << 13) | (present << 15);
    if ((type & 0x10) !== 0) tables.put(GDT + EVERY + n * 8, expandsDown ? 0 : 0xffff, high | (expandsDown ? 0x400000 : 0xcf0000));
    else if ([4, 5, 6, 7, 12, 14, 15].includes(type)) tables.put(GDT + EVERY + n * 8, ((type === 5 ? 0x58 : 8) << 16) | LANDING, high);
    else
      tables.put(
        GDT + EVERY + n * 8,
        ((type === 2 ? LDT : type < 4 ? TASK16 : TASK) << 16) | (type === 2 ? 0x7f : type < 4 ? 0x2b : 0x67),
        high,
      );
  }
  for (let vector = 0; vector < 64; vector++) {
    const open = vector === 3 || vector === 4 || vector >= 32;
    tables.put(
      IDT + vector * 8,
      ...descriptor(vector === 8 ? 'task dpl0 to=68:0' : `int32 dpl${open ? 3 : 0} to=8:${hex(STUBS + vector * 16)}`),
    );
  }
  descriptors(tables, LDT, '08 code dpl3 r\n10 data dpl3 w\n18 call32 dpl3 to=8:8800');
  for (let ring = 0; ring < 3; ring++) tables.put(TSS + 4 + ring * 8, 0x10000 + ring * 0x2000 - 0x800, (0x10 + ring * 16) | ring);
  // No port is allowed.
  tables.put(TSS + 100, 104 << 16);
  // EIP, EFLAGS, eight registers, six selectors, LDT: another task, in ring 0; ESP apart from the others.
  const task = (at: number, eip: number): void => {
    tables.put(at + 28, DIRECTORY, eip, 2, 0xa1, 0xa2, 0xa3, 0xa4, 0x1f800, 0xa6, 0xa7, 0xa8, 0x10, 8, 0x10, 0x10, 0, 0, 0x50, 104 << 16);
  };
  task(TASK, LANDING);
  const faultTask = (at: number, vector: number): void => {
    task(at, double);
    tables.put(at + 52, vector, 0x1f000);
  };
  faultTask(DOUBLE_TASK, 8);
  for (let n = 0; n < 4; n++) {
    faultTask(FAULT_TASKS + n * 0x80, 10 + n);
    descriptors(tables, GDT, `${hex(FAULT_TASK + n * 8)} tss32 base=${hex(FAULT_TASKS + n * 0x80)} limit=67`);
  }
  // The same in halves: IP, FLAGS, registers, ES, CS, SS, DS, LDT.
  const halves = [LANDING, 2, 0xb1, 0xb2, 0xb3, 0xb4, 0xf700, 0xb6, 0xb7, 0xb8, 0x10, 8, 0x10, 0x10, 0x50];
  const bytes = new Uint8Array(0x30);
  const view = new DataView(bytes.buffer);
  halves.forEach((half, n) => view.setUint16(14 + n * 2, half, true));
  tables.put(TASK16, ...Array.from({ length: 11 }, (_, n) => view.getUint32(n * 4, true)));

  const stubs = new Words(STUBS);
  for (let vector = 0; vector < 64; vector++) {
    // push $0 where there is no error code; push $vector; push $common; ret
    const code = [
      ...(HAS_ERROR.has(vector) ? [] : [0x6a, 0]),
      0x6a,
      vector,
      0x68,
      common & 0xff,
      (common >> 8) & 0xff,
      common >> 16,
      0,
      0xc3,
    ];
    while (code.length < 16) code.push(0x90);
    stubs.put(
      STUBS + vector * 16,
      ...Array.from({ length: 4 }, (_, n) => code[n * 4] | (code[n * 4 + 1] << 8) | (code[n * 4 + 2] << 16) | (code[n * 4 + 3] << 24)),
    );
  }
  const landing = new Words(LANDING);
  const data = new Words(DATA);
  const directory = new Words(DIRECTORY);
  const low = new Words(TABLE0);
  const window = new Words(TABLE1);
  landing.put(LANDING, 0x9090_0000 | (END_VECTOR << 8) | 0xcd);
  data.put(DATA + 0x1fc, 0);
  directory.put(DIRECTORY, TABLE0 | 7, TABLE1 | 7);
  directory.put(DIRECTORY + 0x13c, 0);
  low.put(TABLE0, ...lowTable(32));
  window.put(TABLE1, WINDOW_PAGE | 7, (WINDOW_PAGE + 0x1000) | 7, 0, 0);
  return { once: [stubs], always: [tables, landing, data, directory, low, window] };
}

/** The first pages: tables are the supervisor's, code, data and stacks everyone's. */
function lowTable(count: number): number[] {
  return Array.from({ length: count }, (_, page) => (page << 12) | (page >= 8 && page < 0x18 ? 7 : 3));
}

const word = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const words = (values: readonly number[]): number[] => values.flatMap(word);

function encode(c: SystemCase): number[] {
  const pokes = c.pokes ?? [];
  const watches = c.watch ?? [];
  const code = c.code
    .split(' ')
    .filter(Boolean)
    .map((byte) => parseInt(byte, 16));
  const sweep = c.sweep ?? { at: 0, base: 0, first: c.parameter ?? 0, step: 0, count: 1, shift: 0 };
  const body = [
    ...words([
      c.flags ?? 2,
      c.cr0 ?? 0x80010033,
      c.cr4 ?? 0,
      sweep.at ?? 0,
      sweep.base ?? 0,
      sweep.first,
      sweep.step,
      sweep.count,
      sweep.shift ?? 0,
    ]),
    ...words(pokes.flat()),
    ...words(watches),
    ...code,
  ];
  while (body.length % 4 !== 0) body.push(0);
  return [...word(8 + body.length), c.ring, pokes.length, watches.length, code.length, ...body];
}

/** A multiboot ELF file. @param harness what harness.S assembles to */
function makeImage(harness: Uint8Array, cases: readonly SystemCase[]): Uint8Array {
  const view = new DataView(harness.buffer, harness.byteOffset);
  const { once, always } = blocks(view.getUint32(COMMON_AT, true), view.getUint32(DOUBLE_AT, true));
  const reset = [...always.flatMap(({ address, words: contents }) => words([address, contents.length, ...contents])), ...word(-1)];
  const blob = [...word(BLOB + 4 + reset.length), ...reset];
  for (const c of cases) for (const byte of encode(c)) blob.push(byte);
  blob.push(...word(0));
  const parts = [
    [HARNESS, Array.from(harness)],
    [BLOB, blob],
    [TABLE0, words(lowTable(1024))],
    ...once.map(({ address, words: contents }) => [address, words(contents)] as const),
  ] as const;
  const header = 52 + parts.length * 32;
  let at = header;
  const programs = parts.flatMap(([address, bytes]) => {
    const program = words([1, at, address, address, bytes.length, bytes.length, 7, 4]);
    at += bytes.length;
    return program;
  });
  return Uint8Array.from([
    0x7f,
    0x45,
    0x4c,
    0x46,
    1,
    1,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    2,
    0,
    3,
    0,
    ...words([1, HARNESS + 20, 52, 0, 0]),
    52,
    0,
    32,
    0,
    parts.length,
    0,
    40,
    0,
    0,
    0,
    0,
    0,
    ...programs,
    ...parts.flatMap(([, bytes]) => bytes),
  ]);
}

/** Bytes after the letter of a full event, and of a brief one. */
const FULL = 64;
const BRIEF = 12;
const NAMES = ['vector', 'error', 'eip', 'cs', 'flags', 'esp', 'ss', 'frame', 'eax', 'ecx', 'ds', 'es', 'fs', 'gs', 'cr2', 'dr6'] as const;

/**
 * All cases' answers, from images as many as it takes: a case that ends the machine (a triple fault) ends its image, too, and the next begins behind it.
 *
 * @param run what an image writes to the debug console; `exact`: interrupts must be taken between any two instructions
 * @returns a line for each case: `name | event; event … | watched words`; many answers of one case as `what ×times`
 */
export function askAll(
  harness: Uint8Array,
  cases: readonly SystemCase[],
  run: (image: Uint8Array, exact: boolean) => Uint8Array,
): string[] {
  const lines: string[] = [];
  while (lines.length < cases.length) {
    const { exact = false } = cases[lines.length];
    const others = cases.slice(lines.length).findIndex((c) => (c.exact ?? false) !== exact);
    const rest = cases.slice(lines.length, lines.length + Math.min(AT_ONCE, others < 0 ? AT_ONCE : others));
    lines.push(...readAnswers(run(makeImage(harness, rest), exact), rest));
  }
  return lines;
}
const AT_ONCE = 400;

function readAnswers(bytes: Uint8Array, cases: readonly SystemCase[]): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const lines: string[] = [];
  for (const c of cases) {
    const count = c.sweep?.count ?? 1;
    const told: string[] = [];
    for (let n = 0; n < count; n++) {
      const parameter = (c.sweep ? c.sweep.first + n * c.sweep.step : (c.parameter ?? 0)) >>> 0;
      const events: string[] = [];
      while (at < bytes.length && bytes[at] !== 0x58) {
        if (count === 1) {
          events.push(
            full(
              c,
              parameter,
              NAMES.map((_, k) => view.getUint32(at + 1 + k * 4, true)),
            ),
          );
          at += 1 + FULL;
        } else {
          events.push(
            brief(
              parameter,
              bytes[at],
              bytes[at + 1] & 3,
              view.getUint16(at + 2, true),
              view.getUint32(at + 4, true),
              view.getUint32(at + 8, true),
            ),
          );
          at += BRIEF;
        }
      }
      if (at >= bytes.length) return [...lines, `${c.name} | shutdown`];
      const watched = (c.watch ?? []).map((_, k) => hex(view.getUint32(at + 1 + k * 4, true))).join(' ');
      at += 1 + (c.watch?.length ?? 0) * 4;
      told.push(events.join('; ') + (watched && ` | ${watched}`));
    }
    lines.push(`${c.name} | ${repeated(told)}`);
  }
  return lines;
}

function full(c: SystemCase, parameter: number, values: readonly number[]): string {
  const event = Object.fromEntries(NAMES.map((name, n) => [name, values[n]])) as Record<(typeof NAMES)[number], number>;
  const data = c.ring === 0 ? 0x10 : (0x10 + c.ring * 16) | c.ring;
  const usual: Partial<typeof event> = { eax: parameter, ecx: 0x11111111, ds: data, es: data, fs: 0, gs: 0, cr2: 0, dr6: 0xffff0ff0 };
  const shown = [
    `${event.vector}/${hex(event.error)} at ${hex(event.cs & 0xffff)}:${hex(event.eip)} flags=${hex(event.flags)} frame=${hex(event.frame)}`,
  ];
  if ((event.cs & 3) !== 0 && event.frame !== 0) shown.push(`stack=${hex(event.ss & 0xffff)}:${hex(event.esp)}`);
  for (const name of ['eax', 'ecx', 'ds', 'es', 'fs', 'gs', 'cr2', 'dr6'] as const) {
    const value = name.length === 2 ? event[name] & 0xffff : event[name];
    if (value !== usual[name]) shown.push(`${name}=${hex(value)}`);
  }
  return shown.join(' ');
}

/** `s` is the parameter as a selector's error code, `p` the parameter as an address. */
function brief(parameter: number, vector: number, cpl: number, error: number, eip: number, cr2: number): string {
  if (vector === END_VECTOR) return cpl === 0 ? 'end' : `end${cpl}`;
  const code = error === 0 ? '' : error === (parameter & 0xfffc) ? '/s' : `/${hex(error)}`;
  return `${vector}${code}@${hex(eip)}${vector === 14 ? `:${hex(cr2)}` : ''}`;
}

function repeated(told: readonly string[]): string {
  const parts: string[] = [];
  for (let n = 0; n < told.length; ) {
    let end = n;
    while (end < told.length && told[end] === told[n]) end++;
    parts.push(end - n === 1 ? told[n] : `${told[n]} ×${end - n}`);
    n = end;
  }
  return parts.join(', ');
}
