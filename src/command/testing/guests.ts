/** For tests: Guests written for them, with the chapters' own drivers. */
import { existsSync, readFileSync } from 'node:fs';
import { assemble } from '#asm';
import { TOP } from '../../../scripts/lib/paths.mjs';

const PAGE_OFFSET = 0xc0000000;

/** An assembly file of the chapters. */
export function tangled(file: string): string | null {
  return existsSync(`${TOP}/.tangled/${file}`) ? readFileSync(`${TOP}/.tangled/${file}`, 'utf8') : null;
}

/** Assembles a Guest that is linked at 0xc0100000. */
export function assembleGuest(text: string): Uint8Array {
  const done = assemble([{ name: 'guest.S', text }], {
    base: PAGE_OFFSET + 0x100000,
    physicalOffset: PAGE_OFFSET,
    include: (file) => {
      const included = tangled(file);
      return included === null ? null : { name: file, text: included };
    },
  });
  if (!done.ok) throw new Error(done.errors.map(({ source, line, message }) => `${source}:${line}: ${message}`).join('\n'));
  const image = done.elf();
  new DataView(image.buffer, image.byteOffset).setUint32(24, done.entry - PAGE_OFFSET, true);
  return image;
}

/**
 * A Guest that writes sector after sector, round and round, for ever: all of each is the number of the write, from 1; and when a write is done, it prints the number, in
 * hexadecimal. Every eighth is a barrier.
 */
export const WRITER = `
	.include "guest/lguest.S"
	.include "guest/tools.S"
	.include "guest/virtio_blk.S"
	.text
guest_main:
	call	lguest_devices_init
	irq_enable
	movl	block_queue, %ebx
1:	incl	number
	movl	number, %eax
	movl	$buffer, %edi
	movl	$128, %ecx
	cld
	rep stosl
	andl	$63, %eax
	movl	%eax, request + REQ_SECTOR
	movl	$BLK_T_OUT, request + REQ_TYPE
	movl	$request, %esi
	testl	$7, number
	jnz	2f
	call	blk_barrier
2:	call	blk_ask
	call	vring_kick
	call	blk_wait
	jc	3f
	show	number
	jmp	1b
3:	power_off "a write failed"
	.data
	.balign	4
request: virtblk_req BLK_T_OUT, 0, 1
	.long	buffer - PAGE_OFFSET, 512, 0, 0
number:	.long	0
virtio_drivers:	.long	VIRTIO_ID_BLOCK, virtblk_probe, 0
	.bss
	.balign	4096
buffer:	.skip	4096
	.text
	.include "guest/lguest_device.S"
	.include "guest/virtio_ring.S"
	.include "guest/irq.S"
	.include "guest/i386_head.S"
	.include "guest/boot.S"
`;
/**
 * A Guest with two watches, which it has as Linux has them: the date that the Host writes into the shared page, and the time stamp counter. It is busy for a while, sleeps for a while,
 * a little otherwise each time, and after each prints both: `=`, then the counter's upper and lower half and the date's seconds and nanoseconds, a line of eight hexadecimal digits for each.
 * While it is busy, it looks at the counter all the time, and says `back` should that ever go back.
 * @param rounds of both; 0: for ever
 */
export function clockGuest(rounds: number): string {
  return `
	.include "guest/lguest.S"
	.include "guest/tools.S"
	.text
guest_main:
	hcall	$LHCALL_SET_STACK, $KERNEL_DS, $boot_stack_end, $1
	set_gate 0x20, timer
	movl	$0, lguest_blocked
	irq_enable
	xorl	%esi, %esi
1:	movl	%esi, %eax
	andl	$7, %eax
	movl	work(, %eax, 4), %ebp
	call	busy
	call	report
	movl	%esi, %eax
	andl	$7, %eax
	movl	$0, woken
	movl	sleeps(, %eax, 4), %ebx
	hcall	$LHCALL_SET_CLOCKEVENT, %ebx
2:	cmpl	$0, woken
	jne	3f
	hcall	$LHCALL_HALT
	jmp	2b
3:	call	report
	incl	%esi
	cmpl	$${rounds}, %esi
	jne	1b
	power_off "it is late"

timer:	movl	$1, woken
	jmp	lguest_iret

report:	print	"=\\n"
	rdtsc
	pushl	%eax
	show	%edx
	popl	%eax
	show	%eax
	show	lguest_time
	show	lguest_time+4
	ret

# busy: EBP times round, with an eye on the clock.
busy:	rdtsc
	movl	%eax, %ebx
	movl	%edx, %ecx
	cmpl	seen+4, %edx
	jb	2f
	ja	1f
	cmpl	seen, %eax
	jb	2f
1:	movl	%ebx, seen
	movl	%ecx, seen+4
	movl	$30, %eax
3:	decl	%eax
	jnz	3b
	decl	%ebp
	jns	busy
	ret
2:	print	"back\\n"
	jmp	1b
	.data
	.balign	4
woken:	.long	0
seen:	.long	0, 0
work:	.long	0, 100, 3000, 30000, 100000, 0, 200000, 30
sleeps:	.long	1000000, 20000000, 300000, 150000000, 3000000, 700000000, 5000000, 40000000
	.text
	.include "guest/i386_head.S"
	.include "guest/boot.S"
`;
}

/** What it printed: milliseconds that passed by the counter, and the date by the other watch, in ms since 1970. */
export function readWatches(printed: string): { counter: number; date: number }[] {
  return [...printed.matchAll(/^=\n((?:[0-9a-f]{8}\n){4})/gm)].map(([, digits]) => {
    const [high, low, seconds, nanoseconds] = digits.split('\n').map((word) => parseInt(word, 16));
    return { counter: (high * 2 ** 32 + low) / 1e5, date: seconds * 1000 + nanoseconds / 1e6 };
  });
}

/** Sectors that it goes round. */
export const WRITER_SECTORS = 64;

/** The number of the last write that it said is done; 0: none. */
export function lastWritten(printed: string): number {
  const numbers = printed.match(/^[0-9a-f]{8}$/gm) ?? [];
  return numbers.length === 0 ? 0 : parseInt(numbers[numbers.length - 1], 16);
}

/** Complains of what the writer was told is written and is not there. */
export function missingWrites(disk: Uint8Array, last: number): string[] {
  const view = new DataView(disk.buffer, disk.byteOffset, disk.byteLength);
  const missing: string[] = [];
  for (let write = Math.max(1, last - WRITER_SECTORS + 1); write <= last; write++) {
    for (let at = 0; at < 512; at += 4) {
      const found = view.getUint32((write % WRITER_SECTORS) * 512 + at, true);
      // A later write may have begun.
      if (found !== write && found !== write + WRITER_SECTORS)
        missing.push(`write ${write}: byte ${at} of its sector is of write ${found}`);
    }
  }
  return missing;
}
