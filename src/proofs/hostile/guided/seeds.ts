/** What the search begins with: Guests that mean well, one for each thing there is to do. */
import type { Act } from './code.ts';
import type { Life } from './life.ts';

const BUFFER = 0x120000;
/** Header, data, status of a request to the disk. */
const REQUEST: Life['acts'][number] = [
  'chain',
  0,
  0,
  [
    [BUFFER, 16, 1, 1],
    [BUFFER + 0x1000, 512, 1, 2],
    [BUFFER + 0x2000, 1, 2, 0],
  ],
];
const READ: Life['acts'][number] = [
  'chain',
  0,
  0,
  [
    [BUFFER, 16, 1, 1],
    [BUFFER + 0x1000, 512, 3, 2],
    [BUFFER + 0x2000, 1, 2, 0],
  ],
];
const HALT: Life['acts'][number] = ['call', 10, 0, 0, 0];
/** A request for the disk of this type, for this sector. */
const disk = (type: number, sector: number, more: Partial<Life> = {}): Life => ({
  acts: [['store', BUFFER, type], ['store', BUFFER + 8, sector], (type & 1) === 1 ? REQUEST : READ, HALT, ['spin', 500], HALT],
  options: ['disk'],
  ...more,
});
const listen: Life['acts'][number] = ['chain', 0, 0, [[BUFFER, 64, 2, 0]]];

export const SEEDS: readonly Life[] = [
  { acts: [] },
  { acts: [], dialect: 30 },
  { acts: [], dialect: 31 },
  { acts: [], wrap: true, initrd: 5000, args: ['quiet'] },
  { acts: [['chain', 1, 0, [[BUFFER, 16, 0, 0]]]] },
  { acts: [listen, HALT, HALT], outside: [['keys', 'a']] },
  { acts: [listen, HALT, HALT], outside: [['end']] },
  { acts: [listen, HALT, HALT], outside: [['keys', '\x03\x03\x03']] },
  disk(0, 0),
  disk(1, 1),
  disk(0x80000001, 2),
  disk(2, 0),
  disk(1, 100),
  disk(0, 0, { outside: [['disk-error']] }),
  disk(0x80000001, 0, { outside: [['disk-error']] }),
  {
    acts: [
      [
        'chain',
        1,
        0,
        [
          [BUFFER, 10, 1, 1],
          [BUFFER + 0x1000, 60, 0, 0],
        ],
      ],
      HALT,
    ],
    options: ['net'],
  },
  {
    acts: [
      [
        'chain',
        0,
        0,
        [
          [BUFFER, 10, 3, 1],
          [BUFFER + 0x1000, 1514, 2, 0],
        ],
      ],
      HALT,
      HALT,
    ],
    options: ['net'],
    outside: [['frame', 'ff'.repeat(60)]],
  },
  {
    acts: [
      ['store', 0x104004, 0],
      ['store', 0x104000, 0x200],
      ['call', 9, 20000, 0, 0],
      ['spin', 3000],
      ['call', 9, 20000, 0, 0],
      HALT,
      ['call', 9, 0, 0, 0],
    ],
  },
  {
    acts: [
      ['run', 'e460'],
      ['run', '66ed'],
      ['run', 'e680'],
      ['run', '0f21f0'],
      ['run', '6802010000' + '9d90'],
      ['user', '6802010000' + '9d90'],
    ],
  },
  {
    acts: [
      ['store', 0x1fe47c, 0x180067],
      ['load', 0x11f000],
      ['call', 14, 0x1ff000, 0xc011f000, 0x180067],
      ['call', 14, 0x1ff000, 0x11f000, 0x180067],
      ['load', 0xc011f000],
    ],
  },
  { acts: [['call', 2, 0x104780, 2, 0]] },
  // What comes before the introduction, or is wrong about it: bytes of the image.
  { acts: [], edits: [[115, 0]] },
  { acts: [], edits: [[123, 0x7f]] },
  {
    acts: [],
    edits: [
      [17598, 0xc0],
      [17599, 0xff],
    ],
  },
  {
    acts: [
      ['call', 6, 1, 0x610002, 0x108e00],
      ['run', '68020100009d9090'],
    ],
  },
  {
    acts: [
      ['store', 0x1fe47c, 0x204007],
      ['run', 'bc000012000f0b'],
    ],
  },
  {
    acts: [
      ['store', 0x800001, 0x01000002],
      ['call', 17, 0x200000, 0, 0],
      ['store', 0x800001, 0x80000002],
      ['call', 17, 0x200000, 0, 0],
    ],
  },
  { acts: [HALT, HALT], options: ['net'], outside: [['frame', 'ff'.repeat(60)]] },
  { acts: [], options: ['--tunnet=hub:a'] },
  ...[2, 3, 4, 10, 16, 17, 18, 19].map(
    (hostPages): Life => ({
      acts: [
        ['store', 0x1ff080, 0x1fe007],
        ['load', 0x8000000],
      ],
      hostPages,
    }),
  ),
  // Directories, one after the other, until there is no page for a shadow.
  {
    acts: [
      ...[0x120000, 0x121000, 0x122000].flatMap((directory) => [0, 768].map((index): Act => ['store', directory + 4 * index, 0x1fe007])),
      ...Array.from({ length: 12 }, (_, n): Act => ['call', 4, [0x120000, 0x121000, 0x122000, 0x1ff000][n % 4], 0, 0]),
    ],
    hostPages: 28,
  },
];
