import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './options.ts';

describe('no word of the command line is passed over', () => {
  test.each<[string[], string]>([
    [['--stats=3', '4', 'x'], '--stats takes no value, and “3” is one'],
    [['--stats=', '4', 'x'], '--stats takes no value, and “” is one'],
    [['--verbose=1', '4', 'x'], '--verbose takes no value, and “1” is one'],
    [['4', 'x', '-v=1'], '-v takes no value, and “1” is one'],
    [['4', 'x', '--next=2', '4', 'x'], '--next takes no value, and “2” is one'],
    [['--help=all'], '--help takes no value, and “all” is one'],
    [['--initrd', 'disk', '4', 'x'], '--initrd wants a file'],
    [['--block=', '4', 'x'], '--block wants a file'],
    [['--tunnet', '4', 'x'], '--tunnet wants a network'],
    [['4', 'x', '--trace'], '--trace wants a file'],
    [['4', 'x', '--seed=none'], '--seed wants a positive number of 32 bits, not “none”'],
  ])('%j: %s', (args, sentence) => expect(parseCommandLine(args)).toBe(sentence));

  test.each([[['--', '4', 'x']], [['4', 'x', '--', '-s']]])('%j: what “--” is not for', (args) => {
    expect(parseCommandLine(args)).toMatch(/^“--” ends nothing here/);
  });

  test('the command’s own options are taken wherever they stand, and the others stay in their order', () => {
    expect(parseCommandLine(['4', '--trace=t', 'x', 'quiet', '--stats', '--seed=7', '--verbose', 'a=b'])).toMatchObject({
      trace: 't',
      stats: true,
      seed: 7,
      guests: [['4', 'x', 'quiet', '--verbose', 'a=b']],
    });
  });
});
