/** Who wrote this last: the line of the Host, the Launcher or the Guest that did, and nothing has moved. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { base, program } from '../../../scripts/lib/bundles.mjs';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { sceneBundles } from '../../../scripts/lib/scenes.mjs';
import type { World as AnyWorld } from '#world';
import type { Looked, Progress, Searching, Value, Written } from '../protocol.ts';
import { Runner } from './runner.ts';
import { findWriter } from './writers.ts';

const { namesOf, World } = base;

function standAt(name: string, instructions: number) {
  const bundle = sceneBundles().find((one) => one.name === name);
  if (bundle === undefined) throw new Error(`no scene ${name}`);
  const reports: (Progress | Looked | Searching)[] = [];
  let world: AnyWorld | null = null;
  const runner = new Runner(
    (onEvent) => (world = World.fromScene(bundle, { program, onEvent, keepEvents: false })),
    (report) => reports.push(report),
    { names: namesOf(program) },
  );
  runner.step(instructions);
  const hash = (): string | undefined => world?.stateHash();
  /** The answer, and whether the world is where it was. */
  const ask = (value: Value, patient = true): Written => {
    const [before, said] = [hash(), reports.length];
    const answers: Written[] = [];
    runner.travel(
      findWriter(value, patient, runner.world, (one) => answers.push(one)),
      null,
      () => undefined,
    );
    while (runner.running) runner.slice(() => performance.now());
    expect([hash(), reports.length]).toEqual([before, said]);
    return answers[0];
  };
  return { runner, world: runner.world, ask };
}

/** The text of the line that was found. */
function lineOf(written: Written): string {
  const place = written.found?.place;
  return place == null ? '' : readFileSync(`${TOP}/${place.source}`, 'utf8').split('\n')[place.line - 1].trim();
}

/** The text of the line that wrote before the run began. */
function lineBefore(written: Written | undefined): string {
  const place = written?.found === null ? written.before : undefined;
  return place === undefined ? '' : readFileSync(`${TOP}/${place.source}`, 'utf8').split('\n')[place.line - 1].trim();
}

describe('the page tables of a Guest', () => {
  const { world, ask } = standAt('page_tables', 4000);
  const tree = world.look(['tables']).tables?.[0];

  test('each page entry of the shadow was written by the Host, at a line that writes entries', () => {
    const entries = tree?.directories
      .filter(({ index }) => index < 1023)
      .flatMap(({ shadowTable, runs }) => runs.filter(({ shadow }) => shadow & 1).map(({ index }) => (shadowTable ?? 0) + index * 4));
    expect(entries?.length).toBeGreaterThan(4);
    for (const address of entries ?? []) {
      const written = ask({ kind: 'physical', address });
      expect([written.found?.world, written.found?.midway]).toEqual(['host', true]);
      expect(lineOf(written)).toMatch(/write32\(address, entry\)|writeEntry/);
    }
  });

  test('a page entry of the Guest’s that was touched was written by the Host, with its mark; one that was not, by whoever made it', () => {
    const [kernel] = tree?.directories.filter(({ index }) => index === 768) ?? [];
    const touched = kernel.runs.find(({ guest, shadow }) => shadow & 1 && guest & 0x20);
    const written = ask({ kind: 'physical', address: (kernel.guestTable ?? 0) + (touched?.index ?? 0) * 4 });
    expect(['host', 'guest-kernel']).toContain(written.found?.world);
    const fresh = kernel.runs.find(({ why }) => why.includes('unfilled'));
    const maker = ask({ kind: 'physical', address: (kernel.guestTable ?? 0) + (fresh?.index ?? 0) * 4 });
    expect(maker.found?.world).toBe('launcher');
  });

  test('what nobody ever wrote, nobody wrote', () => {
    expect(ask({ kind: 'physical', address: 0 })).toMatchObject({ found: null, whole: true });
    expect(ask({ kind: 'linear', address: 0x12340000 })).toMatchObject({ found: null, whole: true });
  });
});

describe('descriptors and gates', () => {
  /** The place of the Host's task in the table. */
  const TSS = 16;
  const { world, ask } = standAt('segments', 1200);
  const guest = world.look(['descriptors']).descriptors?.guests[0];
  const words = (at: number | null): Written => ask({ kind: 'physical', address: at ?? 0, length: 8 });

  test('a descriptor that the processor uses was written by the Host; those that are none of the Guest’s, before this run began', () => {
    const writers = new Map(guest?.descriptors.filter(({ real }) => real.join() !== '0,0').map(({ index, at }) => [index, words(at)]));
    const early = [...writers].filter(([, { found }]) => found === null).map(([index]) => index);
    expect(early).toEqual([10, 11]);
    expect(lineBefore(writers.get(10))).toMatch(/writeDescriptor|write32/);
    for (const [index, written] of writers) {
      if (written.found === null) continue;
      // The task’s descriptor is marked as busy, by the processor, whenever it is loaded.
      if (index === TSS) expect([written.found.world, written.found.text]).toEqual(['switcher', 'ltr    %dx']);
      else expect([index, written.found.world, written.found.place?.source]).toEqual([index, 'host', 'docs/host/segments.mdx']);
      if (index !== TSS) expect(lineOf(written)).toMatch(/writeDescriptor|write32/);
    }
    // 0 to 4 GB, for ring 1, put right.
    expect(guest?.descriptors[20].real).toEqual([0xffff, 0x00cfb300]);
  });

  test('one that the Guest asked for was taken from it at the line that copies, or put right at the line that does that', () => {
    const asked = (index: number): Written => ask({ kind: 'asked', guest: 0, table: 'gdt', index });
    // Ring 0 and never used, before it was put right.
    expect(lineOf(asked(20))).toBe('gdt[2 * entry + 1] = high | 0x100;');
    // What is not the Guest's is not looked at.
    expect(lineOf(asked(10))).toMatch(/^for \(let i = 0; i < 2 \* count; i\+\+\) cpu\.arch\.gdt/);
    expect(asked(20).found).toMatchObject({ world: 'host', midway: true });
    // Nobody ever asked for it.
    expect(asked(31)).toMatchObject({ found: null, whole: true });
  });

  test('a gate that is the Guest’s was written by the Host; what the Guest asked for, where its words are taken apart', () => {
    const traps = standAt('traps', 2500);
    const gates = traps.world.look(['descriptors']).descriptors?.guests[0].gates ?? [];
    const own = gates.filter(({ route }) => route === 'straight');
    expect(own.length).toBeGreaterThan(0);
    for (const { index, at } of own) {
      const real = traps.ask({ kind: 'physical', address: at ?? 0, length: 8 });
      expect([index, real.found?.world, real.found?.place?.source]).toEqual([index, 'host', 'docs/host/traps.mdx']);
      expect(lineOf(real)).toMatch(/write32|writeDescriptor/);
      const asked = traps.ask({ kind: 'asked', guest: 0, table: 'idt', index });
      expect([index, asked.found?.world, asked.found?.place?.source]).toEqual([index, 'host', 'docs/host/traps.mdx']);
      expect(lineOf(asked)).toMatch(/idt/);
    }
    // The Switcher’s own were there before.
    const early = traps.ask({ kind: 'physical', address: gates[255].at ?? 0, length: 8 });
    expect(early).toMatchObject({ found: null, whole: true, before: { source: 'docs/host/traps.mdx' } });
    expect(lineBefore(early)).toMatch(/write32|writeDescriptor/);
  });

  test('a segment of the Guest’s was loaded by whoever loaded it last; a table register by the Host or its Switcher', () => {
    for (let n = 0; n < 300 && world.worldName !== 'guest-kernel'; n++) world.run(1);
    const by = (name: 'cs' | 'ds' | 'tr' | 'gdtr' | 'idtr'): unknown[] => {
      const { found } = ask({ kind: 'segment', name });
      return [found?.world, found?.text];
    };
    expect(by('cs')).toEqual(['switcher', 'iret']);
    expect(by('ds')).toEqual(['switcher', 'pop    %ds']);
    expect(by('tr')).toEqual(['switcher', 'ltr    %dx']);
    expect(by('gdtr')).toEqual(['switcher', expect.stringMatching(/^lgdt/)]);
    expect(by('idtr')).toEqual(['switcher', expect.stringMatching(/^lidt/)]);
  });
});

test('of a ring, what is available the Guest’s driver wrote, what is used the Launcher; how far that has come, it remembers', () => {
  const { world, ask } = standAt('virtio_net', 40_000);
  const devices = (world.look(['rings']).rings ?? []).filter(({ guest }) => guest === 1);
  const [queue] = devices.flatMap(({ queues }) => queues).filter(({ usedIdx }) => usedIdx > 0);
  expect(queue?.pfn).toBeGreaterThan(0);
  const by = (what: 'available' | 'used' | 'taken' | number): Written => ask({ kind: 'ring', guest: 1, pfn: queue.pfn, what });
  expect(by('available').found).toMatchObject({
    world: 'guest-kernel',
    midway: false,
    place: { source: expect.stringMatching(/^docs\/drivers\//) as string },
  });
  expect(by('used').found).toMatchObject({
    world: 'launcher',
    midway: true,
    place: { source: expect.stringMatching(/^docs\/launcher\//) as string },
  });
  expect(by('taken').found).toMatchObject({ world: 'launcher', midway: true });
  expect(lineOf(by('taken'))).toMatch(/lastAvail/);
  expect(by(0).found).toMatchObject({ world: 'guest-kernel', text: expect.stringMatching(/^(?:mov|pop)/) as string });
});

test('on the bare machine a gate was written by an instruction of the program’s own', () => {
  const { world, ask } = standAt('before_gates', 100_000);
  const gate = world.look(['descriptors']).descriptors?.guests[0].gates[128];
  const { found } = ask({ kind: 'physical', address: gate?.at ?? 0, length: 8 });
  expect([found?.midway, found?.place?.source, found?.text]).toEqual([false, 'docs/before/gates.mdx', expect.stringMatching(/^mov/)]);
});

describe('registers and words of a Guest', () => {
  const { world, ask } = standAt('page_tables', 4000);
  const before = (where: { at: number }): number => where.at;

  test.each(['eax', 'ebx', 'ecx', 'esi', 'edi', 'esp', 'eip'] as const)('%s had another value before the one who wrote it', (name) => {
    const value = world.look(['registers']).registers?.[name];
    const { found } = ask({ kind: 'register', name });
    expect(found).not.toBeNull();
    if (found === null) return;
    const twin = standAt('page_tables', before(found.where) + (found.midway ? 0 : 1));
    if (!found.midway && found.world.startsWith('guest') && twin.world.worldName.startsWith('guest'))
      expect(twin.world.look(['registers']).registers?.[name]).toBe(value);
  });

  test('of the Host’s: the line of TypeScript that filled it for the Switcher; of what the first instruction has changed since, the line that has it run', () => {
    const host = standAt('page_tables', 4000);
    for (let n = 0; n < 4000 && host.world.look(['next']).next?.code[0]?.text !== 'lcall  *(%ecx)'; n++) host.runner.step(1);
    const by = (name: 'ebx' | 'ecx' | 'esp'): unknown[] => {
      const written = host.ask({ kind: 'register', name });
      return [written.found?.world, written.found?.midway, lineOf(written)];
    };
    expect(by('ebx')).toEqual(['host', true, 'processor.ebx = shadowDirectory;']);
    expect(by('ecx')).toEqual(['host', true, 'processor.ecx = entry.lguest_entry;']);
    expect(by('esp')).toEqual(['host', true, 'if (!runProcessor()) return false;']);
  });

  test('a word on the stack: the call, or the push, that put it there', () => {
    const guest = standAt('page_tables', 2000);
    for (let n = 0; n < 400; n++) {
      guest.runner.step(1);
      if (guest.world.worldName === 'guest-kernel' && guest.world.look(['next']).next?.code[0]?.text.startsWith('ret')) break;
    }
    const esp = guest.world.look(['registers']).registers?.esp ?? 0;
    expect(guest.ask({ kind: 'linear', address: esp }).found?.text).toMatch(/^call/);
  });

  test('who is not patient is told that no more is known', () => {
    const late = { at: 0 };
    const answers: Written[] = [];
    const { runner } = standAt('page_tables', 4000);
    const clock = (): number => (late.at += 10_000);
    runner.travel(
      findWriter({ kind: 'physical', address: 0 }, false, runner.world, (one) => answers.push(one), clock),
      null,
      () => undefined,
    );
    while (runner.running) runner.slice(() => performance.now());
    expect(answers).toEqual([{ value: { kind: 'physical', address: 0 }, found: null, whole: false }]);
  });

  test('another request ends the search, and does what it says', () => {
    const { runner } = standAt('page_tables', 4000);
    const { instructions } = runner.world;
    let time = 0;
    runner.travel(
      findWriter({ kind: 'physical', address: 0 }, true, runner.world, () => undefined),
      null,
      () => undefined,
      () => (time += 50),
    );
    runner.step(1);
    expect(runner.world.instructions).toBe(instructions + 1);
  });
});
