import { program } from '#lguest';
import { describe, expect, test } from 'vitest';
import type { ChunkIndex } from '#tangle';
import { buildScene } from './build_scene.ts';
import type { SceneFault } from './build_scene.ts';
import { runScene, sceneLaunchers } from '#world';
import type { Scene, SceneBundle } from '#world';

const chunks = { files: [] } as unknown as ChunkIndex;
/** Says its word, and powers off. */
const speaker = (word: string): string => `
	.text
	movl $1, %eax ; movl $0x180000, %edx ; movl $0xc0000000, 0x180468 ; movl $0x80, 0x18046c ; int $0x1f
	movl $17, %eax ; movl $word, %edx ; int $0x1f
	movl $2, %eax ; movl $over, %edx ; movl $1, %ebx ; int $0x1f
word:	.asciz "${word}\\n"
over:	.asciz "Power down"`;
const files: Record<string, string> = {
  'guests/one.S': speaker('one'),
  'guests/two.S': speaker('two'),
  'bad/up.json': '{ "../x": [] }',
  'bad/none.json': '{ "x": "bad/none.elf" }',
  'bad/full.json': '{ "x/": ["a"] }',
  'bad/code.S': 'hopp',
};

function build(more: Partial<Scene>): SceneBundle {
  const scene: Scene = {
    chapter: 'host/core',
    title: 'A test',
    guest: 'guests/one.S',
    memory: 4,
    panels: [],
    instructions: 100_000,
    says: ['…'],
    ...more,
  };
  return buildScene('test', (path) => (path === 'scenes/test.json' ? JSON.stringify(scene) : files[path]), chunks).bundle;
}

test('a panel that does not exist is told at its line of the chapter', () => {
  const json = [
    '{',
    '  "chapter": "host/core", "title": "rings", "guest": "guests/one.S", "memory": 4,',
    '  "panels": [',
    '    "terminal",',
    '    "rings"',
    '  ],',
    '  "says": ["…"], "instructions": 1000',
    '}',
  ].join('\n');
  const index = {
    files: [
      {
        path: 'scenes/test.json',
        sources: ['docs/host/core.mdx'],
        lineMap: [{ out: 1, source: 0, line: 101, count: 8, indent: 3, outIndent: 0 }],
      },
    ],
  } as unknown as ChunkIndex;
  const read = (path: string): string | undefined => (path === 'scenes/test.json' ? json : files[path]);
  expect(() => buildScene('test', read, index, (word) => word === 'terminal')).toThrow(
    'docs/host/core.mdx:105:8: scene test opens a panel “rings”: there is none',
  );
  expect(buildScene('test', read, index, () => true).bundle.scene.panels).toEqual(['terminal', 'rings']);
});

describe('a scene of several Guests', () => {
  test('has an image for each kind, and arguments for each Launcher', () => {
    const bundle = build({
      args: 'quiet',
      options: ['--verbose'],
      launchers: [{}, { guest: 'guests/two.S', memory: 8, args: 'loud' }, { options: [] }],
    });
    expect(sceneLaunchers(bundle)).toEqual([
      ['--verbose', '4', 'test', 'quiet'],
      ['--verbose', '4', 'test', 'quiet'],
      ['--verbose', '8', 'test.2', 'loud'],
      ['4', 'test', 'quiet'],
    ]);
    expect(bundle.others?.map(({ name }) => name)).toEqual(['test.2']);
  });

  test('runs them all on one Host', () => {
    const { console, ending } = runScene(program, build({ launchers: [{ guest: 'guests/two.S' }] }));
    expect(ending).toBe('exit 0');
    expect(console.match(/^\w+$/gm)).toEqual(['one', 'two']);
  });

  test('gives each its wrapping, or what a broken download left of it', () => {
    const bundle = build({ launchers: [{ wrap: 'bzImage' }, { cut: 40 }, { wrap: 'bzImage', cut: 1024 }] });
    expect(bundle.others?.map(({ name, image }) => [name, atob(image).slice(0x202, 0x206), atob(image).length])).toEqual([
      ['test.1', 'HdrS', 1024 + 77],
      ['test.2', '', 40],
      ['test.3', 'HdrS', 1024],
    ]);
    expect(runScene(program, bundle).console.match(/^.+$/gm)?.sort()).toEqual([
      'lguest: CRASH: Power down',
      'lguest: CRASH: Power down',
      expect.stringMatching(/^lguest: test\.2: cut short: the header/),
      expect.stringMatching(/^lguest: test\.3: .*boot sectors/),
      'one',
      'one',
    ]);
  });
});

describe('files of a scene', () => {
  const runner = `
	.text
	movl $1, %eax ; movl $0x180000, %edx ; movl $0xc0000000, 0x180468 ; movl $0x80, 0x18046c ; int $0x1f
	movl $program, %esi ; movl $0x190000, %edi ; movl $(end - program), %ecx ; rep movsb
	movl $0x1a0000, %esp ; movl $0x190000 + 0x74, %eax ; call *%eax
	movl $doze, %esi ; movl $0x190000, %edi ; movl $(end - doze), %ecx ; rep movsb
	movl $0x190000 + 0x74, %eax ; call *%eax
	movl $2, %eax ; movl $over, %edx ; movl $1, %ebx ; int $0x1f
over:	.asciz "Power down"
program: .incbin "bin/nap.elf"
doze: .incbin "bin/doze.elf"
end:`;
  const made: Record<string, string> = {
    'guests/runner.S': runner,
    'bin/nap.S': '_start: nop\n jmp 1f\n nop\n1: ret\n .data\n .byte 1',
    'bin/doze.S': '_start: nop\n ret',
    'guests/all.json': '{ "bin/nap": "bin/nap.elf", "etc/rc": ["#!/bin/sh", "nap"], "mnt/": [] }',
  };
  const chapter = {
    files: [
      {
        path: 'bin/nap.S',
        sources: ['docs/guest/naps.mdx'],
        lineMap: [{ out: 1, source: 0, line: 11, count: 6, indent: 0, outIndent: 0 }],
      },
      {
        path: 'bin/doze.S',
        sources: ['docs/guest/naps.mdx'],
        lineMap: [{ out: 1, source: 0, line: 21, count: 2, indent: 0, outIndent: 0 }],
      },
    ],
  } as unknown as ChunkIndex;
  const scene = {
    chapter: 'guest/naps',
    title: 'A nap',
    guest: 'guests/runner.S',
    memory: 4,
    panels: [],
    instructions: 100_000,
    says: ['…'],
    files: { initrd: 'guests/all.cpio', note: ['a line', 'another'] },
    options: ['--initrd=initrd'],
  };
  const { bundle, left } = buildScene('test', (path) => (path === 'scenes/test.json' ? JSON.stringify(scene) : made[path]), chapter);

  test('are built, given to the Launcher, and left for whoever runs it elsewhere', () => {
    expect([...left.keys()]).toEqual(['guests/runner.elf', 'guests/all.cpio']);
    expect(atob(bundle.files?.note ?? '')).toBe('a line\nanother\n');
    expect(atob(bundle.files?.initrd ?? '').match(/070701\w{8}0000[48]\w{3}|\w+(?:\/\w+)?(?=\0)/g)?.length).toBeGreaterThan(8);
  });

  test.each([Infinity, 1, 7])(
    'that are programs have their lines, wherever they were loaded, and one where another was; %d instructions at a time',
    (slice) => {
      expect(bundle.programs?.length).toBe(2);
      expect(runScene(program, bundle, slice).coverage).toEqual({ lines: [11, 12, 13, 14, 21, 22], executed: [11, 12, 14, 21, 22] });
    },
  );
});

test.each<[Partial<Scene>, RegExp]>([
  [{ disk: { bytes: 1000 } }, /has a disk of 1000 bytes: whole sectors of 512/],
  [{ disk: { bytes: 0 } }, /has a disk of 0 bytes/],
  [{ disk: { bytes: 1024, sectors: { 2: 'x' } } }, /text at sector 2 of its disk, which has 2/],
  [{ disk: { bytes: 1024, sectors: { one: 'x' } } }, /text at sector one/],
  [{ disk: { bytes: 512, sectors: { 0: 'é'.repeat(257) } } }, /text at sector 0 of its disk, which has 1/],
  [{ disk: { bytes: 2048, sectors: { 0: 'x'.repeat(1025), 2: 'y' } } }, /text at sector 2 of its disk, in which another one ends/],
  [{ disk: { bytes: 2048, sectors: { 1: 'x', '01': 'y' } } }, /text at sector 01 of its disk, in which another one ends/],
  [{ keys: [{ when: 'waits', tty: 1, text: 'x' }] }, /types at terminal 1, and has 1/],
  [{ keys: [{ when: 'soon' as 'waits', text: 'x' }] }, /types at “soon”/],
  [{ guest: 'guests/three.S' }, /wants guests\/three\.S/],
  [{ files: { initrd: 'guests/three.cpio' } }, /wants guests\/three\.cpio, and no chunk makes guests\/three\.json/],
  [{ files: { initrd: 'three.tar' } }, /wants “three\.tar”: what can be built are programs, \.elf, and archives, \.cpio/],
  [{ files: { '': ['x'] } }, /has a file “”: that is no name/],
  [{ files: { disk: ['x'] }, disk: { bytes: 512 } }, /has a file “disk”: that is its disk/],
  [{ files: { initrd: [1] as unknown as string[] } }, /has 1 as its files\.initrd: that is no text/],
  [
    { files: { initrd: 'bad/up.cpio' } },
    /bad\/up\.json:1:3: archive bad\/up\.json has an entry “\.\.\/x”: that is no path inside of an archive/,
  ],
  [
    { files: { initrd: 'bad/none.cpio' } },
    /bad\/none\.json:1:8: archive bad\/none\.json wants bad\/none\.elf, and no chunk makes bad\/none\.S/,
  ],
  [{ files: { initrd: 'bad/full.cpio' } }, /has a folder “x\/” that is not empty/],
  [{ files: { initrd: 'bad/code.elf' } }, /bad\/code\.S:1:1: no such instruction: 'hopp'/],
  [{ launchers: [{ guest: 'guests/three.S' }] }, /wants guests\/three\.S/],
  [{ wrap: 'zip' as 'bzImage' }, /wraps its Guest as “zip”/],
  [{ launchers: [{ cut: -1 }] }, /cuts its Guest short to “-1”/],
  [{ base: '0x80000', wrap: 'bzImage' }, /cannot wrap guests\/one\.S: .*from 1 MB on.*0x80000/],
])('a scene that cannot be right is refused: %j', (more, sentence) => {
  expect(() => build(more)).toThrow(sentence);
});

/** A scene's text, in which «…» marks what is complained of, and the sentence. */
const rest = '"chapter": "a", "title": "a", "guest": "guests/one.S", "memory": 4, "panels": [], "says": ["…"], "instructions": 1';
test.each<[json: string, sentence: string]>([
  [`{ ${rest}, «"dsik"»: {} }`, 'speaks of “dsik”, which nobody reads'],
  [`{ ${rest},\n  "keys": [{ "when": 3 },\n    { "when": "waits", «"txet"»: "x" }] }`, 'speaks of “txet”, which nobody reads'],
  [`{ ${rest}, "keys": [{ "when": «-3» }] }`, 'types at -3: that is neither a count of instructions nor “waits”'],
  [`{ ${rest}, "keys": [{ "when": 3, "text": «"ł"» }] }`, 'has “ł” as its keys.text: that is no text of characters that are one byte each'],
  [`{ ${rest}, "keys": [{ "when": 3, "tty": «1» }] }`, 'types at terminal 1, and has 1'],
  [
    `{ ${rest}, "disk": { "bytes": 512, "sectors": { "0": «"→"» } } }`,
    'has “→” as its disk.sectors.0: that is no text of characters that are one byte each',
  ],
  [`{ ${rest}, "disk": { "bytes": 512, "sectors": { «"1"»: "x" } } }`, 'has a text at sector 1 of its disk, which has 1'],
  [`{ ${rest}, "launchers": [{}, { "memory": «"8"» }] }`, 'has “8” as its launchers.memory: that is no whole number from 1 on'],
  [`{ ${rest}, "launchers": [{}, { "guest": «"guests/four.S"» }] }`, 'wants guests/four.S, which no chunk makes'],
  [`{ ${rest}, "base": «"c0100000"» }`, 'has “c0100000” as its base: that is no address'],
  [`{ ${rest}, "ends": «"well"» }`, 'has “well” as its ends: that is no power-off or death or given-up or waits or no-host'],
  [`{ ${rest}, "facts": { "switches": «"2"» } }`, 'has “2” as its facts.switches: that is no whole number'],
  [`{ ${rest}, "uncovered": «{}» }`, 'has {} as its uncovered: that is no list'],
  [`«{ ${rest.replace('"memory": 4, ', '')} }»`, 'does not say its memory'],
  [`{ ${rest}, «"title"»: "b" }`, 'is not as JSON should be: the name "title" is given twice'],
  [`{ ${rest}, «}»`, 'is not as JSON should be: a name in double quotes is expected here, not "}"'],
])('a complaint stands where its reason is: %s', (marked, sentence) => {
  const text = marked.replace(/[«»]/g, '');
  const from = marked.indexOf('«');
  const before = text.slice(0, from).split('\n');
  try {
    buildScene('test', (path) => (path === 'scenes/test.json' ? text : files[path]), chunks);
  } catch (error) {
    const [note] = (error as SceneFault).notes;
    expect(note).toEqual({
      file: 'scenes/test.json',
      line: before.length,
      column: before[before.length - 1].length + 1,
      length: marked.indexOf('»') - from - 1,
      message: `scene test ${sentence}`,
    });
    return;
  }
  expect.fail('nothing was said');
});
