import { program } from '#lguest';
import { assemble } from '#asm';
import { expect, test } from 'vitest';
import { runScene, World } from '#world';
import type { SceneBundle } from '#world';

const HEADER = '.text\n.balign 4\n.long 0x1badb002, 0, -0x1badb002\n_start: ';

function bare(code: string): SceneBundle {
  const made = assemble([{ name: 'bare.S', text: HEADER + code }], { base: 0x100000 });
  if (!made.ok) throw new Error(made.errors.map(({ message }) => message).join('\n'));
  const image = btoa(String.fromCharCode(...made.elf()));
  const scene = { chapter: 'a', title: 'a', guest: 'bare.S', bare: true, memory: 1, panels: [], instructions: 1000, says: ['…'] };
  return { name: 'bare', scene, image, sources: [], lines: [] };
}

const ran = (code: string): [string, string, number] => {
  const { console, ending, summary } = runScene(program, bare(code));
  return [console, ending, summary.instructions];
};

test.each<[string, [console: string, ending: string, instructions: number]]>([
  ['movb $72, %al\n outb %al, $0xe9\n hlt', ['H', 'exit 0', 3]],
  ['movb $7, %al\n outb %al, $0xf4\n hlt', ['', 'exit 7', 2]],
  // Without an IDT.
  ['ud2', ['A triple fault: the processor gave up.\n', 'exit 125', 0]],
  ['1: jmp 1b', ['', 'out of instructions', 1000]],
  // Ring 0, no paging, the magic number of whoever loaded it; and the FPU answers.
  ['cmpl $0x2badb002, %eax\n jne 1f\n movl %cr0, %eax\n testl %eax, %eax\n js 1f\n fldz\n hlt\n1: ud2', ['', 'exit 0', 7]],
])('%j ends as it should', (code, end) => {
  expect(ran(code)).toEqual(end);
});

test('what is no program says so', () => {
  const { console, ending } = runScene(program, { ...bare('hlt'), image: btoa('no program, this') });
  expect([console, ending]).toEqual(['The file has no multiboot header in its first 8192 bytes.\n', 'exit 126']);
});

test('it is gone back in, and makes the same run again', () => {
  const world = World.fromScene(bare('movl $40, %ecx\n1: movb %cl, %al\n outb %al, $0xe9\n loop 1b\n hlt'), { program });
  expect([world.instructions, world.worldName, world.look(['next']).next?.code[0].text]).toEqual([0, 'guest-kernel', 'mov    $0x28,%ecx']);
  world.run(20);
  world.takeConsole();
  const mark = world.checkpoint(null);
  world.run(1000);
  const [hash, text] = [world.stateHash(), world.takeConsole()];
  world.goTo(mark);
  expect(world.instructions).toBe(20);
  expect(world.run(1000)).toEqual({ reason: 'exited', status: 0 });
  expect([world.stateHash(), world.takeConsole()]).toEqual([hash, text]);
});

test('its gates are the processor’s: int leads where the view says, or is refused', () => {
  // Gate 0x80 for ring 3, and gate 14 for ring 0 alone, both to the same HLT; the table ends behind gate 0x80.
  const world = World.fromScene(
    bare(
      'movl $there, %eax\n movl %eax, %ecx\n andl $0xffff, %eax\n orl $0x80000, %eax\n andl $0xffff0000, %ecx\n movl %eax, idt+8*14\n movl %eax, idt+8*128\n' +
        ' movl %ecx, idt+8*14+4\n movl %ecx, idt+8*128+4\n orl $0x8e00, idt+8*14+4\n orl $0xef00, idt+8*128+4\n lidt idtr\n lgdt gdtr\n hlt\n' +
        'there: hlt\n .balign 8\nidtr: .word 8*129-1\n .long idt\n .balign 4\ngdtr: .word 23\n .long gdt\n .balign 8\n' +
        'gdt: .quad 0, 0x00cf9b000000ffff, 0x00cf93000000ffff\nidt: .fill 256*8, 1, 0',
    ),
    { program },
  );
  expect(world.look(['descriptors']).descriptors?.guests[0].gates.every(({ route }) => route === 'nowhere')).toBe(true);
  world.run(1000);
  const { descriptors, guests } = world.look(['descriptors', 'guests']);
  const gates = descriptors?.guests[0].gates ?? [];
  expect(gates.flatMap(({ index, route, reach }) => (route === 'nowhere' ? [] : [[index, route, reach]]))).toEqual([
    [14, 'straight', 0],
    [128, 'straight', 3],
  ]);
  expect(descriptors?.guests[0].descriptors[1].real).toEqual([0xffff, 0xcf9b00]);
  expect([guests?.[0].ended, guests?.[0].registers.cs]).toEqual([true, 8]);
});

test('at its end it stands at the instruction to which it came last, not behind it', () => {
  const at = (code: string, address: number, length: number): unknown => {
    const world = World.fromScene({ ...bare(code), sources: ['docs/a.mdx'], lines: [address, length, 0, 7] }, { program });
    world.run(1000);
    const { address: last, text, place } = world.look(['guests']).guests?.[0] ?? {};
    return [last, text, place?.line];
  };
  expect(at('nop\n hlt', 0x10000d, 1)).toEqual([0x10000d, 'hlt', 7]);
  expect(at('nop\n outb %al, $0xf4', 0x10000d, 2)).toEqual([0x10000d, 'out    %al,$0xf4', 7]);
  expect(at('nop\n ud2', 0x10000d, 2)).toEqual([0x10000d, 'ud2', 7]);
});

test.each([5, 7, 1000])('who waits for what it says stops just behind it, in slices of %i', (slice) => {
  const world = World.fromScene(bare('movb $65, %al\n nop\n nop\n outb %al, $0xe9\n nop\n nop\n nop\n nop\n nop\n nop\n nop\n hlt'), {
    program,
  });
  const stop = { since: world.place(), events: ({ kind }: { kind: string }) => kind === 'console' };
  while (world.run(slice, Infinity, { stop }).reason === 'limit');
  expect([world.takeConsole(), world.instructions]).toEqual(['A', 4]);
});
