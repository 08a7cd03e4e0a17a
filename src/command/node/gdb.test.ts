/** Debian's gdb, unmodified, at the other end of the wire: what it shows of a Guest, forwards and backwards. Where there is no gdb, nothing is tried. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { debug, hasGdb } from '../../../scripts/lib/gdb.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';

const missing = !hasGdb();
const ELF = `${TOP}/.tangled/guests/puppy.elf`;

test.skipIf(missing || !existsSync(ELF))('breakpoints, steps and watched memory, there and back', { timeout: 300_000 }, async () => {
  const { own, monitor } = await debug(['16', ELF, `--initrd=${TOP}/.tangled/guests/puppy.cpio`], ELF, [
    'break start_kernel',
    'continue',
    'stepi',
    'reverse-stepi',
    'watch *(int*)&pages_free',
    'continue',
    'continue',
    'reverse-continue',
    'reverse-continue',
    'reverse-continue',
    'reverse-continue',
    'monitor place',
    'echo ====\\n',
    'delete',
    'break find_free',
    'continue',
    'monitor events 2',
    'monitor gates',
    'monitor tables',
    'kill',
  ]);
  const [steps] = own.split('====');
  const lines = steps.split('\n').filter((line) => /Breakpoint 1,|^0x|Old|New|history/.test(line));
  expect(lines.map((line) => line.replace(/0x[0-9a-f]+/g, 'ADDRESS').replace(/\d{4,}/g, 'PAGES'))).toEqual([
    'ADDRESS in ?? ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'ADDRESS in start_kernel ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'Old value = 0',
    'New value = PAGES',
    'ADDRESS in find_free ()',
    'Old value = PAGES',
    'New value = PAGES',
    'ADDRESS in page_put ()',
    'Old value = PAGES',
    'New value = PAGES',
    'ADDRESS in page_put ()',
    'Old value = PAGES',
    'New value = 0',
    'ADDRESS in find_free ()',
    'Breakpoint 1, ADDRESS in start_kernel ()',
    'No more reverse-execution history.',
    'ADDRESS in ?? ()',
  ]);
  expect(monitor).toMatch(/^instruction \d+/m);
  expect(monitor.split('\n').filter((line) => line.startsWith('{"'))).toHaveLength(2);
  expect(monitor).toMatch(/^80 straight to the Guest handler 0xc010[0-9a-f]{4}, int in rings 0 to 3$/m);
  expect(monitor).toMatch(/^0xc0100000: Guest 0x00100063 shadow 0x[0-9a-f]{5}063$/m);
  expect(monitor).toMatch(/^0xffc00000: Guest 0x00000000 shadow 0x[0-9a-f]{8} \(switcher\)$/m);
});

/** Freestanding code in C, without symbols, from 0x1037e0 on: its image is kept, and so are its addresses. */
const BENCH = `${TOP}/src/bench/image/bench-lguest.elf`;
/** In the loop of “fib”: before the call of fib(28), and behind it, behind tak(18, 12, 6) and behind ack(2, 300); and fib itself. */
const LOOP = { before: 0x1026d0, fib: 0x1026db, tak: 0x1026fa, ack: 0x102714 };
const FIB = 0x1025b0;

test.skipIf(missing)(
  'a Guest without symbols: registers, memory, steps, conditions, and after a leave it goes on',
  { timeout: 300_000 },
  async () => {
    const at = (address: number): string => `break *${address}`;
    const tell = (what: string): string => `printf "${what}\\n"`;
    const pc = 'printf "at %x\\n", $pc';
    const { own, monitor, guest } = await debug(['64', BENCH, 'w=fib', 'reps=1', 'd=20'], BENCH, [
      tell('BEGIN'),
      pc,
      'x/2i $pc',
      'info registers cs ss eflags',
      // The third instruction is a push onto a page that nobody has touched: what the Host does about that is no step.
      ...['stepi', pc, 'stepi', pc, 'stepi', pc, 'printf "esp %x\\n", $esp'],
      ...['reverse-stepi', pc, 'reverse-stepi', pc, 'reverse-stepi', pc, 'reverse-stepi', pc],
      tell('LOOP'),
      ...[LOOP.before, LOOP.fib, LOOP.tak, LOOP.ack].map(at),
      'continue',
      ...['stepi', 'stepi', 'stepi', pc, 'printf "fib of %d\\n", $eax', 'x/1xw $esp'],
      'watch -l *(unsigned *)($esp - 8)',
      ...['continue', pc, 'delete 5'],
      `break *${FIB} if $eax == 20`,
      ...['continue', 'printf "fib of %d\\n", $eax', 'delete 6'],
      ...[
        'continue',
        'printf "fib(28) is %d\\n", $eax',
        'continue',
        'printf "tak is %d\\n", $eax',
        'continue',
        'printf "ack is %d\\n", $eax',
      ],
      tell('BACK'),
      ...['reverse-continue', 'printf "tak is %d\\n", $eax', 'reverse-continue', 'printf "fib(28) is %d\\n", $eax'],
      ...['reverse-continue', pc, 'reverse-continue', pc],
      tell('END'),
      'monitor events 3',
      'monitor tables',
      'monitor gates',
      // Memory that is not there is an error of gdb's, and not of the conversation; and a way that gdb does not go itself, it has to be told of.
      'python\ntry:\n  gdb.execute("x/1xw 0xf0000000")\nexcept gdb.error as error:\n  print(error)\nend',
      ...['monitor go 1000000', 'maintenance flush register-cache', 'maintenance flush dcache', pc, 'monitor worlds'],
      tell('THERE'),
      'delete',
      'detach',
    ]);
    const part = (from: string, to: string): string[] =>
      own
        .slice(own.indexOf(`${from}\n`) + from.length + 1, own.indexOf(`${to}\n`))
        .split('\n')
        .filter((line) => /^(?:at|esp|fib|tak|ack|=>|Old|New|cs|ss|eflags|0x1[01][0-9a-f]+:|Breakpoint|No more|Hardware|0xf)/.test(line))
        .map((line) => line.replace(/\s+/g, ' '));
    expect(part('BEGIN', 'LOOP')).toEqual([
      'at 1037e0',
      '=> 0x1037e0: cld',
      'cs 0x61 97',
      'ss 0x69 105',
      'eflags 0x202 [ IF ]',
      'at 1037e1',
      'at 1037e6',
      'at 1037e7',
      'esp 11bffc',
      'at 1037e6',
      'at 1037e1',
      'at 1037e0',
      'No more reverse-execution history.',
      'at 1037e0',
    ]);
    expect(part('LOOP', 'BACK')).toEqual([
      'Breakpoint 1 at 0x1026d0',
      'Breakpoint 2 at 0x1026db',
      'Breakpoint 3 at 0x1026fa',
      'Breakpoint 4 at 0x102714',
      'Breakpoint 1, 0x001026d0 in ?? ()',
      'at 1025b0',
      'fib of 28',
      '0x11bf58: 0x001026db',
      'Hardware watchpoint 5: -location *(unsigned *)($esp - 8)',
      'Hardware watchpoint 5: -location *(unsigned *)($esp - 8)',
      'Old value = 0',
      'New value = 1',
      'at 1025ba',
      'Breakpoint 6 at 0x1025b0',
      'Breakpoint 6, 0x001025b0 in ?? ()',
      'fib of 20',
      'Breakpoint 2, 0x001026db in ?? ()',
      'fib(28) is 317811',
      'Breakpoint 3, 0x001026fa in ?? ()',
      'tak is 7',
      'Breakpoint 4, 0x00102714 in ?? ()',
      'ack is 603',
    ]);
    expect(part('BACK', 'END')).toEqual([
      'Breakpoint 3, 0x001026fa in ?? ()',
      'tak is 7',
      'Breakpoint 2, 0x001026db in ?? ()',
      'fib(28) is 317811',
      'Breakpoint 1, 0x001026d0 in ?? ()',
      'at 1026d0',
      'No more reverse-execution history.',
      'at 1037e0',
    ]);
    expect(part('END', 'THERE')).toEqual(['0xf0000000: Cannot access memory at address 0xf0000000', 'at 1025e1']);
    expect(monitor).toMatch(/^guest-kernel: eip 0x001025e1 /m);
    // The first instruction was fetched from a page that its shadow did not have yet.
    expect(monitor).toMatch(/^\{"kind":"fault","address":1062880,"error":0,"hidden":true,/m);
    expect(monitor).toMatch(/^0x00103000: Guest 0x00103027 shadow 0x[0-9a-f]{5}025 \(clean\)$/m);
    expect(monitor).toContain('the Guest has no handlers yet');
    // fib(28), tak and ack, mixed: what the same code says on any machine.
    expect(guest).toContain('@rep fib 0 ck=e4cc8eeb');
    expect(guest).toContain('@done ok');
  },
);
