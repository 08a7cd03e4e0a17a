import { expect, it } from 'vitest';
import { differing } from './install.mjs';

const lock = {
  '': {},
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};
const here = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

it.each([
  ['all is there', here, []],
  ['an optional package of another platform is not missed', here, []],
  [
    'an optional package that is there must be the right one',
    { ...here, 'node_modules/b': { version: '2.0.1', integrity: 'sha512-b' } },
    ['node_modules/b'],
  ],
  ['another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }, ['node_modules/a']],
  ['the same version with other content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }, ['node_modules/a']],
  ['nothing', {}, ['node_modules/a']],
  ['one too many', { ...here, 'node_modules/c': { version: '1.0.0' } }, ['node_modules/c']],
])('an install is judged by its content: %s', (_, found, wanted) => {
  expect(differing(lock, found)).toEqual(wanted);
});
