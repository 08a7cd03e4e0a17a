/**
 * A bare machine for other people's programs: a multiboot image in ring 0, and three devices, each a few ports.
 *
 * - 0xE9, debug console: a byte written is printed; reads give 0xE9, by which programs know it.
 * - 0x3F8-0x3FF, a 16550 serial line without interrupts: a byte written is printed at once, nothing ever arrives.
 * - 0xF4, exit: a value written, of any size, ends the run and is its status.
 *
 * Other ports read as ones and swallow writes. There is no interrupt controller: an external interrupt never comes.
 */
import { Machine } from '#machine';
import { ImageError, loadMultiboot } from './multiboot.ts';

/** What a run on the bare machine may be told. */
export interface BareOptions {
  /** The words that make the program's command line. */
  args?: readonly string[];
  /** Physical memory in bytes: a multiple of 64 KiB; 64 MiB by default. */
  ramBytes?: number;
  /** Ends the run after this many instructions. */
  maxInstructions?: number;
  /** See MachineOptions. */
  translate?: boolean | number;
  /** What the program prints, a line or more at a time. */
  output?: (bytes: Uint8Array) => void;
}

/** How a run ended: `exit` by port 0xF4; `halt` by HLT, for nothing can wake it; `shutdown` by a triple fault; `limit` by the budget. */
export interface BareResult {
  /** Which of them. */
  reason: 'exit' | 'halt' | 'shutdown' | 'limit';
  /** What was written to 0xF4, else 0. */
  value: number;
  /** Retired in all. */
  instructions: number;
}

const DEBUG_CONSOLE = 0xe9;
const EXIT = 0xf4;
const SERIAL = 0x3f8;
/** Registers of the 16550 by offset; DLAB in the line control register puts the divisor in place of the first two. */
const DATA = 0;
const INTERRUPT_ENABLE = 1;
const INTERRUPT_ID = 2;
const LINE_CONTROL = 3;
const LINE_STATUS = 5;
const MODEM_STATUS = 6;
const DLAB = 0x80;
/** Transmitter empty, and its holding register too; no interrupt pending; carrier, ready and clear to send. */
const TRANSMITTER_EMPTY = 0x60;
const NO_INTERRUPT = 1;
const CONNECTED = 0xb0;

/** The devices: their registers, and what has been printed but not handed out. */
export interface BareDevices {
  /** The 16550's registers, by offset. */
  serial: number[];
  /** Its divisor, which DLAB puts in place of the first two: low byte, high byte. */
  divisor: number[];
  /** Bytes. */
  printed: number[];
  /** Something was written to 0xF4. */
  exited: boolean;
  /** What that was; 0 before. */
  value: number;
}

/** The devices of the bare machine as they are after a reset. */
export function makeDevices(): BareDevices {
  return { serial: [0, 0, NO_INTERRUPT, 3, 0, TRANSMITTER_EMPTY, CONNECTED, 0], divisor: [1, 0], printed: [], exited: false, value: 0 };
}

/** What a program reads from a port. */
export function readPort(devices: BareDevices, port: number, size: number): number {
  if (port === DEBUG_CONSOLE) return DEBUG_CONSOLE;
  const register = port - SERIAL;
  if (register < 0 || register > 7) return size === 4 ? 0xffffffff : (1 << (size * 8)) - 1;
  if (register <= INTERRUPT_ENABLE && (devices.serial[LINE_CONTROL] & DLAB) !== 0) return devices.divisor[register];
  return register === DATA ? 0 : devices.serial[register];
}

/** What a program's write to a port does. */
export function writePort(devices: BareDevices, port: number, value: number): void {
  if (port === EXIT) {
    devices.exited = true;
    devices.value = value;
  } else if (port === DEBUG_CONSOLE) {
    devices.printed.push(value & 0xff);
  } else if (port >= SERIAL && port < SERIAL + 8) {
    const register = port - SERIAL;
    const latch = register <= INTERRUPT_ENABLE && (devices.serial[LINE_CONTROL] & DLAB) !== 0;
    if (latch) devices.divisor[register] = value & 0xff;
    else if (register === DATA) devices.printed.push(value & 0xff);
    else if (register !== INTERRUPT_ID && register !== LINE_STATUS && register !== MODEM_STATUS) devices.serial[register] = value & 0xff;
  }
}

const NEWLINE = 10;
const MUCH = 4096;

/**
 * Runs a multiboot image until it ends.
 *
 * @throws ImageError where the file is no program for this machine
 */
export function runBare(image: Uint8Array, options: BareOptions = {}): BareResult & { machine: Machine } {
  const { args = [], ramBytes = 64 << 20, maxInstructions = Number.MAX_SAFE_INTEGER, output } = options;
  const machine = new Machine({ ramBytes, translate: options.translate });
  loadMultiboot(machine, image, args.join(' '));
  const devices = makeDevices();
  const flush = (): void => {
    if (devices.printed.length === 0) return;
    output?.(Uint8Array.from(devices.printed));
    devices.printed.length = 0;
  };
  machine.ports = {
    in: (port, size) => readPort(devices, port, size),
    out(port, _size, value) {
      writePort(devices, port, value);
      if (devices.printed.length >= MUCH || devices.printed[devices.printed.length - 1] === NEWLINE) flush();
      if (devices.exited) machine.stop();
    },
  };
  const { reason } = machine.run(maxInstructions);
  flush();
  return { reason: reason === 'stop' ? 'exit' : reason, value: devices.value, instructions: machine.cpu.instructions, machine };
}

/** What the command needs from its surroundings. */
export interface BarePlatform {
  /** A file's bytes, or undefined where there is none. @throws Error with a reason that stands behind the name, where it cannot be read */
  readFile: (path: string) => Uint8Array | undefined;
  /** What the program prints. */
  stdout: (bytes: Uint8Array) => void;
  /** The command's own words. */
  stderr: (text: string) => void;
  /** Milliseconds. */
  now: () => number;
}

/** Statuses of the command where the program gave none. */
const STATUS_USAGE = 2;
const STATUS_LIMIT = 124;
/** A triple fault ended the run. */
export const STATUS_SHUTDOWN = 125;
/** There is no image, or none for this machine. */
export const STATUS_IMAGE = 126;

const USAGE = `Usage: lguest-machine [--memory=MB] [--max-instructions=N] [--stats] IMAGE [ARGUMENT …]

Runs a multiboot ELF program on a bare machine, an i586 with x87 in ring 0. The arguments are its command line.
Ports: 0xE9 debug console and 0x3F8 serial line (both print), 0xF4 exit.

  --memory=MB            physical memory in MiB, 1 to 1024 (64)
  --max-instructions=N   ends the run after N instructions
  --stats                tells instructions, time and speed at the end

Status: the low eight bits of what the program wrote to port 0xF4; 0 when it halted for good;
124 after N instructions; 125 after a triple fault; 126 when the image cannot be run; 2 for a wrong command line.
`;

/** The command `lguest-machine`: arguments in, exit status out. */
export function bareCommand(argv: readonly string[], platform: BarePlatform): number {
  const { stderr } = platform;
  const options: BareOptions = { output: platform.stdout };
  let stats = false;
  let at = 0;
  for (; at < argv.length && argv[at].startsWith('-'); at++) {
    const [name, value = ''] = argv[at].split('=', 2);
    const number = /^[0-9]+$/.test(value) ? Number(value) : 0;
    if (name === '--memory' && number >= 1 && number <= 1024) options.ramBytes = number * 1024 * 1024;
    else if (name === '--max-instructions' && number >= 1 && number <= Number.MAX_SAFE_INTEGER) options.maxInstructions = number;
    else if (argv[at] === '--stats') stats = true;
    else if (argv[at] === '--help' || argv[at] === '-h') {
      platform.stdout(new TextEncoder().encode(USAGE));
      return 0;
    } else {
      stderr(`lguest-machine: ${argv[at]}: no such option or value.\n\n${USAGE}`);
      return STATUS_USAGE;
    }
  }
  if (at >= argv.length) {
    stderr(USAGE);
    return STATUS_USAGE;
  }
  const path = argv[at];
  let image;
  try {
    image = platform.readFile(path);
  } catch (error) {
    stderr(`lguest-machine: ${path}: ${error instanceof Error ? error.message : String(error)}\n`);
    return STATUS_IMAGE;
  }
  if (!image) {
    stderr(`lguest-machine: ${path}: There is no such file.\n`);
    return STATUS_IMAGE;
  }
  const begun = platform.now();
  let result;
  try {
    result = runBare(image, { ...options, args: argv.slice(at + 1) });
  } catch (thrown) {
    if (!(thrown instanceof ImageError)) throw thrown;
    stderr(`lguest-machine: ${path}: ${thrown.message}\n`);
    return STATUS_IMAGE;
  }
  const { reason, value, instructions, machine } = result;
  const seconds = (platform.now() - begun) / 1000;
  const where = `0x${machine.cpu.eip.toString(16)}`;
  if (reason === 'shutdown') stderr(`lguest-machine: a triple fault at ${where}\n`);
  if (reason === 'limit') stderr(`lguest-machine: stopped after ${instructions} instructions at ${where}\n`);
  if (stats) {
    const { blocks, handlers } = machine.statistics();
    stderr(
      `${instructions} instructions in ${seconds.toFixed(3)} s, ${(instructions / seconds / 1e6).toFixed(1)} million a second; ` +
        `${blocks} blocks decoded, ${handlers} kinds of instruction; ended by ${reason} at ${where}\n`,
    );
  }
  return reason === 'exit' ? value & 0xff : reason === 'halt' ? 0 : reason === 'limit' ? STATUS_LIMIT : STATUS_SHUTDOWN;
}
