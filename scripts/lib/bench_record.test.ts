import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { recordFigures } from './bench_record.mjs';

const folder = mkdtempSync(join(tmpdir(), 'record-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a section takes the place of its last figures, and leaves those of others', () => {
  const file = join(folder, 'speed.json');
  recordFigures(file, [
    { section: 'costs', figures: { microseconds: 2.345678 }, load: 0.1 },
    { section: 'start', figures: { node: 40 }, load: 0 },
  ]);
  recordFigures(file, [{ section: 'costs', figures: { microseconds: 1 / 3 }, load: 2 }]);
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    { on: { load: number; day: string; cores: number }; figures: unknown }
  >;
  expect(kept.start.figures).toEqual({ node: 40 });
  expect(kept.costs.figures).toEqual({ microseconds: 0.3333 });
  expect(kept.costs.on.load).toBe(2);
  expect(kept.costs.on.cores).toBeGreaterThan(0);
  expect(kept.costs.on.day).toMatch(/^\d{4}-\d\d-\d\d$/);
});
