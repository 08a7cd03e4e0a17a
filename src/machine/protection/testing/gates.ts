/** The stage of the tests of interrupts and IRET: an IDT with a gate of every kind, and the segments that they lead to. */
import type { Cpu } from '../../memory/cpu.ts';
import { bench, gdt, idt, ring } from '../../proofs/testing.ts';

/** Gates of the table-driven cases; 60-78 are code segments with something about them, 80-90 stacks. */
const GATES = `
  00 int32 dpl0 to=8:1000
  03 trap32 dpl3 to=8:1003
  06 int32 dpl0 to=18:1006
  08 int32 dpl0 to=8:1008
  0a int32 dpl0 to=8:100a
  0b int32 dpl0 to=8:100b
  0c int32 dpl0 to=8:100c
  0d int32 dpl0 to=8:100d
  0e int32 dpl0 to=8:100e
  20 int32 dpl0 to=8:1020
  21 trap32 dpl0 to=8:1021
  22 int16 dpl0 to=8:1022
  23 trap16 dpl0 to=8:1023
  24 int32 dpl0 to=18:1024
  25 int32 dpl0 to=28:1025
  26 int32 dpl0 to=38:1026
  27 int32 dpl0 to=60:1027
  28 int32 dpl0 to=68:1028
  29 int32 dpl0 to=70:1029
  2a int32 dpl0 to=10:102a
  2b int32 dpl0 to=0:102b
  2c int32 dpl0 np to=8:102c
  2d call32 dpl0 to=8:102d
  2e int32 dpl0 to=78:2000
  2f int32 dpl0 to=f8:0
  30 int32 dpl0 to=100:0
  80 trap32 dpl3 to=18:1080
  81 int32 dpl3 to=8:1081
  82 int32 dpl1 to=8:1082
`;
const SEGMENTS = `
  60 code dpl0 r c
  68 code dpl0 r np
  70 code dpl3 r c
  78 code dpl0 r limit=fff
  80 data dpl0
  88 data dpl0 w np
  90 data dpl0 w base=18000 limit=17
`;

/** A machine in ring `cpl`, at 0x1234, with those gates and segments. */
export function prepared(cpl: number, flags = 0x246): Cpu {
  const cpu = bench();
  gdt(cpu, SEGMENTS);
  idt(cpu, GATES);
  ring(cpu, cpl);
  cpu.state.eip = 0x1234;
  cpu.state.eflags = flags;
  return cpu;
}
