/** The shape of the house, held: which way the arrows point, where the doors are, no circle of values, no file too long to read. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { TOP } from './paths.mjs';

interface Import {
  from: string;
  to: string;
  /** Nothing of it is there when the program runs. */
  type: boolean;
}

/** Who may import whom, folder by folder. What is marked with * may be taken as types only. */
const PLAN: Readonly<Record<string, string>> = {
  machine: '',
  bare: 'machine',
  asm: 'machine',
  packets: '',
  gateway: 'packets',
  hostos: 'machine* packets',
  tangle: '',
  tangled: 'hostos',
  world: 'machine bare hostos asm tangle*',
  weave: 'asm hostos world tangle tangled',
  kernels: 'world',
  command: 'world kernels hostos gateway',
  live: 'world kernels gateway weave*',
  site: 'tangle*',
  theme: 'live site tangle bench',
  pages: 'theme live site',
  css: '',
  // Beside the house: what measures and proves it.
  bench: 'bare* world*',
  proofs: 'machine asm hostos packets world tangled weave testing',
  testing: '',
};

/** Doors beside each folder's `index.ts`, with the reason. */
const DOORS: Readonly<Record<string, string>> = {
  'machine/opcodes/index.ts': 'the opcode table alone, for the assembler, which build tools load too',
  'tangle/count/runtime.ts': 'what counted code calls',
  'kernels/symbols.ts': 'the names in a kernel alone, for the page, which shows them',
  'world/stepping/expression.ts': 'the language of conditions alone, for the page, which says whether one is one',
  'world/saved/head.ts': 'the first line of a saved world alone, for the page, which opens it',
  'weave/lguest.ts': 'the book’s program, which is given to whoever runs it',
  'weave/moments/': 'loaded by the site’s configuration and by the scripts',
  'weave/edits/index.ts': 'the weave for edited chunks, a bundle of its own',
  'tangle/site/': 'loaded by the site’s configuration',
  'tangle/node/': 'loaded by the scripts',
  'tangle/tour/': 'loaded by the scripts',
  'site/build/': 'loaded by the site’s configuration',
  'site/search/find.ts': 'loaded when somebody searches',
  'bench/race.ts': 'what a comparison is, for the page that shows one',
  'bench/page.ts': 'what a figure of the page is, for the page that shows them',
  'theme/': 'each component is one, as Docusaurus wants it',
  'live/LiveGuest.tsx': 'a component, loaded by its page alone',
  'live/OwnKernel.tsx': 'a component, loaded by its page alone',
};

/** Rooms within a folder that must not look into each other: page-side code never sees the world, worker-side code never the page. */
const WALLS: readonly (readonly [from: string, to: string])[] = [
  ['src/live/worker/', 'src/live/page/'],
  ['src/live/worker/', 'src/live/panels/'],
  ['src/live/worker/', 'src/live/workbench/'],
  ['src/tangle/core/', 'src/tangle/node/'],
  ['src/tangle/core/', 'src/tangle/site/'],
];

/** Longer than 400 lines, and why that is right: data, one row a line. */
const TABLES: readonly string[] = ['src/machine/opcodes/table.ts', 'src/machine/proofs/second_opinion/cases.ts'];
const MOST_LINES = 400;

const isTest = (path: string): boolean => /\.test\.tsx?$|\/testing\/|\/proofs\/|\.d\.ts$/.test(path);

function filesBelow(folder: string): string[] {
  return readdirSync(join(TOP, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(TOP, join(entry.parentPath, entry.name)));
}

/** The file that an import names; undefined for a package. */
function resolveImport(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return normalize(join(dirname(from), name));
  if (!name.startsWith('#')) return undefined;
  const aliases = packageJson.imports as Record<string, string>;
  const exact = aliases[name];
  if (exact !== undefined) return normalize(exact);
  const open = Object.entries(aliases).find(([alias]) => alias.endsWith('*') && name.startsWith(alias.slice(0, -1)));
  return open && normalize(open[1].replace('*', name.slice(open[0].length - 1)));
}

/** The imports of one file; `verbatimModuleSyntax` makes what is written the truth about types and values. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(TOP, path), 'utf8');
  const found = text.matchAll(/^(?:import|export) (type )?(?:([^'";]*?) from )?(?:'([^']+)'|"([^"]+)")|\bimport\(\s*['"`]([^'"`]+)['"`]/gm);
  return [...found].flatMap(([, type, names = '', single, double, dynamic]): Import[] => {
    const to = resolveImport(path, single ?? double ?? dynamic ?? '');
    const inBraces = /^\{([^}]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((one) => one.trim() !== '');
    const onlyTypes = inBraces !== undefined && inBraces.length > 0 && inBraces.every((one) => one.trim().startsWith('type '));
    return to === undefined || !existsSync(join(TOP, to)) ? [] : [{ from: path, to, type: type !== undefined || onlyTypes }];
  });
}

/** `machine` for src/machine/x.ts, `tangled` for what comes out of the chapters. */
function folderOf(path: string): string {
  return path.startsWith('.tangled/') ? 'tangled' : (path.split('/')[1] ?? '');
}

const sources = filesBelow('src').filter((path) => /\.tsx?$/.test(path));
const extracted = filesBelow('.tangled').filter((path) => /^\.tangled\/(?:lguest|(?:host|launcher)\/.*)\.ts$/.test(path));
const production = [...sources.filter((path) => !isTest(path)), ...extracted];
const imports = production.flatMap(importsOf);
/** With what proves the chapters' code: all of it is tests, and stands on the house as others do. */
const drawn = [...imports, ...sources.filter((path) => path.startsWith('src/proofs/')).flatMap(importsOf)].filter(({ to }) =>
  /^(?:src|\.tangled)\//.test(to),
);

describe('arrows', () => {
  it('every folder is in the plan', () => {
    expect([...new Set(production.map(folderOf))].filter((folder) => !(folder in PLAN))).toEqual([]);
  });

  it('point where the plan says', () => {
    const wrong = drawn.filter(({ from, to, type }) => {
      const [a, b] = [folderOf(from), folderOf(to)];
      if (a === b || /\.(?:json|css)$/.test(to)) return false;
      const allowed = (PLAN[a] ?? '').split(' ');
      return !allowed.includes(b) && !(type && allowed.includes(`${b}*`));
    });
    expect(wrong.map(({ from, to, type }) => `${from} → ${to}${type ? ' (type)' : ''}`)).toEqual([]);
  });

  it('are all there that the plan has', () => {
    const arrows = Object.entries(PLAN).flatMap(([a, all]) =>
      all
        .split(' ')
        .filter(Boolean)
        .map((b) => [a, b] as const),
    );
    const idle = arrows.filter(([a, b]) => {
      const along = drawn.filter(({ from, to }) => folderOf(from) === a && folderOf(to) === b.replace('*', ''));
      return !along.some(({ type }) => type === b.endsWith('*')) || (b.endsWith('*') && along.some(({ type }) => !type));
    });
    expect(idle.map(([a, b]) => `${a} → ${b}`)).toEqual([]);
  });

  it('go through doors', () => {
    const around = drawn.filter(({ from, to }) => {
      if (folderOf(from) === folderOf(to) || !to.startsWith('src/')) return false;
      const inside = to.slice('src/'.length);
      return !/^\w+\/index\.tsx?$/.test(inside) && !Object.keys(DOORS).some((door) => inside.startsWith(door));
    });
    expect(around.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('do not go through walls', () => {
    const through = imports.filter(({ from, to }) => WALLS.some(([a, b]) => from.startsWith(a) && to.startsWith(b)));
    expect(through.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('and no word of lguest’s but one, of its entry’s, lead from the sliver of Linux to what stands on it', () => {
    const code = production
      .filter((path) => path.startsWith('src/hostos/'))
      .map((path) => readFileSync(join(TOP, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
      .join('');
    expect([...new Set(code.match(/\w*(?:guest|switcher|launcher|hypercall)\w*/gi))]).toEqual(['guest_landing']);
  });

  it('never lead from the page to Node', () => {
    // The compiler lets it pass: Node's types come with the types of what the page stands on.
    const built = ['src/theme/api_sidebar.ts', 'src/theme/tour_order.ts', 'src/theme/exercises/plugin.ts'];
    const inPage = /^src\/(?:live|pages|theme|site\/(?:search|offline))\//;
    const reaching = production.filter(
      (path) => inPage.test(path) && !built.includes(path) && /(?:from|import\(?) ?['"`]node:/.test(readFileSync(join(TOP, path), 'utf8')),
    );
    expect(reaching).toEqual([]);
  });
});

describe('circles', () => {
  it('no file of src needs, by way of others, itself to run', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, type } of sources.flatMap(importsOf)) {
      if (!type && to.startsWith('src/')) edges.set(from, [...(edges.get(from) ?? []), to]);
    }
    const circles: string[] = [];
    const state = new Map<string, 'open' | 'done'>();
    const walk = (path: string, way: readonly string[]): void => {
      if (state.get(path) === 'open') circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
      if (state.has(path)) return;
      state.set(path, 'open');
      for (const next of edges.get(path) ?? []) walk(next, [...way, path]);
      state.set(path, 'done');
    };
    for (const path of edges.keys()) walk(path, []);
    expect(circles).toEqual([]);
  });
});

describe('files', () => {
  it(`have at most ${MOST_LINES} lines, but for tables of data`, () => {
    const all = [...filesBelow('src'), ...filesBelow('scripts')].filter((path) => /\.(?:tsx?|mts|mjs|css)$/.test(path));
    const long = all.filter((path) => !TABLES.includes(path) && readFileSync(join(TOP, path), 'utf8').split('\n').length - 1 > MOST_LINES);
    expect(long).toEqual([]);
  });

  it('that are said to be tables are there', () => {
    expect(TABLES.filter((path) => !existsSync(join(TOP, path)) || !statSync(join(TOP, path)).isFile())).toEqual([]);
  });
});

describe('what only tests need', () => {
  it('lies in a room of its own', () => {
    const named = new Set(imports.map(({ to }) => to));
    const forTests = sources.filter(isTest).flatMap(importsOf);
    const all = filesBelow('scripts').filter((path) => /\.(?:mjs|mts)$/.test(path));
    // Scripts and the site's configuration load some by their paths.
    const loaded = [...all, 'docusaurus.config.ts', 'package.json'].map((path) => readFileSync(join(TOP, path), 'utf8')).join('');
    const outside = forTests
      .map(({ to }) => to)
      .filter((to) => to.startsWith('src/') && /\.tsx?$/.test(to) && !isTest(to) && !named.has(to));
    expect([...new Set(outside)].filter((to) => !/\/index\.tsx?$/.test(to) && !loaded.includes(to))).toEqual([]);
  });
});

describe('the floor plan in CONTRIBUTING', () => {
  const tree = readFileSync(join(TOP, 'CONTRIBUTING.md'), 'utf8').split('```')[1];
  const folders = (path: string): string[] =>
    readdirSync(join(TOP, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  const lines = [...tree.matchAll(/^ {2}((?:[a-z]+\/ ?)+)(.*)$/gm)].map(([, names, text]) => ({
    names: [...names.matchAll(/[a-z]+/g)].map(([one]) => one),
    text,
  }));

  it('names each folder of src once', () => {
    expect(lines.flatMap(({ names }) => names).sort()).toEqual(folders('src'));
  });

  it.each(['README.md', 'CONTRIBUTING.md'])('%s names files that are there', (file) => {
    const text = readFileSync(join(TOP, file), 'utf8');
    const named = [...text.matchAll(/`((?:src|scripts|docs)\/[\w./-]*)`/g)].map(([, path]) => path);
    expect(named.filter((path) => !existsSync(join(TOP, path)))).toEqual([]);
  });

  // Rooms of tests and of data go without saying, and so do the small ones of a room.
  it.each(['machine', 'tangle', 'world', 'live'])('names the rooms of %s', (name) => {
    const { text = '' } = lines.find(({ names }) => names.includes(name)) ?? {};
    const named = (text.match(/[a-z]+(?=\/)/g) ?? []).sort();
    expect(named).toEqual(folders(`src/${name}`).filter((room) => room !== 'testing'));
  });
});
