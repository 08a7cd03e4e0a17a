import { describe, expect, it } from 'vitest';
import { Machine } from './machine.ts';
import { IDTR } from './state/layout.ts';
import { IF, TF } from './state/flags.ts';

/** The machine as its users see it: exact counts, interrupts, single step, self-modifying code, snapshots. */

const CODE = 0x1000;
const IDT = 0x4000;
const HANDLERS = 0x5000;
const STACK = 0x9000;

/** Bytes from hexadecimal, blanks ignored; `;` starts a comment to the line's end. */
function hex(text: string): Uint8Array {
  const digits = text.replace(/;.*/g, '').replace(/\s+/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, n) => parseInt(digits.slice(n * 2, n * 2 + 2), 16));
}

function load(program: string, at = CODE): Machine {
  const machine = new Machine({ ramBytes: 1 << 20 });
  machine.ram.writeBytes(at, hex(program));
  machine.cpu.eip = at;
  machine.cpu.esp = STACK;
  return machine;
}

/** Gives every vector a handler of its own at HANDLERS + 16 × vector, an IRET. The GDT repeats the segments of the reset state. */
function withHandlers(machine: Machine): Machine {
  const { cpu, ram } = machine;
  ram.write32(0x3008, 0x0000ffff);
  ram.write32(0x300c, 0x00cf9b00);
  ram.write32(0x3010, 0x0000ffff);
  ram.write32(0x3014, 0x00cf9300);
  cpu.gdtBase = 0x3000;
  cpu.gdtLimit = 0x17;
  for (let vector = 0; vector < 64; vector++) {
    const at = HANDLERS + vector * 16;
    ram.write32(IDT + vector * 8, 0x00080000 | at);
    ram.write32(IDT + vector * 8 + 4, 0x8e00);
    ram.write8(at, 0xcf);
  }
  cpu.u32[IDTR >> 2] = IDT;
  cpu.idtLimit = 0x1ff;
  return machine;
}

/** mov $1000,%ecx; xor %eax,%eax; 1: add %ecx,%eax; rol $3,%eax; mov %eax,0x8000(,%ecx,4); dec %ecx; jnz 1b; hlt */
const LOOP = 'b9 e8030000 31c0 01c8 c1c003 89048d00800000 49 75f1 f4';

describe('the time stamp counter', () => {
  it('counts instructions, and time that passed without any; a snapshot keeps both', () => {
    const machine = load('0f 31  0f 31  0f 31'); // rdtsc ; rdtsc ; rdtsc
    machine.step();
    expect(machine.cpu.eax).toBe(0);
    machine.passTime(0x1_0000_0000 + 0.5);
    machine.passTime(0.5);
    machine.step();
    expect([machine.cpu.edx, machine.cpu.eax, machine.cpu.instructions]).toEqual([1, 2, 2]);
    const before = machine.save();
    machine.passTime(100);
    machine.restore(before);
    machine.step();
    expect([machine.cpu.edx, machine.cpu.eax]).toEqual([1, 3]);
  });

  it('goes on from where it is at another rate, and back; never backwards', () => {
    const machine = load('0f 31 '.repeat(40));
    const read: number[] = [];
    const rates = [1, 0.5, 3 / 256, 2.25, 1 / 256, 1];
    for (let i = 0; i < 40; i++) {
      if (i % 5 === 0) machine.timeStampRate = rates[(i / 5) % rates.length];
      expect(machine.timeStamp).toBeGreaterThanOrEqual(read.at(-1) ?? 0);
      machine.step();
      read.push(machine.cpu.eax);
    }
    // Five each of 1, 1/2, 3/256, 9/4, 1/256, 1, 1, 1/2.
    expect(machine.timeStamp).toBe(Math.floor(5 * (1 + 0.5 + 3 / 256 + 2.25 + 1 / 256 + 1 + 1 + 0.5)));
    expect(read.slice(0, 12)).toEqual([0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 7, 7]);
  });
});

describe('budgets', () => {
  it('stop exactly at the limit, wherever it falls', () => {
    const machine = load(LOOP);
    for (let n = 1; n < 60; n++) {
      expect(machine.run(n)).toEqual({ reason: 'limit' });
      expect(machine.cpu.instructions).toBe(n);
    }
  });

  it.each([1, 2, 3, 7, 64, 1000])('cut into pieces of %i give the same end', (piece) => {
    const whole = load(LOOP);
    const cut = load(LOOP);
    expect(whole.run(1e6).reason).toBe('halt');
    while (cut.run(cut.cpu.instructions + piece).reason === 'limit');
    expect(cut.cpu.instructions).toBe(whole.cpu.instructions);
    expect(cut.cpu.instructions).toBe(2 + 1000 * 5 + 1);
    expect(cut.stateHash()).toBe(whole.stateHash());
  });

  it('count each pass of a repeated instruction, and may end between two', () => {
    const machine = load('b9 0a000000 be 00200000 bf 00300000 f3a4 f4'); // mov ecx,10; …; rep movsb; hlt
    machine.run(3 + 4);
    expect([machine.cpu.ecx, machine.cpu.eip]).toEqual([6, CODE + 15]);
    machine.run(1e6);
    // Ten elements, the pass that finds ECX zero, HLT.
    expect(machine.cpu.instructions).toBe(3 + 10 + 1 + 1);
  });

  it('halt stays halted until an interrupt comes', () => {
    const machine = withHandlers(load('fb f4 40 f4')); // sti; hlt; inc eax; hlt
    expect(machine.run(100).reason).toBe('halt');
    expect(machine.run(100).reason).toBe('halt');
    expect(machine.cpu.instructions).toBe(2);
    machine.onInterruptTaken = () => machine.setInterruptLine(null);
    machine.setInterruptLine(0x20);
    expect(machine.run(100).reason).toBe('halt');
    expect(machine.cpu.eax).toBe(1);
    expect(machine.cpu.instructions).toBe(2 + 1 + 2); // IRET, INC, HLT
  });
});

describe('interrupts', () => {
  it('come at the very instruction boundary where the line rises', () => {
    for (let at = 4; at < 40; at++) {
      const machine = withHandlers(load(LOOP));
      machine.cpu.eflags = IF | 2;
      machine.run(at);
      const eip = machine.cpu.eip;
      machine.setInterruptLine(0x21);
      machine.onInterruptTaken = () => machine.setInterruptLine(null);
      machine.step(); // the handler's IRET
      expect([machine.cpu.eip, machine.cpu.instructions]).toEqual([eip, at + 1]);
    }
  });

  it('wait for the instruction after STI and after MOV SS', () => {
    const machine = withHandlers(load('fb 90 90'));
    machine.setInterruptLine(0x21);
    const seen: number[] = [];
    machine.onInterruptTaken = () => {
      machine.setInterruptLine(null);
      seen.push(machine.cpu.instructions);
    };
    machine.run(6);
    expect(seen).toEqual([2]);
    const other = withHandlers(load('8cd0 8ed0 90 90')); // mov ss,eax; mov eax,ss; nop; nop
    other.run(1);
    other.cpu.eflags = IF | 2;
    other.onInterruptTaken = () => {
      other.setInterruptLine(null);
      seen.push(other.cpu.instructions);
    };
    other.run(2);
    other.setInterruptLine(0x21);
    other.run(6);
    expect(seen).toEqual([2, 3]);
  });
});

describe('exceptions', () => {
  it('leave EIP at the instruction and do not count it', () => {
    const machine = withHandlers(load('90 90 31c9 f7f1')); // nop; nop; xor ecx,ecx; div ecx
    const traps: number[][] = [];
    machine.onTrap = (vector, error) => traps.push([vector, error, machine.cpu.eip]);
    machine.ram.write8(HANDLERS, 0xf4);
    expect(machine.run(100).reason).toBe('halt');
    expect(traps).toEqual([[0, -1, CODE + 4]]);
    expect(machine.cpu.instructions).toBe(4);
    expect(machine.ram.read32(machine.cpu.esp)).toBe(CODE + 4);
  });

  it('of a kind that cannot be delivered end in shutdown', () => {
    expect(load('0f0b').run(10)).toEqual({ reason: 'shutdown' });
  });

  it('single-step after each instruction while TF is set', () => {
    const machine = withHandlers(load('90 40 40 f4'));
    machine.cpu.eflags = TF | 2;
    const steps: number[] = [];
    machine.onTrap = (vector) => {
      if (vector === 1) steps.push(machine.cpu.eip - CODE);
    };
    // The first HLT is single-stepped too; the handler's IRETs run with TF clear.
    machine.run(5);
    expect(steps).toEqual([1, 2, 3]);
  });
});

describe('code that changes', () => {
  it('is seen by the next instruction, in the block being run', () => {
    // movb $0x48,next ; next: inc eax (becomes dec eax) ; hlt
    const machine = load('c605 07100000 48 40 f4');
    machine.run(100);
    expect(machine.cpu.eax).toBe(0xffffffff);
    expect(machine.cpu.instructions).toBe(3);
  });

  it('from outside is seen as well', () => {
    const machine = load('40 f4');
    machine.run(100);
    expect(machine.cpu.eax).toBe(1);
    machine.ram.write8(CODE, 0x48); // dec eax
    machine.cpu.eip = CODE;
    machine.resume();
    machine.run(100);
    expect(machine.cpu.eax).toBe(0);
  });

  it('may share its page with data', () => {
    // 1: incl 0x1800 ; dec ecx ; jnz 1b ; hlt
    const machine = load('b9 64000000 ff05 00180000 49 75f7 f4');
    machine.run(1e6);
    expect(machine.ram.read32(0x1800)).toBe(100);
    expect(machine.statistics().blocks).toBeLessThan(5);
  });

  it('may lie over a page end', () => {
    const at = 0x1ffd;
    const machine = load('b8 78563412 f4', at); // mov eax, 0x12345678
    machine.run(10);
    expect(machine.cpu.eax).toBe(0x12345678);
    machine.cpu.eip = at;
    machine.ram.write8(0x2001, 0x21);
    machine.resume();
    machine.run(10);
    expect(machine.cpu.eax).toBe(0x21345678);
  });
});

describe('snapshots and hits', () => {
  it('go back to the same state and run on alike', () => {
    const machine = load(LOOP);
    machine.run(1234);
    const saved = structuredClone(machine.save());
    const hash = machine.stateHash();
    machine.run(4000);
    const later = machine.stateHash();
    machine.restore(saved);
    expect(machine.stateHash()).toBe(hash);
    machine.run(4000);
    expect(machine.stateHash()).toBe(later);
  });

  it('count how often each instruction ran', () => {
    const machine = load(LOOP);
    const hits = new Map<number, number>();
    const take = (): void => machine.takeHits((at, count) => hits.set(at, (hits.get(at) ?? 0) + count));
    for (let n = 1; n < 30; n += 3) {
      machine.run(n);
      take();
    }
    machine.run(1e6);
    take();
    expect([...hits].sort((a, b) => a[0] - b[0]).map(([at, count]) => [at - CODE, count])).toEqual([
      [0, 1],
      [5, 1],
      [7, 1000],
      [9, 1000],
      [12, 1000],
      [19, 1000],
      [20, 1000],
      [22, 1],
    ]);
  });
});

it.each([false, 1])('stop() in a port callback ends the run behind that very instruction (translate: %s)', (translate) => {
  const machine = new Machine({ ramBytes: 1 << 20, translate });
  //  1: out %al,$0x10; inc %ecx; out %al,$0xf4; inc %ecx; jmp 1b
  machine.ram.writeBytes(CODE, hex('e610 41 e6f4 41 ebf8'));
  machine.cpu.eip = CODE;
  machine.ports = {
    in: () => 0,
    out: (port) => {
      if (port === 0xf4) machine.stop();
    },
  };
  for (let n = 0; n < 50; n++) {
    expect(machine.run(1e6)).toEqual({ reason: 'stop', by: 'call' });
    expect([machine.cpu.eip, machine.cpu.ecx, machine.cpu.instructions]).toEqual([CODE + 5, 1 + n * 2, 3 + n * 5]);
  }
});

describe('repeated INS and OUTS', () => {
  /** mov $3,%ecx; mov $0x2000,%edi; mov %edi,%esi; mov $0x60,%edx; then as given; hlt */
  const program = (string: string): string => `b9 03000000 bf 00200000 89fe ba 60000000 ${string} f4`;
  it.each([
    ['6c', 1, '010203'],
    ['6d', 4, '010000000200000003000000'],
    ['666d', 2, '010002000300'],
  ])('rep %s reads the port for each element', (string, size, bytes) => {
    const machine = load(program(`f3 ${string}`));
    const sizes: number[] = [];
    let value = 0;
    machine.ports = {
      in: (_port, width) => {
        sizes.push(width);
        return ++value;
      },
      out: () => {},
    };
    expect(machine.run(100).reason).toBe('halt');
    expect(sizes).toEqual([size, size, size]);
    expect(machine.ram.readBytes(0x2000, bytes.length / 2)).toEqual(hex(bytes));
    expect([machine.cpu.ecx, machine.cpu.edi]).toEqual([0, 0x2000 + 3 * size]);
  });
  it('rep outsb writes each element to the port', () => {
    const machine = load(program('f3 6e'));
    const written: number[] = [];
    machine.ram.writeBytes(0x2000, hex('112233'));
    machine.ports = {
      in: () => 0,
      out: (_port, _size, value) => {
        written.push(value);
      },
    };
    expect(machine.run(100).reason).toBe('halt');
    expect(written).toEqual([0x11, 0x22, 0x33]);
  });
});

it('reads ones and writes nothing where there is no memory', () => {
  const machine = load('a1 00000040 a3 00000040 f4'); // mov 0x40000000,eax; mov eax,0x40000000; hlt
  machine.run(10);
  expect(machine.cpu.eax).toBe(0xffffffff);
});
