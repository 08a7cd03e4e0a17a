/** The Guests' own registers, as the Host has put them away, and the place in a chapter where each stands: after its end, where it came to it. */
import { disassemble } from '#asm';
import { MAX_LENGTH, pageBits } from '#machine';
import type { Machine } from '#machine';
import type { Kernel } from '#hostos';
import type { LinePosition } from '#tangle/runtime';
import type { CodeMap } from '../lines/code_map.ts';
import type { LguestProgram, ProgramCpu, SavedRegister } from '../program.ts';
import type { Registers } from './registers.ts';

const PAGE = 4096;
const { PTE_P } = pageBits;
/** `int` with a number: its first byte, and how long it is. */
const INT = 0xcd;
const INT_BYTES = 2;
const RPL = 3;

/** A Guest's own registers. CR0 the Host keeps to itself. */
export type GuestRegisters = Omit<Registers, 'cr0'>;

/** A Guest, as it is while something else has the processor; while it runs, as it was when it last came back. */
export interface GuestView {
  /** Which: 0, 1, … */
  readonly guest: number;
  /** Its Launcher is gone: this is how it ended. */
  readonly ended: boolean;
  readonly registers: GuestRegisters;
  /** The instruction that it came to last: a trap's own, be it behind EIP already (`int`) or not. */
  readonly address: number;
  /** That instruction in AT&T syntax; null where its page is not there. */
  readonly text: string | null;
  /** The line of a chapter that has it. */
  readonly place: LinePosition | null;
}

/** What this view looks at. */
export interface GuestsSight {
  readonly program: LguestProgram;
  readonly machine: Pick<Machine, 'ram'>;
  readonly kernel: Kernel;
  readonly code: CodeMap;
}

/** The Guests whose Launchers live. Nothing is touched by looking. */
export function viewGuests({ program, machine: { ram }, kernel, code }: GuestsSight): GuestView[] {
  return program.guests(kernel).flatMap(({ tty, cpu }) => {
    if (cpu === null) return [];
    const read = (name: SavedRegister | 'trapnum'): number => ram.read32(cpu.registers + cpu.offsets[name]) >>> 0;
    const registers = registersOf(cpu, read);
    const byte = (address: number): number | null => {
      const physical = walk(ram, cpu.tables, address >>> 0);
      return physical === null ? null : ram.read8(physical);
    };
    const { eip } = registers;
    const vector = read('trapnum') & 0xff;
    const address = byte(eip - INT_BYTES) === INT && byte(eip - 1) === vector ? (eip - INT_BYTES) >>> 0 : eip;
    const physical = walk(ram, cpu.tables, address);
    return [
      {
        guest: tty,
        ended: false,
        registers,
        address,
        text: textAt(address, byte),
        place: physical === null ? null : code.lineOf(physical, kernel),
      },
    ];
  });
}

function registersOf({ cr2, cr3 }: ProgramCpu, read: (name: SavedRegister) => number): GuestRegisters {
  const selector = (name: SavedRegister): number => read(name) & 0xffff;
  const cs = selector('cs');
  const cpl = cs & RPL;
  return {
    world: cpl === RPL ? 'guest-user' : 'guest-kernel',
    eax: read('eax'),
    ebx: read('ebx'),
    ecx: read('ecx'),
    edx: read('edx'),
    esi: read('esi'),
    edi: read('edi'),
    ebp: read('ebp'),
    esp: read('esp'),
    eip: read('eip'),
    eflags: read('eflags'),
    cs,
    ss: selector('ss'),
    ds: selector('ds'),
    es: selector('es'),
    fs: selector('fs'),
    gs: selector('gs'),
    cr2,
    cr3,
    cpl,
  };
}

/** Where an address leads by the tables that the Guest runs with; null where they have no page. Their pages all have 4 KB. */
function walk(ram: Machine['ram'], directory: number, address: number): number | null {
  if (directory === 0) return null;
  const table = ram.read32(directory + (address >>> 22) * 4);
  if ((table & PTE_P) === 0) return null;
  const page = ram.read32((table & -PAGE) + ((address >>> 12) & 0x3ff) * 4);
  return (page & PTE_P) === 0 ? null : ((page & -PAGE) >>> 0) + (address % PAGE);
}

function textAt(address: number, byte: (address: number) => number | null): string | null {
  const bytes: number[] = [];
  for (let i = 0; i < MAX_LENGTH; i++) {
    const value = byte(address + i);
    if (value === null) break;
    bytes.push(value);
  }
  return bytes.length === 0 ? null : disassemble(Uint8Array.from(bytes), address).text;
}
