/** JSON: what the engine refuses is told with its place, and nothing else is; where values stand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findJsonFaults, JsonText } from './json.ts';

describe('faults', () => {
  test.each<[text: string, at: string, message: string]>([
    ['{"a": }', '}', 'a value is expected here, not "}"'],
    ['{"a": 1,}', '}', 'a name in double quotes is expected here, not "}"'],
    ['[1,]', ']', 'a value is expected here, not "]"'],
    ['{a: 1}', 'a', 'a string in double quotes, a number, true, false or null is expected here, not "a"'],
    ['{"a" 1}', '1', '":" is expected here, not "1"'],
    ['[1 2]', '2', '"," or the end of what was begun is expected here, not "2"'],
    ['{"a": 1', '', '"}" is expected here, not the end'],
    ['', '', 'a value is expected here, not the end'],
    ['1 2', '2', 'the end is expected here, not "2"'],
    ['// x\n1', '// x', 'JSON has no comments'],
    ['{"a": 1, "b": {"c": 2, "c": 3}}', '"c": 3', 'the name "c" is given twice'],
    ['{"__proto__": 1, "__proto__": 2}', '"__proto__": 2', 'the name "__proto__" is given twice'],
    ['{"a": "x\ny"}', '"x', 'the end of the string, in the same line, is expected here, not ""x"'],
    ['{"a": "\\x"}', '"\\x"', 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0000 is expected here, not ""\\x""'],
  ])('%s', (text, at, message) => {
    const [fault] = findJsonFaults(text);
    expect([text.slice(fault.offset).startsWith(at), fault.message]).toEqual([true, message]);
  });

  test('the grammar of the engine: a fault where it sees one, none where not', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,"\\ \t\n\r\f\u00a0\ufeff',
      '"a"',
      '"\\u12"',
      '"\\n"',
      '0',
      '01',
      '-',
      '1.',
      '1e5',
      '.5',
      'true',
      'nul',
      'null',
      '//',
      '/**/',
      "'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece).map((parts) => parts.join('')),
          fc.json(),
        ),
        (text) => {
          let accepted = true;
          try {
            JSON.parse(text);
          } catch {
            accepted = false;
          }
          const faults = findJsonFaults(text).filter(({ message }) => !message.endsWith('twice'));
          expect(faults.length === 0).toBe(accepted);
          for (const { offset } of faults) expect(offset).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

test('where values and names stand', () => {
  const text = '{\n  "keys": [\n    { "when": -1 }\n  ],\n  "disk": { "bytes": 5 }\n}';
  const json = new JsonText(text);
  const at = (path: (string | number)[], part?: 'name'): string => {
    const { offset, length } = json.spanOf(path, part);
    const { line, column } = json.lineOf(offset);
    return `${line}:${column} ${text.slice(offset, offset + length)}`;
  };
  expect(json.value).toEqual(JSON.parse(text));
  expect(at(['keys', 0, 'when'])).toBe('3:15 -1');
  expect(at(['keys', 0, 'when'], 'name')).toBe('3:7 "when"');
  expect(at(['disk', 'bytes'])).toBe('5:22 5');
  expect(at(['disk', 'sectors', 'x'])).toBe('5:11 {');
  expect(at(['keys', 3])).toBe('2:11 [');
  expect(at([]).slice(0, 5)).toBe('1:1 {');
});
