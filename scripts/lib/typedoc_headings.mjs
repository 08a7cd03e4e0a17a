// A TypeDoc plugin: an anchor before a heading becomes the heading's own id, so that no page has an id twice.
import { Renderer } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.on(Renderer.EVENT_END_PAGE, (page) => {
    page.contents = page.contents?.replace(/<a id="([\w-]+)"><\/a>\n\n(#+ [^\n]*)/g, '$2 {#$1}');
  });
}
