/** The options of the commands, read by one rule: what a command does not know is an error. */
import { parseArgs } from 'node:util';

/** An option stands alone, takes a value, or may be given often, each time with a value. */
type Kind = 'flag' | 'text' | 'list';

/** What was given. */
type Values<Kinds extends Readonly<Record<string, Kind>>> = {
  [Name in keyof Kinds]: Kinds[Name] extends 'flag' ? boolean : Kinds[Name] extends 'list' ? string[] : string | undefined;
};

/**
 * Reads the words of a command line that takes options and nothing else; `--help` is one of every command.
 * @returns What each option was given, or the sentence that says what is wrong.
 */
export function readOptions<const Kinds extends Readonly<Record<string, Kind>>>(
  args: readonly string[],
  kinds: Kinds,
): Values<Kinds & { help: 'flag' }> | string {
  const all: Readonly<Record<string, Kind>> = { ...kinds, help: 'flag' };
  const names = Object.keys(all);
  const options = Object.fromEntries(
    names.map((name) => [
      name,
      { type: all[name] === 'flag' ? ('boolean' as const) : ('string' as const), multiple: all[name] === 'list' },
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...args], options });
    const absent = { flag: false, list: [], text: undefined };
    return Object.fromEntries(names.map((name) => [name, values[name] ?? absent[all[name]]])) as Values<Kinds & { help: 'flag' }>;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // Node's sentence goes on to explain how a word that begins with a dash is given: the first part is what matters.
    return `${error.message.replace(/\. .*$/s, '')}.`;
  }
}
