/** Before the page goes to paper, whatever is folded opens; afterwards it is as it was. A browser without scripts has the style sheet's rule for it. */

function open(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')) {
    details.open = true;
    details.dataset.openedForPrint = '';
  }
}

function close(): void {
  for (const details of document.querySelectorAll<HTMLDetailsElement>('details[data-opened-for-print]')) {
    details.open = false;
    delete details.dataset.openedForPrint;
  }
}

if (typeof window !== 'undefined') {
  window.addEventListener('beforeprint', open);
  window.addEventListener('afterprint', close);
  window.matchMedia('print').addEventListener('change', ({ matches }) => (matches ? open() : close()));
}
