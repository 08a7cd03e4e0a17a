/** The command's own options; everything else is for the Launchers. */

/** What the command line said. */
export interface CommandLine {
  stats: boolean;
  trace: string | null;
  maxInstructions: number;
  /** Keep what comes from outside in this file. */
  record: string | null;
  /** Run again what was recorded in this file. */
  replay: string | null;
  /** Go on with the world that was saved in this file. */
  open: string | null;
  /** Save the world in this file when the run ends. */
  save: string | null;
  /** Null: the command chooses. */
  seed: number | null;
  /** Does the world's clock go with the real one, or count instructions? Null: the command chooses. */
  time: 'real' | 'free' | null;
  /** The port at which a debugger may call; null: none. */
  gdb: number | null;
  /** Each Launcher's own arguments. */
  guests: string[][];
}

export const HELP = `Usage: lguest [--verbose] [--tunnet=NETWORK|--block=FILE|--initrd=FILE]... MEGABYTES IMAGE [kernel arguments...] [--next MEGABYTES IMAGE ...]

The original's options:
  --verbose             chatty
  --initrd=FILE         the initial RAM disk
  --block=FILE          a disk
  --tunnet=ADDRESS      a network whose other end is the Host, at this IPv4 address; it answers ARP and ping
  --tunnet=bridge:NAME  a network of all Guests of this command that name the same bridge
and where there is no network to be had as the original had it:
  --tunnet=hub:NAME     the same as a bridge, which is made when it is first named
  --tunnet=udp:LOCAL:REMOTE
                        frames in datagrams, as QEMU's -netdev socket,udp=...,localaddr=... has them; an end is PORT or HOST:PORT
  --tunnet=user         a gateway at 10.0.2.2, which answers ARP, ping and DHCP and makes TCP connections for the Guest; 10.0.2.2 itself is this computer
Beside them:
  --next                another Guest on the same Host, with arguments of its own
  --time=real|free      real: the Guest has this computer's clock, busy or not, and waits as long as it means to (the default for a terminal and for
                        networks that lead outside); free: its clock counts instructions, 10 ns each, from April 2008, and skips what nobody uses
  --record=FILE         keep what comes from outside: keys, disks, frames, the time
  --replay=FILE         run that again, to the bit (no other argument but --stats, --trace and --max-instructions)
  --save=FILE           keep the run in this file when it ends by --max-instructions, because the Guest waits for what will never come, or by
                        ^] and then s at the terminal: memory, place, and all that came from outside so far
  --open=FILE           go on with a run that --save, or “Save this run” in the book's page, has kept; the page opens the same files. --block=IMAGE
                        beside it is its disk's image, where that is not in the file (otherwise: --stats, --trace, --time, --save, --gdb, --max-instructions)
  --seed=N              of all randomness
  --gdb=PORT            wait for gdb at this port of this computer before the first instruction (in gdb: target remote :PORT); it steps the first Guest
                        forwards and backwards. The clock counts instructions then
  --stats               one line of JSON with the counts of the run, on standard error
  --trace=FILE          every event as a line of JSON
  --max-instructions=N  stop after N instructions (status 3)
Of several Guests the first has the keys of the terminal; ^] and then a digit: that one has them. ^] twice, or before anything else, is ^] itself.
Status: 0 the Guest powered off, 1 it panicked or died, 2 the command or a file was bad (or ^C three times), 3 out of instructions; of the first Guest that did not power off.
`;

/** Options without a value, the Launcher's and `--next` among them. */
const FLAGS: ReadonlySet<string> = new Set(['--stats', '--next', '--help', '--verbose', '-v']);
const POSITIVE = /^[1-9]\d{0,15}$/;

/** Takes the command's own options out of its arguments, or says what is wrong with them. */
export function parseCommandLine(args: readonly string[]): CommandLine | string {
  const line: CommandLine = {
    stats: false,
    trace: null,
    maxInstructions: Infinity,
    record: null,
    replay: null,
    open: null,
    save: null,
    seed: null,
    time: null,
    gdb: null,
    guests: [[]],
  };
  let image = 0;
  for (const argument of args) {
    const guest = line.guests[line.guests.length - 1];
    if (argument === '--next') {
      if (image < 2) return '--next stands between two Guests, each with memory and image';
      line.guests.push([]);
      image = 0;
    } else if (!argument.startsWith('-')) {
      image++;
      guest.push(argument);
    } else {
      const result = takeOwn(line, argument);
      if (typeof result === 'string') return result;
      if (!result) guest.push(argument);
    }
  }
  if (line.guests.length > 1 && image < 2) return '--next stands between two Guests, each with memory and image';
  if (line.gdb !== null && (line.time === 'real' || line.record !== null || line.replay !== null))
    return '--gdb goes with neither --time=real, --record nor --replay: its clock counts instructions';
  if (
    line.open !== null &&
    (line.guests.flat().some((one) => !one.startsWith('--block=')) || line.guests[0].length > 1 || line.seed !== null)
  )
    return '--open goes with one --block=IMAGE, and with no Guest and no --seed: everything else is in its file';
  if (line.open !== null && (line.record !== null || line.replay !== null))
    return '--open goes with neither --record nor --replay: use --save';
  if (line.replay !== null && line.save !== null) return '--replay does not go with --save: a recording is saved already';
  if (line.replay !== null && (line.guests[0].length > 0 || line.record !== null || line.seed !== null || line.time !== null)) {
    return '--replay goes with --stats, --trace and --max-instructions only: everything else is in its file';
  }
  return line;
}

/** Takes one option, if it is the command's. A text: what is wrong with it, also if it is a Launcher's. */
function takeOwn(line: CommandLine, argument: string): boolean | string {
  const [name, value = ''] = argument.split(/=(.*)/s);
  if (FLAGS.has(name) && argument !== name) return `${name} takes no value, and “${value}” is one`;
  switch (name) {
    case '--':
      return '“--” ends nothing here: what begins with a minus is an option, wherever it stands, and no argument of a kernel';
    case '--initrd':
    case '--block':
      return value === '' ? `${name} wants a file` : false;
    case '--tunnet':
      return value === '' ? `${name} wants a network` : false;
    case '--stats':
      line.stats = true;
      return true;
    case '--trace':
    case '--record':
    case '--replay':
    case '--open':
    case '--save':
      if (value === '') return `${name} wants a file`;
      line[name.slice(2) as 'trace' | 'record' | 'replay' | 'open' | 'save'] = value;
      return true;
    case '--max-instructions':
      if (!POSITIVE.test(value)) return `${name} wants a positive number, not “${value}”`;
      line.maxInstructions = Number(value);
      return true;
    case '--seed':
      if (!POSITIVE.test(value) || Number(value) > 0xffffffff) return `${name} wants a positive number of 32 bits, not “${value}”`;
      line.seed = Number(value);
      return true;
    case '--gdb':
      if (!/^\d{1,5}$/.test(value) || Number(value) > 65535)
        return `${name} wants a port from 0 (any that is free) to 65535, not “${value}”`;
      line.gdb = Number(value);
      return true;
    case '--time':
      if (value !== 'real' && value !== 'free') return `${name} is “real” or “free”, not “${value}”`;
      line.time = value;
      return true;
    default:
      return false;
  }
}

/** The values of an option in the Launchers' arguments. */
export function valuesOf(guests: readonly (readonly string[])[], option: string): string[] {
  return guests
    .flat()
    .filter((argument) => argument.startsWith(`${option}=`))
    .map((argument) => argument.slice(option.length + 1));
}
