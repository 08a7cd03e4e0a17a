// A TypeDoc plugin: an anchor before a heading becomes the heading's own id, and a heading without one takes no other's, so that no page has an id twice.
import { Renderer } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.on(Renderer.EVENT_END_PAGE, (page) => {
    const text = (page.contents ?? '').replace(/<a id="([\w-]+)"><\/a>\n\n(#+ [^\n]*)/g, '$2 {#$1}');
    const taken = new Set([...text.matchAll(/^#+ .* \{#([\w-]+)\}$/gm)].map(([, id]) => id));
    page.contents = text.replace(/^#+ ([\w ]+)\??$/gm, (heading, name) => {
      const slug = name.toLowerCase().replaceAll(' ', '-');
      if (!taken.has(slug)) return heading;
      let n = 1;
      while (taken.has(`${slug}-own-${n}`)) n++;
      taken.add(`${slug}-own-${n}`);
      return `${heading} {#${slug}-own-${n}}`;
    });
  });
}
