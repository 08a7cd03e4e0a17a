import { describe, expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { onlyOf, readArguments, widthOf } from './arguments.mjs';
import { TOP } from './paths.mjs';

const COMMAND = {
  usage: 'Usage: fetch [--most N] [--quiet] FROM TO',
  options: { most: { type: 'string', default: '10' }, quiet: { type: 'boolean' } },
  positionals: [1, 2],
} as const;

describe('the arguments of a command', () => {
  it.each([
    [['a', 'b'], { most: '10' }, ['a', 'b']],
    [['--most=3', 'a'], { most: '3' }, ['a']],
    [['a', '--quiet', '--most', '4'], { most: '4', quiet: true }, ['a']],
    [['--', '--quiet'], { most: '10' }, ['--quiet']],
  ])('%j', (args, values, positionals) => {
    expect(readArguments(COMMAND, args)).toEqual({ values, positionals });
  });

  it.each([
    [['a', '--loud'], "Unknown option '--loud'."],
    [['a', '-x'], "Unknown option '-x'."],
    [['a', '--quiet=yes'], "Option '--quiet' does not take an argument."],
    [['a', '--most'], "Option '--most <value>' argument missing."],
    [['a', 'b', 'c'], 'There is no use for “c” here.'],
    [[], 'Something is missing.'],
  ])('%j: a sentence, and what there is', (args, sentence) => {
    expect(readArguments(COMMAND, args)).toEqual({ status: 2, text: `${sentence}\n${COMMAND.usage}` });
  });

  it.each([[['--help']], [['-h', 'a', 'b', 'c']]])('%j: what there is, and nothing else', (args) => {
    expect(readArguments(COMMAND, args)).toEqual({ status: 0, text: COMMAND.usage });
  });
});

describe('the width of what is printed', () => {
  it.each([
    [undefined, undefined, 80],
    [undefined, 0, 80],
    [undefined, 72, 72],
    [undefined, 20, 40],
    [undefined, 240, 100],
    ['120', 0, 120],
    ['40', 200, 40],
    ['39', 200, undefined],
    ['many', 80, undefined],
    ['', 80, undefined],
  ])('%j asked for, in a terminal of %j', (asked, terminal, width) => {
    expect(widthOf(asked, terminal)).toBe(width);
  });

  it.each([
    [undefined, undefined, undefined],
    ['tea', ['tea'], undefined],
    ['tea,cake', ['tea', 'cake'], undefined],
    ['tea,coffee,milk', ['tea', 'coffee', 'milk'], 'coffee'],
    ['', [''], ''],
  ])('of tea and cake, only %j', (asked, only, strange) => {
    expect(onlyOf(asked, ['tea', 'cake'])).toEqual({ only, strange });
  });
});

// Each refuses before it installs, extracts or builds anything.
const SCRIPTS = [
  'bench',
  'build',
  'cards',
  'check',
  'compare_trace',
  'dev',
  'lighthouse',
  'pack',
  'pdf',
  'scenes',
  'start',
  'tangle',
  'test',
  'test_browsers',
  'test_linux',
  'untangle',
  'visual',
  'weigh',
  '../src/bench/compare/compare',
  '../src/bench/compare/run-machine',
  '../src/bench/compare/run-v86',
  '../src/machine/proofs/second_opinion/record',
  '../src/machine/proofs/vectors/record',
];

describe.each(SCRIPTS)('%s', (name) => {
  it.each([
    ['--nonsense', 2, /^Unknown option '--nonsense'\.\nUsage: /i],
    ['--help', 0, /^Usage: /i],
  ])('%s', (flag, status, says) => {
    const run = spawnSync(process.execPath, [`scripts/${name}.mjs`, flag], { cwd: TOP, encoding: 'utf8' });
    expect({ status: run.status, text: run.stdout + run.stderr }).toEqual({ status, text: expect.stringMatching(says) as string });
  });
});
