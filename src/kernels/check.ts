/**
 * A real Linux as a Guest, checked from outside: it boots, says what it was meant to say or gives a prompt, works with its disk, restarts, powers off. Which of these can be checked depends
 * on the initial RAM disk: one that prints `ok N` lines and a line with PASS is let run to its end; one that comes to a shell is typed at.
 */
import { diagnoseKernel } from './diagnose.ts';
import { drive, MemoryDisk, World } from '#world';
import type { LguestProgram, Statistics, WorldEvent } from '#world';

/** A file by its name. */
export interface NamedFile {
  name: string;
  bytes: Uint8Array;
}

/** What to check. */
export interface LinuxCheckOptions {
  /** The lguest that it is a Guest of. */
  program: LguestProgram;
  kernel: NamedFile;
  initrd?: NamedFile;
  /** An ext2 file system; the check works on a copy. */
  disk?: NamedFile;
  /** MB. */
  memory: number;
  /** The kernel's arguments. */
  args: readonly string[];
  /** Instructions after which a run is given up. */
  maxInstructions: number;
  /** Milliseconds, from anywhere. */
  now: () => number;
  /** Hears the console. */
  show?: (text: string) => void;
}

/** The counts at a point of the run. */
export interface Mark {
  /** `first user instruction`, `prompt`, `the end`. */
  at: string;
  statistics: Statistics;
  milliseconds: number;
}

/** What came out. */
export interface LinuxCheckResult {
  /** One finding a line, good and bad ones. */
  findings: { good: boolean; text: string }[];
  marks: Mark[];
  /** The disk as the Guest left it. */
  disk?: Uint8Array;
}

/** Instructions between two looks at the console. */
const SLICE = 500_000;
const PROMPT = /(?:^|\n)[^\n]*[#$] $/;
const PASS = /\bPASS\b/;
const FAIL = /\bFAIL\b/;
const USER = 4;
const WRITTEN = 'written by the Linux check';

/** Boots a kernel and checks what can be checked. Never throws for what the Guest does. */
export function checkLinux(options: LinuxCheckOptions): LinuxCheckResult {
  const result: LinuxCheckResult = { findings: [], marks: [] };
  const { guest, findings, release } = diagnoseKernel(options.kernel.bytes);
  if (guest === 'no') return { ...result, findings: findings.map((text) => ({ good: false, text })) };
  const session = new Session(options, result);
  const first = session.until((text) => PROMPT.test(text) || PASS.test(text) || FAIL.test(text), 'a prompt, or the word PASS');
  if (!first) return result;
  const passed = PASS.test(session.console) || FAIL.test(session.console);
  if (passed) {
    session.checkTests();
  } else {
    session.mark('the prompt');
    checkShell(session, release, options.disk !== undefined);
  }
  if (session.status === null) session.until(() => false, 'the power-off');
  session.found(
    session.status === 0,
    session.status === 0 ? 'powered off' : `ended with status ${session.status ?? 'none: it still runs'}`,
  );
  session.mark('the end');
  if (passed && session.disk && options.disk)
    session.found(true, `${changedSectors(options.disk.bytes, session.disk.bytes)} sectors of the disk are other than before`);
  if (session.disk) result.disk = session.disk.bytes;
  return result;
}

/** Types at a shell: it answers, its disk can be mounted and written, it restarts. At the end it is told to power off. */
function checkShell(session: Session, release: string | null, disk: boolean): void {
  const answer = session.type('echo $((6 * 7)) $(uname -r)');
  session.found(new RegExp(`^42 ${release ?? ''}`, 'm').test(answer), 'the shell answers');
  if (disk) {
    const mounted = session.type(
      `mkdir -p /mnt; mount -t ext2 /dev/vda /mnt && echo "${WRITTEN}" > /mnt/check.txt && umount /mnt && echo all"" done`,
    );
    session.found(/^all done/m.test(mounted), 'the disk is mounted, written, unmounted');
    session.found(session.onDisk(`${WRITTEN}\n`), 'the file is in the image');
  }
  const before = session.boots;
  session.send('reboot -f\n');
  const again = session.until((text) => session.boots > before && PROMPT.test(text), 'a prompt after the restart');
  if (again) session.found(true, 'restarted, to a prompt');
  session.send('poweroff -f\n');
}

/** A world, its console, and somebody who watches it. */
class Session {
  readonly disk: MemoryDisk | null;
  /** What the console has shown since the last {@link Session.send}, carriage returns left out. */
  console = '';
  status: number | null = null;
  /** How often a Guest has introduced itself. */
  boots = 0;
  readonly #world: World;
  readonly #options: LinuxCheckOptions;
  readonly #result: LinuxCheckResult;
  readonly #begun: number;
  #user = false;

  constructor(options: LinuxCheckOptions, result: LinuxCheckResult) {
    const { program, kernel, initrd, disk, memory, args, now } = options;
    this.#options = options;
    this.#result = result;
    this.#begun = now();
    this.disk = disk ? new MemoryDisk(disk.name, disk.bytes.slice()) : null;
    this.#world = World.create({
      program,
      argv: [
        ...(disk ? [`--block=${disk.name}`] : []),
        ...(initrd ? [`--initrd=${initrd.name}`] : []),
        String(memory),
        kernel.name,
        ...args,
      ],
      files: (path) => [kernel, initrd].find((file) => file?.name === path)?.bytes,
      disks: (path) => (disk && path === disk.name ? { length: disk.bytes.length } : undefined),
      keepEvents: false,
      keepInputs: false,
      onEvent: (event) => {
        this.#heard(event);
      },
    });
  }

  #heard(event: WorldEvent): void {
    if (event.kind === 'console') {
      const text = event.text.replaceAll('\r', '');
      this.console += text;
      this.#options.show?.(text);
    } else if (event.kind === 'fault' && !this.#user && (event.error & USER) !== 0) {
      this.#user = true;
      this.mark('the first user instruction');
    } else if (event.kind === 'hypercall' && event.nr === this.#options.program.hypercalls.LGUEST_INIT) {
      this.boots++;
    }
  }

  /** Runs until the console shows what is wanted; false (and a finding) where it never does. */
  until(seen: (console: string) => boolean, what: string): boolean {
    while (!seen(this.console)) {
      const left = this.#options.maxInstructions - this.#world.instructions;
      const end = this.#world.instructions + Math.min(SLICE, left);
      const stop = left > 0 ? drive(this.#world, end, { serve: (request) => this.disk?.answer(request) }) : null;
      if (stop?.reason === 'exited') {
        this.status = stop.status;
        if (seen(this.console)) return true;
        if (what !== 'the power-off') this.found(false, `waited in vain for ${what}: the Guest ended first: ${lastLine(this.console)}`);
        return false;
      }
      const vain =
        stop === null
          ? `${this.#options.maxInstructions / 1e6} million instructions were not enough`
          : stop.reason === 'panicked'
            ? `the Host gave up: ${stop.message}`
            : stop.reason === 'idle'
              ? 'everybody waits for something that will never come'
              : null;
      if (vain !== null && !seen(this.console)) {
        this.found(false, `waited in vain for ${what}: ${vain}; the console’s last line: ${lastLine(this.console)}`);
        return false;
      }
    }
    return true;
  }

  /** Types. */
  send(text: string): void {
    this.console = '';
    this.#world.input({ kind: 'keys', tty: 0, bytes: new TextEncoder().encode(text) });
  }

  /** Types a command; returns what it said. */
  type(command: string): string {
    this.send(`${command}\n`);
    return this.until((text) => text.includes('\n') && PROMPT.test(text), `prompt after “${command}”`)
      ? this.console.slice(this.console.indexOf('\n') + 1)
      : '';
  }

  /** Counts the `ok` lines of a Guest that tests itself. */
  checkTests(): void {
    const all = this.console.match(/^ok \d+/gm)?.length ?? 0;
    const bad = this.console.match(/^not ok \d+.*$/gim) ?? [];
    this.found(PASS.test(this.console) && bad.length === 0, `${all} of ${all + bad.length} checks passed inside the Guest`);
    for (const line of bad) this.found(false, line);
  }

  found(good: boolean, text: string): void {
    this.#result.findings.push({ good, text });
  }

  mark(at: string): void {
    this.#result.marks.push({ at, statistics: this.#world.statistics(), milliseconds: this.#options.now() - this.#begun });
  }

  onDisk(text: string): boolean {
    return this.disk !== null && new TextDecoder('latin1').decode(this.disk.bytes).includes(text);
  }
}

const SECTOR = 512;

function changedSectors(before: Uint8Array, after: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < after.length; at += SECTOR) if (after.subarray(at, at + SECTOR).some((byte, i) => byte !== before[at + i])) count++;
  return count;
}

function lastLine(console: string): string {
  return console.trimEnd().split('\n').pop() ?? '';
}

/** The result as text, a line each. */
export function describeLinuxCheck({ findings, marks }: LinuxCheckResult): string {
  const sum = (counts: Record<number, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
  const lines = marks.map(({ at, statistics: s, milliseconds }) => {
    const calls = Object.values(s.hypercalls).reduce((all, { direct, ring }) => ({ direct: all.direct + direct, ring: all.ring + ring }), {
      direct: 0,
      ring: 0,
    });
    return (
      `  to ${at}: ${(s.instructions / 1e6).toFixed(1)} million instructions, ${(milliseconds / 1000).toFixed(2)} s; ${s.switches} switches, ${sum(s.traps)} exits, ` +
      `${s.hiddenFaults + s.reflectedFaults} page faults (${s.reflectedFaults} the Guest’s own), ${calls.direct} hypercalls and ${calls.ring} through the ring, ${s.interrupts} interrupts`
    );
  });
  return [...lines, ...findings.map(({ good, text }) => `  ${good ? 'ok' : 'NOT ok'}: ${text}`), ''].join('\n');
}
