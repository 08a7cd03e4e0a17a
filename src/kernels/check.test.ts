import { describe, expect, test } from 'vitest';
import { assemble } from '#asm';
import { program } from '#lguest';
import { checkLinux, describeLinuxCheck } from './check.ts';
import type { LinuxCheckResult } from './check.ts';

/** A stand-in for a Linux: says its text on the early console, and powers off. */
function guest(text: string, ending = 'movl $2, %eax ; movl $over, %edx ; movl $1, %ebx ; int $0x1f'): Uint8Array {
  const done = assemble(
    [
      {
        name: 'guest.S',
        text: `
    .text
    movl $1, %eax ; movl $0x180000, %edx ; movl $0xc0000000, 0x180468 ; movl $0x80, 0x18046c ; int $0x1f
    movl $17, %eax ; movl $said, %edx ; int $0x1f
    ${ending}
said: .asciz "${text}"
over: .asciz "Power down"`,
      },
    ],
    { base: 0x100000 },
  );
  if (!done.ok) throw new Error(done.errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const elf = done.elf();
  new DataView(elf.buffer, elf.byteOffset).setUint32(24, done.entry, true);
  return elf;
}

function check(bytes: Uint8Array): LinuxCheckResult {
  let time = 0;
  return checkLinux({ program, kernel: { name: 'vmlinux', bytes }, memory: 4, args: [], maxInstructions: 2_000_000, now: () => time++ });
}

const findings = (result: LinuxCheckResult): string[] => result.findings.map(({ good, text }) => `${good ? 'ok' : 'NOT ok'}: ${text}`);

describe('a Guest that tests itself', () => {
  test.each<[string, Uint8Array, string[]]>([
    ['passes', guest('ok 1 - one\\nok 2 - two\\nall: PASS\\n'), ['ok: 2 of 2 checks passed inside the Guest', 'ok: powered off']],
    [
      'fails',
      guest('ok 1 - one\\nNOT ok 2 - two: got 3\\nall: FAIL\\n'),
      ['NOT ok: 1 of 2 checks passed inside the Guest', 'NOT ok: NOT ok 2 - two: got 3', 'ok: powered off'],
    ],
    [
      'claims to pass, and did not',
      guest('not ok 1 - one\\nPASS\\n'),
      ['NOT ok: 0 of 1 checks passed inside the Guest', 'NOT ok: not ok 1 - one', 'ok: powered off'],
    ],
    [
      'dies after its last word',
      guest('ok 1 - one\\nPASS\\n', 'ud2'),
      ['ok: 1 of 1 checks passed inside the Guest', 'NOT ok: ended with status 1'],
    ],
    [
      'dies before it',
      guest('ok 1 - one\\n', 'ud2'),
      [expect.stringMatching(/^NOT ok: waited in vain for a prompt, or the word PASS: the Guest ended first: lguest: unhandled trap 6/)],
    ],
    [
      'never ends',
      guest('ok 1 - one\\nPASS\\n', 'jmp .'),
      [
        'ok: 1 of 1 checks passed inside the Guest',
        expect.stringMatching(/^NOT ok: waited in vain for the power-off: 2 million instructions were not enough/),
        'NOT ok: ended with status none: it still runs',
      ],
    ],
  ])('%s', (_, bytes, told) => {
    expect(findings(check(bytes))).toEqual(told);
  });
});

test('a file that cannot be a Guest is not even started', () => {
  const result = check(new TextEncoder().encode('070701'.padEnd(2000, '0')));
  expect(findings(result)).toEqual([expect.stringMatching(/^NOT ok: This is a cpio archive/)]);
  expect(result.marks).toEqual([]);
});

test('the figures are told in one line for each mark', () => {
  const text = describeLinuxCheck(check(guest('PASS\\n')));
  expect(text).toMatch(
    /^ {2}to the end: 0\.0 million instructions, 0\.00 s; \d+ switches, \d+ exits, \d+ page faults \(0 the Guest’s own\), 3 hypercalls and 64 through the ring, 0 interrupts\n {2}ok: /,
  );
});
