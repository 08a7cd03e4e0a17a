/**
 * Lines of Host and Launcher that no hostile Guest reaches, whatever its image, its calls, its rings, its Launcher's command and what comes from outside: chapter, the line, why.
 * Most of them are for a Launcher that lies, and are tried by hand in the tests of their chapters.
 */
export const UNREACHED: readonly (readonly [chapter: string, line: string, because: string])[] = [
  [
    'docs/host/page_tables_changes.mdx',
    'killGuest(cpu, `bad guest page ${hex(lg.lguestData)}`);',
    'lguest_data was looked up and written to a moment before, and an honest Launcher’s memory does not go away',
  ],
  ['docs/host/page_tables_changes.mdx', 'return;', 'the same'],
  ['docs/host/hypercalls.mdx', "killGuest(cpu, 'Writing timestamp');", 'the same'],
  [
    'docs/host/hypercalls.mdx',
    "killGuest(cpu, 'Fetching async hypercalls');",
    'the same: the states of the ring were read a moment before',
  ],
  ['docs/host/hypercalls.mdx', "killGuest(cpu, 'Writing result for async hypercall');", 'the same'],
  ['docs/host/hypercalls.mdx', 'break;', 'the way on behind the first of these two'],
  ['docs/host/hypercalls.mdx', 'break;', 'and behind the second'],
  ['docs/host/interrupts.mdx', "killGuest(cpu, 'disabling interrupts');", 'the same: the flag was read a moment before'],
  ['docs/host/core.mdx', 'freePagetables();', 'a vector for system calls that cannot be had, which is the Host’s own choice'],
  ['docs/host/core.mdx', 'unmapSwitcher();', 'the same'],
  ['docs/host/core.mdx', 'return error;', 'the same'],
  ['docs/launcher/dev_lguest.mdx', 'default: return -EINVAL;', 'this Launcher makes no request that there is not'],
  [
    'docs/launcher/dev_lguest.mdx',
    'if (whence !== 0 || offset < 0) return -EINVAL;',
    'this Launcher never says for which processor, there being one',
  ],
  ['docs/launcher/dev_lguest.mdx', 'return file.pos = offset;', 'the same'],
  ['docs/launcher/devices.mdx', 'outputHandlers.set(key, handler);', 'happens once, when the program is loaded, before anybody counts'],
  ['docs/launcher/devices.mdx', 'inputHandlers.set(key, handler);', 'the same'],
  ['docs/launcher/launcher.mdx', 'else errx(`reading /dev/lguest failed (error ${-result})`);', 'the Host has no other answers'],
];
