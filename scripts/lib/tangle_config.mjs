/** The tour, as the tangler needs to know it. @type {import('../../src/tangle/core/types.ts').TangleConfig} */
export const tangleConfig = {
  docs: 'docs',
  out: '.tangled',
  parts: [
    { letter: 'P', folder: 'preparation' },
    { letter: 'G', folder: 'guest' },
    { letter: 'D', folder: 'drivers' },
    { letter: 'L', folder: 'launcher' },
    { letter: 'H', folder: 'host' },
    { letter: 'S', folder: 'switcher' },
    { letter: 'M', folder: 'mastery' },
  ],
  anywhere: ['P'],
  importPrefix: '#tangled/',
};
