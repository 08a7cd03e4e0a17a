/** How gdb shall read the registers: its own standard feature for the i386 (gdb manual, "i386 Features"). */

/** In the order and the sizes, in bytes, of the feature. */
export const CORE_REGISTERS: readonly (readonly [name: string, bytes: number, type: string])[] = [
  ...['eax', 'ecx', 'edx', 'ebx'].map((name) => [name, 4, 'int32'] as const),
  ['esp', 4, 'data_ptr'],
  ['ebp', 4, 'data_ptr'],
  ['esi', 4, 'int32'],
  ['edi', 4, 'int32'],
  ['eip', 4, 'code_ptr'],
  ['eflags', 4, 'i386_eflags'],
  ...['cs', 'ss', 'ds', 'es', 'fs', 'gs'].map((name) => [name, 4, 'int32'] as const),
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((n) => [`st${n}`, 10, 'i387_ext'] as const),
  ...['fctrl', 'fstat', 'ftag', 'fiseg', 'fioff', 'foseg', 'fooff', 'fop'].map((name) => [name, 4, 'int'] as const),
];

/** Bytes of all of them. */
export const CORE_BYTES = CORE_REGISTERS.reduce((sum, [, bytes]) => sum + bytes, 0);

const FLAGS = ['CF', '', 'PF', '', 'AF', '', 'ZF', 'SF', 'TF', 'IF', 'DF', 'OF', '', '', 'NT', '', 'RF', 'VM', 'AC', 'VIF', 'VIP', 'ID'];

/** The target description, as `qXfer:features:read:target.xml` gives it. */
export function targetXml(): string {
  const fields = FLAGS.flatMap((name, bit) => (name === '' ? [] : [`<field name="${name}" start="${bit}" end="${bit}"/>`]));
  const registers = CORE_REGISTERS.map(
    ([name, bytes, type]) => `<reg name="${name}" bitsize="${bytes * 8}" type="${type}"${name === 'fctrl' ? ' group="float"' : ''}/>`,
  );
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
    '<target version="1.0">',
    '<architecture>i386</architecture>',
    '<feature name="org.gnu.gdb.i386.core">',
    `<flags id="i386_eflags" size="4">${fields.join('')}</flags>`,
    ...registers,
    '</feature>',
    '</target>',
    '',
  ].join('\n');
}
