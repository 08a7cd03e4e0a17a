/** Before the page goes to paper, whatever is folded opens; afterwards it is as it was. A browser without scripts has the style sheet's rule for it. */

/** What was opened for this printing: a page has one printer. */
let opened: HTMLDetailsElement[] = [];

function open(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    details.open = true;
    opened.push(details);
  }
}

function close(): void {
  for (const details of opened) details.open = false;
  opened = [];
}

if (typeof window !== 'undefined') {
  window.addEventListener('beforeprint', open);
  window.addEventListener('afterprint', close);
  window.matchMedia('print').addEventListener('change', ({ matches }) => (matches ? open() : close()));
}
