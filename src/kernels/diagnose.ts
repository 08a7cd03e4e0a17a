/**
 * What a kernel file tells about itself, and why it can or cannot be an lguest Guest, in plain words. Nothing is executed: the file's headers, the text inside (unpacked where the file
 * is a bzImage packed with gzip) and, where there is one, the configuration the kernel carries along.
 *
 * Formats: ELF, and the x86 boot protocol of Linux (setup header at 0x1F1; `kernel_version` at 0x20E; `payload_offset` at 0x248 from protocol 2.08 on).
 */
import { Gunzip, gunzipSync } from 'fflate';

/** What can be told of a kernel before it runs. */
export interface KernelDiagnosis {
  /** How the file is wrapped. */
  format: 'elf' | 'bzImage' | 'other';
  /** The kernel's release, `2.6.25`; null where it does not tell. */
  release: string | null;
  /** Can it be a Guest: `unknown` where the file keeps its inside to itself. */
  guest: 'yes' | 'no' | 'unknown';
  /** What is wrong, or worth knowing; a sentence each. Empty for a Guest of a version that this Host speaks. */
  findings: string[];
}

const latin1 = new TextDecoder('latin1');
const ELF_MAGIC = 0x7f454c46;
const ELFCLASS64 = 2;
const EM_386 = 3;
const EM_X86_64 = 62;
const ET_EXEC = 2;
const HDRS = 0x48647253;
const WIDE = 'This is 64-bit; an lguest Guest is a 32-bit kernel (ARCH=i386).';

/** Looks at a kernel file. Never throws; what cannot be read is not told. */
export function diagnoseKernel(file: Uint8Array): KernelDiagnosis {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length >= 52 && view.getUint32(0) === ELF_MAGIC) return diagnoseElf(file, view);
  if (file.length >= 0x250 && view.getUint32(0x202) === HDRS) return diagnoseBzimage(file, view);
  return { format: 'other', release: null, guest: 'no', findings: [otherFile(file)] };
}

/** Whether it is a Linux, as far as can be told at a glance. Never throws. */
export function isLinux(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length >= 0x250 && view.getUint32(0x202) === HDRS) return true;
  return file.length >= 52 && view.getUint32(0) === ELF_MAGIC && latin1.decode(file).includes('Linux version ');
}

/** What else people try to boot, by the first bytes. */
const OTHER: readonly (readonly [readonly number[], string])[] = [
  [[0x1f, 0x8b], 'This is packed with gzip: unpack it first (gunzip).'],
  [[0xfd, 0x37, 0x7a], 'This is packed with xz: unpack it first.'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'This is packed with zstd: unpack it first.'],
  [[0x30, 0x37, 0x30, 0x37], 'This is a cpio archive: an initial RAM disk, perhaps, but no kernel.'],
  [[0x4d, 0x5a], 'This is a program for DOS, Windows or EFI, not a kernel.'],
];

function otherFile(file: Uint8Array): string {
  const known = OTHER.find(([magic]) => magic.every((byte, at) => file[at] === byte));
  return known?.[1] ?? 'This is neither an ELF file nor a bzImage: it is no Linux kernel for the PC.';
}

function diagnoseElf(file: Uint8Array, view: DataView): KernelDiagnosis {
  const machine = view.getUint16(18, true);
  const wrong = (sentence: string, release: string | null = null): KernelDiagnosis => ({
    format: 'elf',
    release,
    guest: 'no',
    findings: [sentence],
  });
  if (machine === EM_X86_64 || (machine === EM_386 && view.getUint8(4) === ELFCLASS64)) {
    return wrong(WIDE, contents(file).release);
  }
  if (machine !== EM_386)
    return wrong(`This is for another processor (ELF machine ${machine}); an lguest Guest is for the 386 and its children.`);
  if (view.getUint16(16, true) !== ET_EXEC) return wrong('This is an ELF file but no kernel: an object file, a module or a library.');
  const inside = contents(file);
  if (!inside.linux)
    return {
      format: 'elf',
      release: null,
      guest: 'unknown',
      findings: ['This is an ELF program for the 386, but not Linux; whether it speaks to lguest, only running it will show.'],
    };
  return verdict('elf', inside, inside.release);
}

function diagnoseBzimage(file: Uint8Array, view: DataView): KernelDiagnosis {
  const named = headerVersion(file, view);
  const packed = unpack(file, view);
  if (packed) {
    const inside = contents(packed);
    if (inside.linux) return verdict('bzImage', inside, inside.release ?? named);
  }
  const findings =
    packed === null
      ? ['The kernel inside is packed in a way that this page cannot look into; whether it can be a Guest, only running it will show.']
      : [];
  const age = named === null ? null : byVersion(named);
  if (age?.no) return { format: 'bzImage', release: named, guest: 'no', findings: [age.sentence] };
  return { format: 'bzImage', release: named, guest: 'unknown', findings: age ? [age.sentence, ...findings] : findings };
}

/** The release in a bzImage's boot sectors; the field holds its offset, less 0x200. */
function headerVersion(file: Uint8Array, view: DataView): string | null {
  const offset = view.getUint16(0x20e, true);
  if (offset === 0) return null;
  const text = latin1.decode(file.subarray(offset + 0x200, offset + 0x200 + 64));
  return /^\d+\.\d+[^\s\0]*/.exec(text)?.[0] ?? null;
}

/** The kernel inside a bzImage; null where it is not packed with gzip, or the packing is damaged. */
function unpack(file: Uint8Array, view: DataView): Uint8Array | null {
  const start = (view.getUint8(0x1f1) + 1) * 512;
  for (let at = start; at < file.length - 10; at++) {
    if (file[at] !== 0x1f || file[at + 1] !== 0x8b || file[at + 2] !== 8 || (file[at + 3] & 0xe0) !== 0) continue;
    const kernel = gunzipPrefix(file.subarray(at));
    if (kernel !== null && kernel.length > file.length) return kernel;
  }
  return null;
}

/** Unpacks what a gzip stream holds, and lets anything stand behind it. */
function gunzipPrefix(bytes: Uint8Array): Uint8Array | null {
  const pieces: Uint8Array[] = [];
  const stream = new Gunzip((piece) => pieces.push(piece));
  try {
    stream.push(bytes, true);
  } catch {
    // What follows the packed kernel is no gzip stream: by then the kernel is out.
  }
  if (pieces.length === 0) return null;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** What the unpacked kernel says. */
interface Contents {
  linux: boolean;
  release: string | null;
  wide: boolean;
  paravirt: boolean;
  lguest: boolean;
  pae: boolean;
  console: boolean;
}

/** `init_uts_ns` as it is compiled in: system, node, release, version, machine, each in 65 bytes. */
const UTS = /Linux\0{60}\(none\)\0{59}([^\0]{1,64})\0+[^\0]{1,64}\0+([^\0]{1,64})\0/;

function contents(kernel: Uint8Array): Contents {
  const text = latin1.decode(kernel);
  const uts = UTS.exec(text);
  const banner = /Linux version (\d+\.\d+[^\s\0]*)/.exec(text);
  const config = ownConfig(kernel, text);
  const has = (option: string, marks: RegExp): boolean => (config === null ? marks.test(text) : config.includes(`CONFIG_${option}=y\n`));
  return {
    linux: uts !== null || banner !== null,
    release: uts?.[1] ?? banner?.[1] ?? null,
    wide: uts?.[2] === 'x86_64',
    paravirt: has('PARAVIRT', /Booting paravirtualized kernel on/),
    lguest: has('LGUEST_GUEST', /LGUEST\0/),
    pae: has('X86_PAE', /bad p[mg]d %p\(%016Lx\)/),
    console: has('VIRTIO_CONSOLE', /virtio_console|virtcons/),
  };
}

/** The configuration that a kernel with CONFIG_IKCONFIG carries along, between two marks. */
function ownConfig(kernel: Uint8Array, text: string): string | null {
  const start = text.indexOf('IKCFG_ST\x1f\x8b');
  const end = text.indexOf('IKCFG_ED', start);
  if (start < 0 || end < 0) return null;
  try {
    return latin1.decode(gunzipSync(kernel.subarray(start + 8, end)));
  } catch {
    return null;
  }
}

function verdict(format: 'elf' | 'bzImage', inside: Contents, release: string | null): KernelDiagnosis {
  const age = release === null ? null : byVersion(release);
  const no = (...findings: string[]): KernelDiagnosis => ({ format, release, guest: 'no', findings });
  if (inside.wide) return no(WIDE);
  if (!inside.lguest) {
    const first = inside.paravirt
      ? 'This kernel was built without CONFIG_LGUEST_GUEST: it can be somebody’s Guest, but not lguest’s.'
      : 'This kernel was built without CONFIG_PARAVIRT: it will behave as on bare hardware, and be stopped at its first privileged instruction.';
    return no(
      inside.pae
        ? `${first} It has PAE, and lguest of this age cannot be had with PAE: say CONFIG_X86_PAE=n (no more than 4 GB), then CONFIG_LGUEST_GUEST=y.`
        : first,
    );
  }
  if (inside.pae)
    return no('This kernel was built with PAE, page tables of three levels; this Host knows two. Build it with CONFIG_X86_PAE=n.');
  if (age?.no) return no(age.sentence);
  const findings = age?.sentence ? [age.sentence] : [];
  if (!inside.console) findings.push('It has no virtio console (CONFIG_VIRTIO_CONSOLE): once it is up, nobody will hear it.');
  return { format, release, guest: 'yes', findings };
}

/**
 * Why a Guest died before it had said hello, as far as the way it died tells; null where it tells nothing.
 * @param reason the Host's, of the death event
 */
export function explainEarlyDeath(reason: string): string | null {
  return EARLY_DEATHS.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}

const EARLY_DEATHS: readonly (readonly [RegExp, string])[] = [
  [
    /^unhandled trap 6 /,
    'It met an undefined instruction before its first hypercall: that is what Linux has where support for a sub-architecture was left out (CONFIG_LGUEST_GUEST).',
  ],
  [
    /^unhandled trap 13 /,
    'It tried a privileged instruction before its first hypercall, as on bare hardware: there is no way in for a Guest (CONFIG_PARAVIRT), or the kernel is a 64-bit one.',
  ],
  [
    /^unhandled trap 14 /,
    'It reached for memory that it does not have, before its first hypercall: more memory may help, if this is a kernel for a Guest at all.',
  ],
  [/before LGUEST_INIT$/, 'Its first hypercall was not LGUEST_INIT: it speaks another language than lguest’s.'],
  [
    /^(?:bad guest page|bad syscall vector|bad kernel address)/,
    'The Host cannot make sense of its first hypercall: it speaks the lguest of another version than 2.6.25 to 2.6.34.',
  ],
];

/** What the release alone tells. The ABI changed from version to version: it was declared unstable, and was. */
function byVersion(release: string): { no: boolean; sentence: string } | null {
  const [, major, minor, patch] = (/^(\d+)\.(\d+)(?:\.(\d+))?/.exec(release) ?? []).map(Number);
  const number = major * 10000 + minor * 100 + (major === 2 ? patch : 0);
  if (Number.isNaN(number)) return null;
  if (number >= 41400) return { no: true, sentence: `Linux ${release} has no lguest any more: it went with 4.14.` };
  if (number < 20623) return { no: true, sentence: `Linux ${release} is older than lguest, which came with 2.6.23.` };
  const spoken = (what: string): { no: boolean; sentence: string } => ({
    no: true,
    sentence: `Linux ${release} speaks another lguest than this Host, which understands 2.6.25 to 2.6.34: ${what}.`,
  });
  if (number > 20634) return spoken('it is newer');
  if (number === 20623) return spoken('it is the first, from before there was virtio');
  if (number === 20624) return spoken('it looks for its devices in another kind of list, and will find none');
  return null;
}
