/** The palette's colours against what they stand on, by the sums of WCAG 2.2 (1.4.3: text, 4.5:1; 1.4.11: what must be seen, 3:1). No tool can look behind gradients and into canvases. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Rgb = readonly number[];

const css = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const [light, dark] = css('./palette.css').split('[data-theme="dark"]');
/** Shares of a world's colour behind a line that ran, coldest and what the heat adds: in the gutter, behind the code. */
const [GUTTER, CODE] = [...css('./live/light.css').matchAll(/calc\((\d+)% \+ var\(--heat\) \* (\d+)%\)/g)].map(
  ([, cold, more]) => (Number(cold) + Number(more)) / 100,
);

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const colours = (text: string): [string, Rgb][] =>
  [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name, rgb(hex)]);
const over = (front: Rgb, share: number, back: Rgb): Rgb => front.map((value, i) => value * share + back[i] * (1 - share));

/** Relative luminance and contrast ratio, as WCAG defines them. */
function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const WORLDS = ['guest-user', 'guest-kernel', 'switcher', 'host', 'launcher', 'waker', 'io-thread', 'neutral'];

test.each([
  ['day', new Map(colours(light))],
  ['night', new Map([...colours(light), ...colours(dark)])],
])('by %s', (_, palette) => {
  const of = (name: string): Rgb => palette.get(name) ?? expect.unreachable(name);
  const poor: string[] = [];
  const want = (what: string, least: number, front: Rgb, back: Rgb): void => {
    const is = contrast(front, back);
    if (is < least) poor.push(`${what}: ${is.toFixed(2)}`);
  };
  const tokens = [...palette.keys()].filter((name) => name.startsWith('token-'));
  expect(tokens.length).toBeGreaterThan(6);
  for (const paper of ['paper', 'paper-high', 'paper-low'].map(of)) {
    want('ink', 4.5, of('ink'), paper);
    want('link', 4.5, of('link'), paper);
  }
  for (const world of WORLDS) {
    const solid = of(`${world}-solid`);
    for (const token of tokens) want(`${token} on the hottest line of ${world}`, 4.5, of(token), over(solid, CODE, of('paper-high')));
    want(`a count in the gutter of ${world}`, 4.5, of(`${world}-ink`), over(solid, GUTTER, of('paper-high')));
    want(`a stretch's edge in the lane of ${world}`, 3, of(`${world}-ink`), of(`${world}-wash`));
    want(`words of ${world}`, 4.5, of(`${world}-ink`), of('paper-high'));
  }
  expect(poor).toEqual([]);
});
