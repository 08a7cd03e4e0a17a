import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { bareCommand, runBare } from '#bare';

/** Eighteen workloads built by gcc, on the bare machine: results and exact counts of instructions are those of an emulator that counts exactly. */

const image = new Uint8Array(readFileSync(new URL('./image/bench.elf', import.meta.url)));
interface Expected {
  checksum: string;
  instructions: number;
  first?: number;
}
const expected = JSON.parse(readFileSync(new URL('./expected.json', import.meta.url), 'utf8')) as Record<string, Record<string, Expected>>;

function runWorkloads(...args: string[]): {
  out: string;
  reason: string;
  value: number;
  results: Map<string, { checksum: string; instructions: number }[]>;
} {
  let out = '';
  const { reason, value } = runBare(image, {
    args,
    output: (bytes) => {
      out += new TextDecoder().decode(bytes);
    },
  });
  const results = new Map<string, { checksum: string; instructions: number }[]>();
  for (const [, name, checksum, tsc] of out.matchAll(/^@rep (\w+) \d+ ck=(\w+) tsc=(\w+)/gm)) {
    const list = results.get(name) ?? [];
    results.set(name, [...list, { checksum, instructions: Number.parseInt(tsc, 16) }]);
  }
  return { out, reason, value, results };
}

describe('every workload on the bare machine', () => {
  let run: ReturnType<typeof runWorkloads>;
  beforeAll(() => {
    run = runWorkloads('w=all', 'reps=1', 'd=20', 'out=e9', 'exit=f4');
  }, 600_000);
  test('runs to its end', () => {
    expect(run.out.trimEnd().split('\n').at(-1)).toBe('@done ok');
    expect([run.reason, run.value]).toEqual(['exit', 0]);
  });
  test.each(Object.entries(expected))('%s', (name, sizes) => {
    const { checksum, instructions, first = instructions } = sizes['d=20'];
    expect(run.results.get(name)).toEqual([{ checksum, instructions: first }]);
  });
});

test('later repetitions retire what the first did, but for what it prepared', () => {
  const run = runWorkloads('w=wide,smcgen,pgfault,ring', 'reps=3', 'd=20', 'exit=f4');
  for (const [name, list] of run.results) {
    const { checksum, instructions, first = instructions } = expected[name]['d=20'];
    expect([name, list]).toEqual([
      name,
      [
        { checksum, instructions: first },
        { checksum, instructions },
        { checksum, instructions },
      ],
    ]);
  }
  expect(run.results.size).toBe(4);
});

describe('the command', () => {
  function command(...argv: string[]): { status: number; out: string; err: string } {
    let out = '';
    let err = '';
    const status = bareCommand(argv, {
      readFile: (path) =>
        path === 'bench.elf'
          ? image
          : path === 'short.elf'
            ? image.subarray(0, 20_000)
            : path === 'text'
              ? new TextEncoder().encode('not a program')
              : undefined,
      stdout: (bytes) => {
        out += new TextDecoder().decode(bytes);
      },
      stderr: (text) => {
        err += text;
      },
      now: () => 0,
    });
    return { status, out, err };
  }
  test('prints on the serial line too, and ends well when the program halts', () => {
    expect(command('bench.elf', 'w=smcpatch', 'reps=1', 'd=20')).toMatchObject({
      status: 0,
      out: expect.stringContaining('@done ok\n') as string,
      err: '',
    });
  });
  test('stops after so many instructions', () => {
    expect(command('--max-instructions=100000', 'bench.elf', 'w=core')).toMatchObject({
      status: 124,
      err: expect.stringContaining('stopped after 100000 instructions') as string,
    });
  });
  test.each([
    [['none.elf'], 126, /There is no such file/],
    [['text'], 126, /no multiboot header/],
    [['short.elf'], 126, /cut short/],
    [['--memory=1', 'bench.elf'], 126, /give it more memory/],
    [['--memory=0', 'bench.elf'], 2, /no such option or value/],
    [['--fast', 'bench.elf'], 2, /no such option/],
    [[], 2, /Usage/],
  ] as [string[], number, RegExp][])('%j is refused in a sentence', (argv, status, sentence) => {
    const result = command(...argv);
    expect(result.status).toBe(status);
    expect(result.err).toMatch(sentence);
  });
});
