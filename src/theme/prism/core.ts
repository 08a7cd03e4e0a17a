/** Prism's heart alone, where its languages look for it. */
import Prism from 'prismjs/components/prism-core';

// It would colour whatever it finds on the page by itself.
Prism.manual = true;
(globalThis as { Prism?: typeof Prism }).Prism = Prism;

export { Prism };
