import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TOP } from '../../../scripts/lib/paths.mjs';
import { panelNames, panelOf, PANELS, panelsChosen, panelsOf, sightsOf } from './table.ts';

/** Words before “panel” that name none. */
const NO_NAME = /^(?:a|an|the|this|that|each|every|which|another|one|instrument)$/i;

/** “the *Rings* panel”, “the register panel”. */
const NAMED = /(?:\*([^*]+)\*|([\w-]+)) panels?\b/g;

const chapters = readdirSync(`${TOP}/docs`, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.mdx'));

/** Whether the book may call a panel so: by its name or its label, in the singular, too. */
function isName(words: string): boolean {
  const plain = words.toLowerCase();
  return panelNames.some((name) =>
    [name, PANELS[name].label.toLowerCase(), ...(PANELS[name].aliases ?? [])].some((own) => own === plain || own === `${plain}s`),
  );
}

describe('the table of panels', () => {
  it.each(chapters)('has every panel that %s speaks of', (chapter) => {
    const prose = readFileSync(`${TOP}/docs/${chapter}`, 'utf8').replace(/^```[^]*?^```$/gm, '');
    const named = [...prose.matchAll(NAMED)].map(([, emphasised, word]) => emphasised ?? word).filter((words) => !NO_NAME.test(words));
    expect(named.filter((words) => !isName(words))).toEqual([]);
  });

  it('knows panels by their other names, and no others', () => {
    expect(panelOf('disassembly')).toBe('here');
    expect(panelOf('who')).toBe('lanes');
    expect(panelOf('idt')).toBe('gates');
    expect(panelOf('segmentation')).toBeUndefined();
    const words = panelNames.flatMap((name) => [name, ...(PANELS[name].aliases ?? [])]);
    expect(new Set(words).size).toBe(words.length);
  });

  it('lays them out in its own order, and opens the usual ones where a scene names none', () => {
    expect(panelsOf(['events', 'terminal', 'disassembly'])).toEqual(['terminal', 'here', 'events']);
    expect(panelsOf([])).toEqual(['terminal', 'registers', 'here', 'lanes']);
    expect(panelsChosen(['events', 'terminal', 'disassembly'])).toEqual(['terminal', 'here', 'events']);
    expect(panelsChosen([]), 'none is a choice').toEqual([]);
  });

  it('says what is to be watched for them', () => {
    expect(sightsOf(['terminal'])).toEqual([]);
    expect(sightsOf(['registers', 'lanes'])).toEqual(['registers', 'lanes']);
  });
});
