import { gzipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { diagnoseKernel, explainEarlyDeath } from './diagnose.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const field = (text: string): string => text.padEnd(65, '\0');
/** The data of a kernel: its names, and whatever text it has. */
const kernelText = (release: string, machine: string, ...texts: string[]): string =>
  `\x90\x90${['Linux', '(none)', release, '#1', machine].map(field).join('')}${texts.join('\0')}\0`;
const PARAVIRT = '<6>Booting paravirtualized kernel on %s';
const GUEST = [PARAVIRT, 'LGUEST', 'virtio_console'];
const PAE = '%s:%d: bad pgd %p(%016Lx).';

function elf(text: string, machine = 3, type = 2, elfClass = 1): Uint8Array {
  const file = new Uint8Array(52 + text.length);
  file.set([0x7f, 0x45, 0x4c, 0x46, elfClass, 1, 1]);
  file.set([type, 0, machine], 16);
  file.set(bytes(text), 52);
  return file;
}

/** A bzImage with so much packed kernel, and a few bytes behind it. */
function bzImage(packed: Uint8Array, release = ''): Uint8Array {
  const file = new Uint8Array(1024 + 100 + packed.length + 8).fill(0x33, 1024);
  file[0x1f1] = 1;
  file.set(bytes('HdrS'), 0x202);
  if (release) {
    file[0x20f] = 1;
    file.set(bytes(`${release} (root@vm) #1\0`), 0x300);
  }
  file.set(packed, 1124);
  return file;
}

/** Random enough not to shrink below the file around it. */
const PADDING = 'a wombat, '.repeat(5000);
const packed = (text: string): Uint8Array => gzipSync(bytes(text + PADDING));
const withConfig = (...options: string[]): string =>
  `IKCFG_ST${String.fromCharCode(...gzipSync(bytes(options.map((option) => `CONFIG_${option}\n`).join(''))))}IKCFG_ED`;

describe('before it runs, a kernel tells', () => {
  test.each<[string, Uint8Array, object, RegExp | null]>([
    ['a Guest of our version', elf(kernelText('2.6.25', 'i386', ...GUEST)), { format: 'elf', release: '2.6.25', guest: 'yes' }, null],
    [
      'the same, packed',
      bzImage(packed(kernelText('2.6.25-rc3', 'i386', ...GUEST)), '2.6.25-rc3'),
      { format: 'bzImage', release: '2.6.25-rc3', guest: 'yes' },
      null,
    ],
    [
      'a Guest by its own configuration',
      elf(kernelText('2.6.27', 'i386', withConfig('PARAVIRT=y', 'LGUEST_GUEST=y', 'VIRTIO_CONSOLE=y'))),
      { guest: 'yes' },
      null,
    ],
    ['a Guest without a console', elf(kernelText('2.6.25', 'i386', PARAVIRT, 'LGUEST')), { guest: 'yes' }, /no virtio console/],
    ['no lguest', elf(kernelText('2.6.25', 'i386', PARAVIRT)), { release: '2.6.25', guest: 'no' }, /without CONFIG_LGUEST_GUEST/],
    [
      'no lguest, by its own configuration',
      elf(kernelText('2.6.25', 'i386', ...GUEST, withConfig('PARAVIRT=y'))),
      { guest: 'no' },
      /without CONFIG_LGUEST_GUEST/,
    ],
    ['no paravirt', elf(kernelText('2.6.25', 'i386')), { guest: 'no' }, /without CONFIG_PARAVIRT/],
    [
      'no paravirt, packed',
      bzImage(packed(kernelText('2.6.25', 'i386'))),
      { format: 'bzImage', release: '2.6.25', guest: 'no' },
      /without CONFIG_PARAVIRT/,
    ],
    ['PAE', elf(kernelText('2.6.25', 'i386', PARAVIRT, PAE)), { guest: 'no' }, /It has PAE/],
    ['PAE and lguest', elf(kernelText('2.6.32', 'i386', ...GUEST, PAE)), { guest: 'no' }, /built with PAE/],
    ['64 bits', elf(kernelText('2.6.25', 'x86_64', PARAVIRT), 62, 2, 2), { release: '2.6.25', guest: 'no' }, /64-bit/],
    ['64 bits, packed', bzImage(packed(kernelText('2.6.25', 'x86_64', PARAVIRT))), { guest: 'no' }, /64-bit/],
    ['another processor', elf('', 40), { format: 'elf', release: null, guest: 'no' }, /ELF machine 40/],
    ['a module', elf('', 3, 1), { guest: 'no' }, /no kernel: an object file/],
    ['a program of one’s own', elf('hello'), { guest: 'unknown' }, /not Linux/],
    [
      'packed by something else',
      bzImage(bytes('\xfd7zXZ'), '2.6.39'),
      { format: 'bzImage', release: '2.6.39', guest: 'no' },
      /2\.6\.39 speaks another lguest/,
    ],
    [
      'packed by something else, of our version',
      bzImage(bytes('\xfd7zXZ'), '2.6.26'),
      { release: '2.6.26', guest: 'unknown' },
      /cannot look into/,
    ],
    ['far too new', bzImage(bytes('?'), '6.1.0-37-686'), { release: '6.1.0-37-686', guest: 'no' }, /went with 4\.14/],
    ['too old', bzImage(bytes('?'), '2.6.18-6'), { guest: 'no' }, /older than lguest/],
    [
      'damaged',
      bzImage(packed(kernelText('2.6.25', 'i386')).subarray(0, 40)),
      { format: 'bzImage', release: null, guest: 'unknown' },
      /cannot look into/,
    ],
    ['an initial RAM disk', bytes('070701'.padEnd(600, '0')), { format: 'other', guest: 'no' }, /cpio/],
    ['something packed', new Uint8Array([0x1f, 0x8b, 8, 0]), { format: 'other', guest: 'no' }, /gunzip/],
    ['nothing at all', new Uint8Array(0), { format: 'other', release: null, guest: 'no' }, /neither an ELF file nor a bzImage/],
  ])('%s', (_, file, facts, finding) => {
    const diagnosis = diagnoseKernel(file);
    expect(diagnosis).toMatchObject(facts);
    if (finding === null) expect(diagnosis.findings).toEqual([]);
    else expect(diagnosis.findings.join(' ')).toMatch(finding);
  });

  test.each([
    ['2.6.22', /older/],
    ['2.6.23', /the first/],
    ['2.6.24', /devices/],
    ['2.6.35', /newer/],
    ['3.2', /newer/],
    ['4.14.1', /went/],
  ])('by its version alone: %s', (release, finding) => {
    expect(diagnoseKernel(elf(kernelText(release, 'i386', ...GUEST)))).toMatchObject({
      guest: 'no',
      findings: [expect.stringMatching(finding)],
    });
  });

  test.each(['2.6.25', '2.6.26', '2.6.29.6', '2.6.30', '2.6.34-rc7'])('%s is understood', (release) => {
    expect(diagnoseKernel(elf(kernelText(release, 'i386', ...GUEST)))).toEqual({ format: 'elf', release, guest: 'yes', findings: [] });
  });

  test('never more than it knows, wherever the file is cut', () => {
    const whole = bzImage(packed(kernelText('2.6.25', 'i386', ...GUEST)), '2.6.25');
    for (let length = 0; length <= whole.length; length += 37)
      expect(diagnoseKernel(whole.subarray(0, length)).findings.every((sentence) => sentence.length > 0)).toBe(true);
  });
});

describe('after an early death', () => {
  test.each([
    ['unhandled trap 6 at 0x10006e (0x0)', /undefined instruction/],
    ['unhandled trap 13 at 0x100010 (0x0)', /privileged instruction/],
    ['unhandled trap 14 at 0x100010 (0x5000000)', /memory/],
    ['hypercall 7 before LGUEST_INIT', /another language/],
    ['bad guest page 0xffff0000', /another version/],
  ])('%s', (reason, told) => {
    expect(explainEarlyDeath(reason)).toMatch(told);
  });

  test('and nothing where the reason says it all', () => {
    expect(explainEarlyDeath('CRASH: no wombats')).toBeNull();
  });
});
