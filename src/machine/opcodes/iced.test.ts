import { Code, Decoder, Mnemonic } from 'iced-x86';
import { describe, expect, it } from 'vitest';
import { decode, decoderOf, FORMS, OPCODE_TABLE, parseTable, type Instruction } from './index.ts';

/** Names iced has for what differs by operand size: [16-bit, 32-bit]. */
const BY_SIZE: Readonly<Record<string, readonly [string, string]>> = {
  cbw: ['cbw', 'cwde'],
  cwd: ['cwd', 'cdq'],
  pusha: ['pusha', 'pushad'],
  popa: ['popa', 'popad'],
  pushf: ['pushf', 'pushfd'],
  popf: ['popf', 'popfd'],
  iret: ['iret', 'iretd'],
};
const STRINGS = new Set(['movs', 'cmps', 'stos', 'lods', 'scas', 'ins', 'outs']);
const RENAMED: Readonly<Record<string, string>> = { fwait: 'wait', xlat: 'xlatb' };

/** The mnemonic iced should give. */
function icedName(insn: Instruction): string {
  const { form } = insn;
  if (!form) return '';
  const sizes = BY_SIZE[form.name];
  if (sizes) return sizes[insn.operandSize === 16 ? 0 : 1];
  if (STRINGS.has(form.name))
    return form.mnemonic + (form.operands.some((o) => o.size === 'b') ? 'b' : insn.operandSize === 16 ? 'w' : 'd');
  if (form.name === 'jecxz') return insn.addressSize === 16 ? 'jcxz' : 'jecxz';
  if (form.mnemonic === 'shl' && form.digit === 6) return 'sal';
  // An FSTP that takes no notice of an empty register, and the long NOP's neighbours, have names of their own there.
  if (form.mnemonic === 'fstp' && form.opcode === 0xd9 && form.modrm === 'opcode') return 'fstpnce';
  if (form.mnemonic === 'nop' && form.map === 1 && insn.reg !== 0) return 'reservednop';
  return RENAMED[form.mnemonic] ?? form.mnemonic;
}

/** Everything our table has a name for, as iced names it. */
const KNOWN = new Set(
  FORMS.flatMap((form) =>
    [16, 32].flatMap((operandSize) => [16, 32].map((addressSize) => icedName({ form, operandSize, addressSize } as Instruction))),
  ),
);

/** Codes of known mnemonics that an i586 with CMOV does not have, or that this machine leaves out: reserved NOPs, and the like. */
function beyond(code: string): boolean {
  return (
    /^(VEX|EVEX|XOP|MVEX|D3NOW)_/.test(code) ||
    code.startsWith('Ud0') ||
    code.startsWith('Ud1') ||
    /^(Mov_tr|Mov_r32_tr|Reservednop|Nop_rm|Movsd_xmm|Cmpsd_xmm|Fstdw|Fstsg|Frstpm|Fnstdw|Fnstsg)/.test(code)
  );
}

/** xorshift32: the same bytes in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** One disagreement between ours and iced over these bytes, or ''. */
function disagreement(bytes: Uint8Array, decodeOurs = decode): string {
  const ours = decodeOurs((i) => bytes[i], true);
  const decoder = new Decoder(32, bytes, 0);
  const theirs = decoder.decode();
  const name = Mnemonic[theirs.mnemonic].toLowerCase();
  const code = Code[theirs.code];
  const { length } = theirs;
  const invalid = theirs.code === Code.INVALID;
  theirs.free();
  decoder.free();
  const hex = Buffer.from(bytes).toString('hex');
  const said = `${hex}: iced ${name} (${code}) ${length}, ours ${icedName(ours) || '-'} ${ours.fault} ${ours.length}`;
  if (ours.fault) return !invalid && KNOWN.has(name) && !beyond(code) ? said : '';
  if (invalid) return said;
  return name === icedName(ours) && length === ours.length ? '' : said;
}

/**
 * Where iced stands for another opinion on purpose: it takes MOV CR with any register number through, or refuses some
 * (CR1, CR5 …: #UD in execution here), wants mandatory prefixes absent that a Pentium ignores, and knows CPUs since.
 */
function excused(bytes: Uint8Array): boolean {
  let at = 0;
  let repeated = false;
  while (at < bytes.length && [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3].includes(bytes[at])) {
    repeated ||= bytes[at] === 0xf2 || bytes[at] === 0xf3;
    at++;
  }
  if (bytes[at] !== 0x0f) return false;
  const second = bytes[at + 1];
  if (second >= 0x20 && second <= 0x23) return true;
  return repeated && [0x00, 0x01, 0x09, 0xbc, 0xbd, 0xc7, 0x1e, 0x1f, 0x0b, 0x30, 0x31, 0x32, 0xa2].includes(second);
}

describe('decode, against iced-x86', () => {
  it('agrees on every opcode byte, ModRM byte and prefix', () => {
    const wrong: string[] = [];
    for (const prefix of [[], [0x66], [0x67], [0xf3], [0x2e, 0x66, 0x67]]) {
      for (let map = 0; map < 2; map++) {
        for (let opcode = 0; opcode < 256; opcode++) {
          for (let modrm = 0; modrm < 256; modrm += 1) {
            const bytes = new Uint8Array(16).fill(0x24);
            bytes.set([...prefix, ...(map ? [0x0f] : []), opcode, modrm]);
            const said = excused(bytes) ? '' : disagreement(bytes);
            if (said) wrong.push(said);
          }
        }
      }
    }
    expect(wrong.slice(0, 40)).toEqual([]);
  }, 60_000);

  it('agrees on 60,000 runs of random bytes', () => {
    const next = random(0x1234567);
    const wrong: string[] = [];
    for (let n = 0; n < 60_000; n++) {
      const bytes = Uint8Array.from({ length: 16 }, () => next() >>> 13);
      const said = excused(bytes) ? '' : disagreement(bytes);
      if (said) wrong.push(said);
    }
    expect(wrong.slice(0, 40)).toEqual([]);
  }, 60_000);

  it('agrees on forms behind F3 that only a later processor has, once the table has them', () => {
    const later = [
      'popcnt | F3 0F B8 /r | Gv Ev |',
      'tzcnt | F3 0F BC /r | Gv Ev |',
      'lzcnt | F3 0F BD /r | Gv Ev |',
      'rdpid | F3 0F C7 /7 | Rd |',
    ];
    const missing = parseTable(later.join('\n')).map(({ key }, n) => (FORMS.some((form) => form.key === key) ? '' : later[n]));
    const decodeLater = decoderOf(parseTable([OPCODE_TABLE, ...missing].join('\n')));
    const wrong: string[] = [];
    for (const prefix of [[0xf3], [0x66, 0xf3], [0xf3, 0x66], [0xf3, 0x67], [0x2e, 0xf3], [0xf2, 0xf3], []]) {
      for (const opcode of [0xb8, 0xbc, 0xbd, 0xc7]) {
        for (let modrm = 0; modrm < 256; modrm++) {
          const bytes = new Uint8Array(16).fill(0x24);
          bytes.set([...prefix, 0x0f, opcode, modrm]);
          const said = disagreement(bytes, decodeLater);
          if (said) wrong.push(said);
        }
      }
    }
    expect(wrong.slice(0, 40)).toEqual([]);
  });
});
