/**
 * Where QEMU (7.2, TCG) and the manual do not agree, and this machine follows the manual or, where vectors/sequences.txt has it, the silicon. What this machine
 * says in these cases is in ours.txt.
 */
export const DIFFERENCES: readonly { cases: RegExp; why: string }[] = [
  {
    cases: /^(SS of iret|SS1 of the TSS|SS of a task)/,
    why: 'A stack segment that is not present is #SS (SDM vol. 2, IRET and INT; vol. 3, table 7-1). QEMU: #NP or #TS.',
  },
  { cases: /^CS of a task/, why: 'Conforming code may have a DPL below the RPL (SDM vol. 3, table 7-1). QEMU wants them equal.' },
  { cases: /^0f 00 d8 of low/, why: 'LTR of a null selector is #GP(0). QEMU takes it.' },
  {
    cases: /through every gate to c, ring|^a task in the LDT/,
    why: 'A task gate or transfer to a TSS in the LDT is #GP (SDM vol. 2, INT, JMP). QEMU: #TS.',
  },
  {
    cases: /^call through every gate to a0|^call of gate ab/,
    why: "Conforming code keeps the caller's CPL (SDM vol. 2, CALL). QEMU takes the segment's DPL.",
  },
  { cases: /^jmp through every gate to d0/, why: "A gate's code segment that is not present is #NP (SDM vol. 2, JMP). QEMU: #GP." },
  { cases: /^(read and write|locked exchange), /, why: 'A read-modify-write faults as a write, on silicon too. QEMU reads first.' },
  { cases: /^busy bit in a read-only GDT page/, why: "Which byte of the descriptor CR2 names is the processor's affair." },
  { cases: /^a global page over MOV to CR3/, why: 'A global page stays. QEMU forgets everything.' },
  { cases: /^a 4 MiB page with a reserved bit/, why: 'P is set with RSVD (SDM vol. 3, 4.7).' },
  { cases: /^single step: lss/, why: 'LSS holds nothing back, on silicon too. QEMU treats it as MOV SS.' },
  {
    cases: /^single step: sti|^an interrupt and a single step/,
    why: 'STI holds back maskable interrupts, no debug exceptions (SDM vol. 2, STI). QEMU: the single step, too.',
  },
  {
    cases: /^pusha over two pages/,
    why: 'PUSHA pushes EAX first and EDI last (SDM vol. 2, PUSHA), on silicon too: CR2 names the highest word that cannot be written. QEMU begins with the lowest.',
  },
  { cases: /^an instruction breakpoint after mov ss/, why: 'MOV SS holds debug exceptions back (SDM vol. 3, 6.8.3). QEMU: not this one.' },
  { cases: /^a data breakpoint: two of them/, why: 'DR6 tells of all that matched. QEMU: of the first.' },
  { cases: /^general detect/, why: 'QEMU has no general detect.' },
  { cases: /^MOV to and from DR[57]/, why: 'Bit 11 of DR7 is reserved before RTM. QEMU stores it.' },
  { cases: /^a task with its T bit/, why: 'QEMU does not look at the T bit.' },
  {
    cases: /^MOV (80000013|80010032|32|a0010033|20000033|ffffffff|fff|20000000) to CR[034]/,
    why: 'PG without PE, and NW without CD, are #GP(0); reserved bits are not stored; PE cannot be cleared here. QEMU stores what it gets.',
  },
  { cases: /^int1 through/, why: 'Opcode F1 is INT1 (SDM vol. 2). QEMU: #UD on this model.' },
  {
    cases: /^(f0 8b 03|c6 c8 00) is no instruction|^#UD before a privilege check|^LOCK and #PF/,
    why: '#UD, on silicon too (LOCK MOV to CR0 means something to AMD). QEMU lets them pass.',
  },
  {
    cases: /^an interrupt after (mov|pop) ss/,
    why: "STI before MOV SS: how long the two hold interrupts back is the processor's affair (SDM vol. 2, MOV).",
  },
  { cases: /^an interrupt between rep movs/, why: 'An interrupt may come between two elements. QEMU finishes a short one.' },
];

/**
 * An answer without what QEMU never does, and what is the processor's affair: RF in the flags that a fault pushes, EXT in a selector's error code for
 * exceptions met on the way into a handler (SDM vol. 3, 6.13), the directory's Accessed bit after a walk that failed. Other tests look after these.
 */
export function comparable(line: string): string {
  return line
    .replace(/flags=([0-9a-f]+)/g, (_, flags: string) => `flags=${(parseInt(flags, 16) & ~0x10000).toString(16)}`)
    .replace(/\b(1[0-3])\/([0-9a-f]+)/g, (_, vector: string, error: string) => `${vector}/${(parseInt(error, 16) & ~1).toString(16)}`)
    .replace(/\b(1[0-3])\/0\b/g, '$1')
    .replace(
      /(14[^|,;]*) \| ([0-9a-f]+)/g,
      (_, fault: string, entry: string) => `${fault} | ${(parseInt(entry, 16) & ~0x20).toString(16)}`,
    );
}
