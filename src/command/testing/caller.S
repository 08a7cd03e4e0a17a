# A Guest for tests: see caller.ts.
	.include "guest/lguest.S"
	.include "guest/tools.S"
	.include "guest/virtio_net.S"
# what has been heard
.set DHCP, 1
.set ARP, 2
.set ECHO, 4
.set OPEN, 8
.set END, 16
.set PATIENCE, 500
	.text
guest_main:
	call	lguest_devices_init
	xorl	%eax, %eax
	movl	$alarm, %edx
	call	request_irq
	irq_enable
	cld
	movl	$net_mac, %esi
	movl	$(frame + 6), %edi
	call	copy_address
	movl	$net_mac, %esi
	movl	$(arp_frame + 6), %edi
	call	copy_address
	movl	$net_mac, %esi
	movl	$(arp_frame + 22), %edi
	call	copy_address

	movl	$discover, %esi
	movl	$(discover_end - discover), %ecx
	call	ask_dhcp
	print	"Offered: "
	movl	yours, %eax
	movl	%eax, wanted_ip
	bswap	%eax
	show	%eax
	movl	server, %eax
	movl	%eax, chosen
	movl	$request, %esi
	movl	$(request_end - request), %ecx
	call	ask_dhcp
	print	"Said: "
	movzbl	answer, %eax
	show	%eax
	print	"Given: "
	movl	yours, %eax
	movl	%eax, ip_source
	movl	%eax, arp_frame + 28
	bswap	%eax
	show	%eax
	print	"Way out: "
	movl	router, %eax
	movl	%eax, ip_dest
	movl	%eax, arp_frame + 38
	bswap	%eax
	show	%eax

	movl	$arp_frame, %esi
	movl	$42, %ecx
	call	send_raw
	movl	$ARP, %eax
	call	await
	print	"It is there.\n"

	movb	$1, ip_protocol
	movl	$0x00000008, l4
	movl	$0x66756f57, l4 + 4
	movl	$l4, %esi
	movl	$8, %ecx
	xorl	%edx, %edx
	call	sum
	call	folded
	movw	%ax, l4 + 2
	movl	$8, %ecx
	call	send
	movl	$ECHO, %eax
	call	await
	print	"It answers.\n"

# the port: decimal digits of the command line
	movl	$(PAGE_OFFSET + 0x1000), %esi
	xorl	%ebx, %ebx
1:	lodsb
	subb	$0x30, %al
	cmpb	$9, %al
	ja	2f
	movzbl	%al, %eax
	leal	(%ebx, %ebx, 4), %ebx
	leal	(%eax, %ebx, 2), %ebx
	jmp	1b
2:	movb	$6, ip_protocol
	movw	$0x00c0, l4
	movb	%bh, l4 + 2
	movb	%bl, l4 + 3
	movb	$2, %al
	xorl	%ecx, %ecx
	call	send_tcp
	movl	$OPEN, %eax
	call	await
	incl	mine
	print	"It takes the call.\n"
	movl	$get, %esi
	movl	$(l4 + 20), %edi
	movl	$(get_end - get), %ecx
	rep movsb
	movb	$0x18, %al
	movl	$(get_end - get), %ecx
	call	send_tcp
	addl	$(get_end - get), mine
	movl	$END, %eax
	call	await
	movb	$0x11, %al
	xorl	%ecx, %ecx
	call	send_tcp
	power_off "That was all"

# ask_dhcp: a message with the ECX bytes of options at ESI; its answer is awaited.
ask_dhcp:
	movl	$(l4 + 248), %edi
	rep movsb
	movl	$net_mac, %esi
	movl	$(l4 + 36), %edi
	call	copy_address
	movl	$0x43004400, l4			# from port 68 to 67
	movl	$0x00003401, l4 + 4		# 308 bytes, no checksum
	movl	$0x00060101, l4 + 8
	movl	$0x79707570, l4 + 12
	movl	$0x63538263, l4 + 244
	andl	$~DHCP, heard
	movl	$308, %ecx
	call	send
	movl	$DHCP, %eax
# await: until EAX has been heard.
await:	testl	%eax, heard
	jnz	1f
	pushl	%eax
	call	wait_net
	popl	%eax
	cmpl	$PATIENCE, alarms
	jb	await
	power_off "Nobody answers"
1:	ret

wait_net:
	hcall	$LHCALL_SET_CLOCKEVENT, $10000000
	irq_disable
	cmpl	$0, net_scheduled
	jne	2f
	hcall	$LHCALL_HALT
	cmpl	$0, net_scheduled
	jne	2f
	irq_enable
	ret
2:	hcall	$LHCALL_SET_CLOCKEVENT, $0
	irq_enable
	jmp	net_poll
alarm:	incl	alarms
	ret

copy_address:
	movsl
	movsw
	ret

# send: the IP packet of which ECX bytes stand at l4.
send:	pushal
	leal	20(%ecx), %eax
	xchgb	%al, %ah
	movw	%ax, ip_length
	movw	$0, ip_sum
	pushl	%ecx
	movl	$ip, %esi
	movl	$20, %ecx
	xorl	%edx, %edx
	call	sum
	call	folded
	movw	%ax, ip_sum
	popl	%ecx
	movl	$frame, %esi
	addl	$34, %ecx
	call	send_raw
	popal
	ret

# send_raw: the ECX bytes at ESI.
send_raw:
	call	alloc_skb
	jc	1f
	movl	%eax, %ebx
	movl	%ecx, SKB_LEN(%ebx)
	leal	SKB_FRAME(%ebx), %edi
	rep movsb
	movl	%ebx, %esi
	jmp	start_xmit
1:	power_off "No room for a packet"

# send_tcp: a segment with flags AL, and the ECX bytes that stand behind its head.
send_tcp:
	pushal
	movb	$0x50, l4 + 12
	movb	%al, l4 + 13
	movl	mine, %edx
	bswap	%edx
	movl	%edx, l4 + 4
	movl	theirs, %edx
	bswap	%edx
	movl	%edx, l4 + 8
	movl	$0x0020, l4 + 14
	movl	$0, l4 + 16
	addl	$20, %ecx
	movb	$0, l4(%ecx)
	pushl	%ecx
	leal	6(%ecx), %edx
	xchgb	%dl, %dh
	movl	$ip_source, %esi
	incl	%ecx
	andl	$~1, %ecx
	addl	$8, %ecx
	call	sum
	call	folded
	movw	%ax, l4 + 16
	popl	%ecx
	call	send
	popal
	ret

# sum: adds the ECX bytes at ESI, an even number, to EDX.
sum:	shrl	$1, %ecx
1:	movzwl	(%esi), %eax
	addl	%eax, %edx
	addl	$2, %esi
	loop	1b
	ret
# folded: the complement of that sum, in AX.
folded:	movzwl	%dx, %eax
	shrl	$16, %edx
	addl	%edx, %eax
	movl	%eax, %edx
	shrl	$16, %edx
	addl	%edx, %eax
	notl	%eax
	ret

net_receive:
	cmpw	$0x0608, SKB_FRAME + 12(%esi)
	je	heard_arp
	cmpw	$0x0008, SKB_FRAME + 12(%esi)
	jne	1f
	cmpb	$17, SKB_FRAME + 23(%esi)
	je	heard_udp
	cmpb	$6, SKB_FRAME + 23(%esi)
	je	heard_tcp
	cmpb	$1, SKB_FRAME + 23(%esi)
	jne	1f
	cmpl	$0x66756f57, SKB_FRAME + 38(%esi)
	jne	1f
	cmpb	$0, SKB_FRAME + 34(%esi)
	jne	1f
	orl	$ECHO, heard
1:	ret

heard_arp:
	cmpw	$0x0200, SKB_FRAME + 20(%esi)
	jne	1f
	addl	$(SKB_FRAME + 22), %esi
	movl	$frame, %edi
	call	copy_address
	orl	$ARP, heard
1:	ret

heard_udp:
	cmpw	$0x4400, SKB_FRAME + 36(%esi)
	jne	1f
	cmpl	$0x79707570, SKB_FRAME + 46(%esi)
	jne	1f
	movl	SKB_FRAME + 58(%esi), %eax
	movl	%eax, yours
	leal	SKB_FRAME + 282(%esi), %ebx
2:	movb	(%ebx), %al
	cmpb	$255, %al
	je	6f
	movl	2(%ebx), %edx
	cmpb	$53, %al
	jne	3f
	movb	%dl, answer
3:	cmpb	$54, %al
	jne	4f
	movl	%edx, server
4:	cmpb	$3, %al
	jne	5f
	movl	%edx, router
5:	movzbl	1(%ebx), %ecx
	leal	2(%ebx, %ecx), %ebx
	jmp	2b
6:	orl	$DHCP, heard
1:	ret

heard_tcp:
	movzbl	SKB_FRAME + 46(%esi), %edx
	shrl	$4, %edx
	shll	$2, %edx
	movzwl	SKB_FRAME + 16(%esi), %ecx
	xchgb	%cl, %ch
	subl	$20, %ecx
	subl	%edx, %ecx
	leal	SKB_FRAME + 34(%esi, %edx), %ebx
	movl	SKB_FRAME + 38(%esi), %eax
	bswap	%eax
	movb	SKB_FRAME + 47(%esi), %dl
	testb	$4, %dl
	jz	1f
	power_off "It hangs up"
1:	testb	$2, %dl
	jz	2f
	incl	%eax
	movl	%eax, theirs
	orl	$OPEN, heard
	jmp	5f
2:	cmpl	theirs, %eax
	jne	5f
	addl	%ecx, theirs
	testb	$1, %dl
	jz	3f
	incl	theirs
	orl	$END, heard
3:	jecxz	4f
	movl	%ebx, %esi
	movl	$text, %edi
	rep movsb
	movb	$0, (%edi)
	hcall	$LHCALL_NOTIFY, $(text - PAGE_OFFSET)
4:	testb	$1, %dl
	jnz	6f
5:	movb	$0x10, %al
	xorl	%ecx, %ecx
	testl	$OPEN, heard
	jz	6f
	call	send_tcp_soon
6:	ret
# nothing but an acknowledgement: it may be sent from here
send_tcp_soon:
	cmpl	$0, mine_open
	jne	1f
	movl	$1, mine_open
	ret
1:	jmp	send_tcp

	.data
	.balign	4
heard:	.long	0
alarms:	.long	0
mine:	.long	0x1000
mine_open:	.long	0
theirs:	.long	0
yours:	.long	0
server:	.long	0
router:	.long	0
answer:	.long	0
discover:
	.byte	53, 1, 1, 255
discover_end:
request:
	.byte	53, 1, 3, 50, 4
wanted_ip:	.long	0
	.byte	54, 4
chosen:	.long	0
	.byte	255
request_end:
get:	.ascii	"GET /puppy HTTP/1.0\r\n\r\n"
get_end:
	.balign	4
arp_frame:
	.byte	255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1
	.skip	20
	.balign	4
	.skip	2
frame:	.byte	255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 8, 0
ip:	.byte	0x45, 0
ip_length:	.word	0
	.byte	0, 0, 0x40, 0, 64
ip_protocol:	.byte	17
ip_sum:	.word	0
ip_source:	.long	0
ip_dest:	.long	0xffffffff
l4:	.skip	1480
	.balign	4
virtio_drivers:	.long	VIRTIO_ID_NET, virtnet_probe, 0
	.bss
	.balign	4096
text:	.skip	4096
	.text
	.include "guest/lguest_device.S"
	.include "guest/virtio_ring.S"
	.include "guest/irq.S"
	.include "guest/i386_head.S"
	.include "guest/boot.S"
