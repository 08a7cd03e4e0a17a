/** What the tests of Puppy's disk assemble: its own code, and stand-ins for the rest of the kernel around it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { assemble } from '#asm';
import type { Assembly } from '#asm';

/** Stand-ins for the rest of the kernel. Whoever waits halts, and the test does what a disk does meanwhile. */
const KERNEL = `
.set PAGE_OFFSET, 0
.set PAGE_SIZE, 4096
.macro hcall number:req, arg1, arg2, arg3
.endm
.macro irq_disable
.endm
.macro irq_enable
.endm
.macro pv name:req
	movl	seconds, %eax
	movl	$-1, %ecx
	movl	$-1, %edx
.endm
.macro printk text:req
.endm
.macro filesystem name:req, routine:req
.endm
.macro device_file name:req, ops:req, device=0
.endm
.set VQ_NUM, 0
.set VQ_CALLBACK, 12
.set F_POS, 12
.set FS_OPS, 0
.set FS_ROOT, 4
.set KSTAT_MODE, 0
.set KSTAT_INO, 4
.set KSTAT_NLINK, 8
.set KSTAT_SIZE, 12
.set KSTAT_MTIME, 16
.set KSTAT_BLOCKS, 20
.set IO_BUFFER, 0
.set IO_OFFSET, 4
.set IO_COUNT, 8
.set DENT_COOKIE, 0
.set DENT_INO, 4
.set DENT_TYPE, 8
.set DENT_NAME, 12
	.text
	.globl	_start
_start:	ud2
	.include "guest/virtio_blk.S"
	.include "puppy/buffers.S"
	.include "puppy/ext2.S"
	.include "puppy/ext2_inode.S"
	.include "puppy/ext2_alloc.S"
	.include "puppy/ext2_dir.S"
	.include "puppy/ext2_file.S"
	.include "puppy/ext2_names.S"

lg_find_vq:
lg_feature:
lg_get:
bug:	ud2

# vring_add_buf: EAX is the request.
vring_add_buf:
	pushl	%edx
	movl	asked, %edx
	movl	%eax, offers(, %edx, 4)
	incl	asked
	popl	%edx
	clc
	ret

vring_kick:
	pushl	asked
	popl	kicked
	jmp	scratched

# vring_get_buf: what the test has finished.
vring_get_buf:
	movl	finished, %edx
	cmpl	$1, %edx
	jc	1f
	decl	%edx
	movl	%edx, finished
	movl	ends(, %edx, 8), %eax
	movl	ends + 4(, %edx, 8), %ecx
	movl	$-1, %edx
	clc
1:	ret

wait_on:
	hlt
	pushal				# an interrupt
	movl	$queue, %ebx
	call	disk_done
	popal
scratched:
	movl	$-1, %edx
	movl	$-1, %ecx
	ret

wake_up:
	incl	woken
	movl	$-1, %eax
	jmp	scratched

user_writable:
	xorl	%eax, %eax
	jmp	scratched

page_alloc:
	xorl	%eax, %eax
	cmpl	$0, pages_left
	je	1f
	decl	pages_left
	movl	next_page, %eax
	addl	$PAGE_SIZE, next_page
1:	jmp	scratched

kmalloc:
	xorl	%eax, %eax
	cmpl	$0, kmalloc_left
	je	scratched
	decl	kmalloc_left
	incl	kmalloced
	movl	kmalloc_free, %eax
	testl	%eax, %eax
	jz	2f
	movl	(%eax), %edx
	movl	%edx, kmalloc_free
	jmp	scratched
2:	movl	kmalloc_next, %eax
	addl	$64, kmalloc_next
	jmp	scratched

kfree:	incl	kmalloc_left
	decl	kmalloced
	movl	kmalloc_free, %edx
	movl	%edx, (%eax)
	movl	%eax, kmalloc_free
	jmp	scratched

	.data
	.balign	4
seconds:	.long	1200000000
ticks:	.long 0
asked:		.long	0
kicked:		.long	0
finished:	.long	0
woken:		.long	0
pages_left:	.long	512
next_page:	.long	0x200000
kmalloc_left:	.long	512
kmalloced:	.long	0
kmalloc_free:	.long	0
kmalloc_next:	.long	0x1f0000
queue:		.word	128, 0
		.skip	60
struct_fs:	.skip	64
	.bss
	.balign	4
offers:		.skip	4096
ends:		.skip	4096
`;

let program: Assembly | undefined;

/** Puppy's buffers and ext2 among their stand-ins, assembled once. */
export function assembled(): Assembly {
  if (program) return program;
  const read = (name: string): string => {
    const file = join(process.cwd(), '.tangled', name);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const made = assemble([{ name: 'disk_kernel.S', text: KERNEL }], { base: 0x100000, include: (name) => ({ name, text: read(name) }) });
  expect(made.errors).toEqual([]);
  return (program = made);
}
