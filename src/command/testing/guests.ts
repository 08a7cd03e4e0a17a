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
