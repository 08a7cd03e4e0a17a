/** Sessions typed at Puppy's shell: the screen is the same whatever the tick, the budgets, and the way code is run; and bad programs are their own affair. */
import { describe, expect, test } from 'vitest';
import { Dice, effort } from '#testing';
import { allPrograms, archiveOf, programOf, puppy, run, withFiles } from './session.ts';

const KEYS = [
  'echo one two\r',
  'ls / | wc\r',
  'cat /etc/motd | grep small | wc\r',
  'nonsense\r',
  'cat /absent\r',
  'crash null\r',
  'echo unfinished\u0015echo fini\u007f\u007f\u007f\u007fgone\r',
  'cat\r',
  'a line\r',
  '\u0003',
  'yes | head -2\r',
  'halt\r',
];

/** The session, run in some way. */
const session = (more: Partial<Parameters<typeof run>[0]>): ReturnType<typeof run> =>
  run({ kernel: puppy(), archive: allPrograms(), keys: KEYS, ...more });

describe('a session at the shell', () => {
  const plain = session({});

  test('says what it should', () => {
    expect(plain.ending).toBe('exit 0');
    for (const line of ['one two', 'a line', 'y\ny']) expect(plain.screen).toContain(`\n${line}\n`);
    expect(plain.screen).toMatch(/gone\n/);
    expect(plain.screen).not.toContain('bug');
  });

  test.each([['lazy=off'], ['patch=off'], ['syscalls=host'], ['lazy=off patch=off syscalls=host']])('is the same with %s', (args) => {
    expect(session({ args: args.split(' ') })).toEqual(plain);
  });

  test('is the same with code that is never translated', () => {
    expect(session({ translate: false })).toEqual(plain);
  });

  test('is the same with any tick, and in pieces of any size', () => {
    for (let i = 0; i < 4 * effort(); i++) {
      const dice = new Dice(i);
      const tick = 20_000 + dice.below(20_000_000);
      const most = dice.pick([97, 5_000, 200_000]);
      expect(session({ kernel: puppy(tick), budget: () => 1 + dice.below(most), translate: dice.pick([true, 2]) }), `${tick} ns`).toEqual(
        plain,
      );
    }
  });
});

test('the first process cannot be sent away, the shell only in earnest, and ^C forgets what was typed ahead', () => {
  const keys = [
    'kill 1; kill -9 1; kill 5; kill abc; kill -TERM 5; kill -9 5x; echo still here\r',
    'cat\r',
    'echo ahead\r\u0003',
    '/etc; echo $?; nosuch; echo $?\r',
    'kill -9 5\r',
  ];
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('\nstill here\n');
  expect(screen).not.toContain('\nahead\n');
  expect(screen).toContain('sh: /etc: Permission denied\n126\nsh: nosuch: No such file or directory\n127\n');
});

test.each([
  ['yes | head -n 2', 'y\ny\n'],
  ['yes | head -n2', 'y\ny\n'],
  ['head -c 3', 'head: -c: Invalid argument\n'],
  ['head -n', 'head: -n: Invalid argument\n'],
  ['cp', 'cp: what, please?\n'],
  ['grep', 'grep: what, please?\n'],
  ['cp /bin /dev/null; echo $?', 'cp: /bin: Is a directory\n1\n'],
  ['echo "open', 'sh: that line makes no sense to me\n'],
  ["echo 'open", 'sh: that line makes no sense to me\n'],
  ['&', 'sh: that line makes no sense to me\n'],
  ['> /dev/null; echo $?', '0\n'],
  ['help > /dev/null; echo $?', '0\n'],
  [`cat /${'n'.repeat(255)}`, `cat: /${'n'.repeat(255)}: No such file or directory\n`],
  [`echo${' 7'.repeat(250)}`, 'sh: echo: Argument list too long\n'],
  ['ab\u001b[15~c\u001b[1;5Cd\u001b[De', 'sh: abced: No such file or directory\n'],
])('%j is met with %j', (line, answer) => {
  const { screen } = run({ kernel: puppy(), archive: allPrograms(), keys: [`${line}\r`, 'halt\r'] });
  expect(screen).toContain(`\n${answer}/ # `);
});

test('slips of the finger are told, each with a sentence', () => {
  const told: [string, string][] = [
    ['ls /dev/null; cp /etc/motd /dev/null; echo $?', '/dev/null\n0\n'],
    ['cat /etc/rc/; ls /etc/rc/ /etc/.', 'cat: /etc/rc/: Not a directory\nls: /etc/rc/: Not a directory\nmotd  rc    \n'],
    ['/etc/motd; echo $?', 'sh: /etc/motd: Permission denied\n126\n'],
    ['umount /dev; umount /proc; umount /', ['dev', 'proc', ''].map((name) => `umount: /${name}: Device or resource busy\n`).join('')],
    ['sleep 1x; sleep 99999999999; sleep ""', ['1x', '99999999999', ''].map((text) => `sleep: ${text}: Invalid argument\n`).join('')],
    [
      'head -99999999999; head -n 2x; head /bin',
      'head: -99999999999: Invalid argument\nhead: -n: Invalid argument\nhead: /bin: Is a directory\n',
    ],
    ['mount x; mount a b c', 'mount: x: Invalid argument\nmount: a: Invalid argument\n'],
    ['time true; time false; echo $?; time crash null; echo $?', '0.000 s\n0.000 s\n1\n0.000 s\n139\n'],
    ['rm -r ..; rm -r /bin/../; rm -r /', ['..', '/bin/../', '/'].map((path) => `rm: ${path}: Invalid argument\n`).join('')],
    [
      'exit 3x; kill; kill -x; kill 77777',
      'exit: 3x: Invalid argument\nkill: what, please?\nkill: x: Invalid argument\nkill: 77777: No such process\n',
    ],
    ['true |'.repeat(16) + 'true', 'sh: that line is too long for me\n'],
    ['x'.repeat(256), `sh: ${'x'.repeat(256)}: File name too long\n`],
  ];
  const { screen } = run({ kernel: puppy(), archive: allPrograms(), keys: [...told.map(([line]) => `${line}\r`), 'halt\r'] });
  for (const [line, answer] of told) expect(screen).toContain(`${line}\n${answer}/ # `);
});

test('the end of a line is not lost, however long the line that is pasted at the shell', () => {
  const keys = [`echo ${'x'.repeat(3900)}`, { after: 100, text: `${'x'.repeat(3900)}\r` }, 'echo after\r', 'halt\r'];
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys });
  expect(ending).toBe('exit 0');
  expect(screen).toContain(`x\u0007`);
  expect(screen).toContain('\u0007\nsh: that line is too long for me\n/ # echo after\nafter\n');
});

test('a line that was too long may be made shorter, and one for a program that is too long has an end', () => {
  const keys = [`echo ${'x'.repeat(507)}\u0015echo short\r`, 'cat\r', `${'y'.repeat(600)}\r`, '\u0004', 'halt\r'];
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('\nshort\n');
  expect(screen).toContain(`\n${'y'.repeat(511)}\n/ # halt`);
});

test('the keys are for those in front: in the background there is nothing to read', () => {
  const keys = ['cat & cat /dev/tty &\r', 'sh < /dev/tty &\r', 'wait; echo waited\r', 'cat | cat\r', 'a line\r\u0004', 'halt\r'];
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('cat: /dev/tty: Input/output error\n');
  expect(screen).toContain('sh: -: Input/output error\n');
  expect(screen).toContain('\nwaited\n');
  expect(screen).toContain('\na line\na line\n');
});

test.each(['\u0003', '\u001c'])('%j ends what runs in front, at whatever moment, and never the shell', (key) => {
  const moments = Array.from({ length: 24 }, (_, i) => [`crash null; true | true; echo a\r`, { after: 2000 + i * 9001, text: key }]).flat();
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys: [...moments, '\u0003', 'echo ali""ve\r', 'halt\r'] });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('\nalive\n');
});

test('a bomb in the background can be put out, and leaves nothing', () => {
  const keys = [
    'forkbomb &\r',
    { after: 40_000_000, text: 'ls | wc; ls | wc; ls | wc; ls | wc; ls | wc; ls | wc; ls | wc; ls | wc; ls | wc\r' },
    { after: 40_000_000, text: 'kill -9 -6\r' },
    `${'true & '.repeat(70)}\r`,
    'ps; ls /etc | cat\r',
    'halt\r',
  ];
  const { screen, ending } = run({ kernel: puppy(), archive: allPrograms(), keys, most: 2_000_000_000 });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('[6]\n');
  expect(screen).toContain('sh: ls: Resource temporarily unavailable\n'.repeat(9));
  expect(screen).toMatch(/ name\n.* init\n.* sh\n.* ps\nmotd\nrc\n/);
});

test('of more names than it has room for, ls says how many', () => {
  const names = Array.from({ length: 1030 }, (_, i): [string, number, string] => [`many/${i}${'-'.repeat(90)}`, 0o100644, '']);
  const { screen } = run({ kernel: puppy(), archive: withFiles(['many', 0o40755, ''], ...names), keys: ['ls many | wc\r', 'halt\r'] });
  expect(screen).toMatch(/ls: many: and 6 more\n +1024 +1024 /);
});

test('a script is found in /bin, needs the right to be run, and is no broken program', () => {
  const archive = withFiles(
    ['bin/greet', 0o100755, 'echo greetings\n'],
    ['bin/secret', 0o100644, 'echo never\n'],
    ['bin/broken', 0o100755, '\u007fELF\u0001\u0001\u0001\necho never\n'],
  );
  const keys = ['cd /etc\r', 'greet; secret; echo $?; broken; echo $?; sh /bin/broken; echo $?; sh /bin/secret | cat\r', 'halt\r'];
  const { screen, ending } = run({ kernel: puppy(), archive, keys });
  expect(ending).toBe('exit 0');
  expect(screen).toContain(
    [
      '\ngreetings',
      'sh: secret: Permission denied',
      '126',
      'sh: /bin/broken: Exec format error',
      '126',
      'sh: /bin/broken: Exec format error',
      '126',
      'never\n',
    ].join('\n'),
  );
});

test('with nothing to run, it says so', () => {
  const { screen, ending } = run({ kernel: puppy(), archive: archiveOf({ 'etc/motd': new Uint8Array(5) }) });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('\nPuppy: neither /bin/init nor /bin/sh can be run\nPuppy: the first process is gone, with status 00000200\n');
});

test('nobody is deaf to what he has done himself', () => {
  const init = programOf(`
	.globl	_start
_start:	ask	2
	testl	%eax, %eax
	jz	1f
	ask	7, $-1, $ended, $0
	cmpl	$11, ended
	jne	2f
	tell	"so it was"
2:	movl	$1, 0			# and the first itself
1:	ask	48, $11, $1
	movl	$1, 0
	.data
	.balign	4
ended:	.long	0
`);
  const { screen, ending } = run({ kernel: puppy(), archive: archiveOf({ 'bin/init': init }), memory: 8 });
  expect(ending).toBe('exit 0');
  expect(screen).toContain('so it was');
  expect(screen).toContain('the first process is gone, with status 0000000b');
});

const PAGES = `
free_pages:			# their line of /proc/meminfo, to EDI
	ask	5, $meminfo, $0
	movl	%eax, %esi
	ask	3, %esi, $buffer, $64
	ask	6, %esi
	movl	$buffer, %esi
1:	lodsb
	cmpb	$10, %al
	jne	1b
	movl	$12, %ecx
	rep movsb
	ret
	.data
meminfo:	.asciz "/proc/meminfo"
before:	.skip	12
after:	.skip	12
	.bss
buffer:	.skip	64
	.text
`;

test('a thousand forks, and as many pipes and files, leave no page behind', () => {
  const init = programOf(`
	.globl	_start
_start:	movl	$3, %ebp		# the first few may fill the kernel's shelves
	call	forks
	movl	$before, %edi
	call	free_pages
	movl	$1000, %ebp
	call	forks
	movl	$after, %edi
	call	free_pages
	tell	"before:"
	ask	4, $1, $before, $12
	tell	"after:"
	ask	4, $1, $after, $12
	ask	1, $0
forks:	ask	42, $ends
	ask	2
	testl	%eax, %eax
	jz	1f
	ask	7, $-1, $0, $0
	ask	6, ends
	ask	6, ends + 4
	decl	%ebp
	jnz	forks
	ret
1:	movl	$5, filler
	ask	5, $meminfo, $0
	ask	4, ends + 4, $filler, $1
	pushl	$1
	ask	1, $0
	.data
	.balign	4
ends:	.long	0, 0
filler:	.skip	5000
	.text
${PAGES}`);
  const { screen, ending } = run({ kernel: puppy(), archive: archiveOf({ 'bin/init': init }), memory: 8 });
  expect(ending).toBe('exit 0');
  const [, before, after] = /before:\s*(\d+) free\n?after:\s*(\d+) free/.exec(screen) ?? [];
  expect(before, screen).toBeDefined();
  expect(after).toBe(before);
});

describe('what comes from outside is not believed', () => {
  const victim = programOf(`
	.globl	_start
_start:	ask	1, $7
`);
  const COUNT = 40;
  const init = programOf(`
	.globl	_start
_start:	ask	2
	testl	%eax, %eax
	jz	1f
	ask	7, $-1, $0, $0
	incb	name + 4
	cmpb	$(33 + ${COUNT}), name + 4
	jb	_start
	tell	"still there"
	ask	1, $0
1:	ask	27, $1			# nobody lives for more than a second
	ask	11, $name, $0, $0
	ask	1, $0
	.data
name:	.asciz	"/bad!"
`);
  const names = Array.from({ length: COUNT }, (_, i) => `bad${String.fromCharCode(33 + i)}`).map((name) => name.replace('/', 'slash'));

  test('programs with broken headers', () => {
    for (let round = 0; round < 2 * effort(); round++) {
      const dice = new Dice(round);
      const files: Record<string, Uint8Array> = { 'bin/init': init };
      for (const name of names) {
        const bytes = victim.slice();
        for (let i = 0; i <= dice.below(4); i++)
          bytes[dice.below(dice.oneIn(3) ? bytes.length : 116)] = dice.pick([0, 1, 0x7f, 0x80, 0xff, dice.below(256)]);
        files[name] = dice.oneIn(5) ? bytes.subarray(0, dice.below(bytes.length)) : bytes;
      }
      const { screen, ending } = run({ kernel: puppy(), archive: archiveOf(files), memory: 8, most: 8_000_000_000 });
      expect(ending, screen).toBe('exit 0');
      expect(screen).toContain('still there');
    }
  });

  test('archives with wrong bytes', () => {
    const good = archiveOf({
      'bin/init': programOf('	.globl _start\n_start: ask 1, $0\n'),
      'etc/x': new Uint8Array(100),
      'bin/y': victim,
    });
    for (let round = 0; round < 12 * effort(); round++) {
      const dice = new Dice(round);
      const bytes = good.slice();
      for (let i = 0; i <= dice.below(3); i++) bytes[dice.below(bytes.length)] = dice.pick([0, 0x20, 0x30, 0x66, 0xff]);
      const { screen, ending } = run({
        kernel: puppy(),
        archive: dice.oneIn(3) ? bytes.subarray(0, dice.below(bytes.length)) : bytes,
        memory: 4,
      });
      expect(ending, screen).toBe('exit 0');
      expect(screen).toContain('the first process is gone');
    }
  });
});
