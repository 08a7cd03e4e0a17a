/*
 * Puts a processor through cases of protected mode and tells what each came to, in bytes to port 0xE9. cases.ts makes the cases, image.ts puts them behind
 * this program and reads the answers; both know the layout of what is here.
 */
        .set    BLOB, 0x110000          # word: the first case; then blocks of memory: address, words, contents; -1
        .set    STACK, 0x98000
        .set    DEBUG_CONSOLE, 0xe9
        .set    EXIT, 0xf4
        .set    SERIAL, 0x3f8
        .set    CODE, 0x8000            # where a case's code goes
        .set    FLAT, 0x10              # data of ring 0
        .set    MAIN_TASK, 0x48
        .set    DIRECTORY, 0             # so that a TSS of zeros has page tables, too
        .set    END_VECTOR, 0x30        # a case ends with INT of this
        .set    NOTE_VECTOR, 0x31       # and tells of itself, and goes on, with this
        .set    IRQ_VECTOR, 0x24
        .set    CLEAR_DR6, 0xffff0ff0

        /* A case: bytes in all; ring, pokes, watches, bytes of code; then words. */
        .set    RING, 4
        .set    POKES, 5
        .set    WATCHES, 6
        .set    LENGTH, 7
        .set    FLAGS, 8
        .set    CR0, 12
        .set    CR4, 16
        .set    SWEEP_AT, 20            # address and value, to which the parameter is added
        .set    SWEEP_BASE, 24
        .set    FIRST, 28               # the parameter: first value, step, how many
        .set    STEP, 32
        .set    COUNT, 36
        .set    SHIFT, 40               # how far it is shifted before it is added
        .set    REST, 44                # pokes: address, word; watches: address; code

        .text
        .globl  _start
        .long   0x1badb002, 0, -0x1badb002
        .long   common, double
_start: cli
        cld
        mov     $STACK, %esp
        xor     %eax, %eax              # what a BIOS left
        mov     %eax, %edi
        mov     $0x400, %ecx
        rep stosl
        /* The interrupt controllers: vectors from 0x20, only the serial line's comes through. */
        mov     $pic, %esi
1:      movzwl  (%esi), %edx
        test    %edx, %edx
        jz      2f
        mov     2(%esi), %al
        out     %al, %dx
        add     $3, %esi
        jmp     1b
2:      mov     BLOB, %eax
        mov     %eax, case
        jmp     begin

next:   mov     case, %ebx
        mov     STEP(%ebx), %eax
        add     %eax, parameter
        decl    left
        jnz     again
        add     (%ebx), %ebx
        mov     %ebx, case
begin:  mov     case, %ebx
        cmpl    $0, (%ebx)
        je      done
        mov     FIRST(%ebx), %eax
        mov     %eax, parameter
        mov     COUNT(%ebx), %eax
        mov     %eax, left
        mov     %eax, of

again:  mov     $0x11, %eax
        mov     %eax, %cr0
        /* Every table as it was. */
        mov     $BLOB + 4, %esi
1:      lodsl
        cmp     $-1, %eax
        je      2f
        mov     %eax, %edi
        lodsl
        mov     %eax, %ecx
        push    %esi
        push    %edi
        repe cmpsl                      # what has not changed stays: translators watch for writes
        pop     %edi
        jne     3f
        pop     %ecx
        jmp     1b
3:      pop     %esi
        mov     %eax, %ecx
        rep movsl
        jmp     1b
2:      lea     REST(%ebx), %esi
        movzbl  POKES(%ebx), %ecx
        jecxz   2f
1:      lodsl
        mov     %eax, %edi
        movsl
        loop    1b
2:      mov     %esi, watched
        mov     SWEEP_AT(%ebx), %edi
        test    %edi, %edi
        jz      1f
        mov     parameter, %eax
        mov     SHIFT(%ebx), %cl
        shl     %cl, %eax
        add     SWEEP_BASE(%ebx), %eax
        mov     %eax, (%edi)
1:      movzbl  WATCHES(%ebx), %eax
        lea     (%esi,%eax,4), %esi
        movzbl  LENGTH(%ebx), %ecx
        mov     $CODE, %edi
        mov     %ecx, %eax
        push    %esi
        repe cmpsb
        pop     %esi
        mov     %eax, %ecx
        jne     1f
        cmpw    $0x30cd, (%edi)
        je      2f
1:      mov     $CODE, %edi
        rep movsb
        movw    $0x30cd, (%edi)
2:

        lgdt    gdtr
        lidt    idtr
        ljmp    $8, $1f
1:      mov     $FLAT, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %eax, %ss
        xor     %eax, %eax
        lldt    %ax
        mov     %eax, %fs
        mov     %eax, %gs
        mov     %eax, %cr2
        mov     %eax, %dr7
        mov     $CLEAR_DR6, %eax
        mov     %eax, %dr6
        mov     $MAIN_TASK, %eax
        ltr     %ax
        mov     $0x50, %eax
        lldt    %ax
        mov     CR4(%ebx), %eax
        mov     %eax, %cr4
        mov     $DIRECTORY, %eax
        mov     %eax, %cr3
        movl    $0, events
        mov     CR0(%ebx), %eax
        mov     %eax, %cr0

        movzbl  RING(%ebx), %eax
        mov     %eax, %ecx
        shl     $4, %ecx
        add     %eax, %ecx              # 16 × ring + ring
        lea     0x10(%ecx), %edx
        mov     %eax, %esi
        shl     $13, %esi
        add     $0x10000, %esi          # ring n's stack ends at 10000 + 2000 × n
        test    %eax, %eax
        jnz     1f
        mov     %esi, %esp
        jmp     2f
1:      push    %edx
        push    %esi
2:      pushl   FLAGS(%ebx)
        lea     0x08(%ecx), %eax
        push    %eax
        pushl   $CODE
        mov     %edx, %ds
        mov     %edx, %es
        mov     %cs:parameter, %eax
        mov     $0x9000, %ebx
        mov     $0x11111111, %ecx
        mov     $0x22222222, %edx
        mov     $0x9000, %esi
        mov     $0x9100, %edi
        mov     $0x33333333, %ebp
        iret

        /* Every vector comes here: error code or 0, vector, and above them the frame. */
common: pusha
        push    %ds
        push    %es
        push    %fs
        push    %gs
        cld
        mov     $FLAT, %eax
        mov     %eax, %ds
        mov     %eax, %es
        mov     %esp, %ebp
        mov     $event, %edi
        lea     48(%ebp), %esi          # vector, error code, EIP, CS, EFLAGS, ESP, SS
        mov     $7, %ecx
        rep movsl
        lea     56(%ebp), %eax          # where the frame is
        stosl
        mov     44(%ebp), %eax          # EAX
        stosl
        mov     40(%ebp), %eax          # ECX
        stosl
        mov     12(%ebp), %eax          # DS, ES, FS, GS
        stosl
        mov     8(%ebp), %eax
        stosl
        mov     4(%ebp), %eax
        stosl
        mov     (%ebp), %eax
        stosl
        call    tell
        mov     48(%ebp), %eax
        cmp     $1, %eax
        je      resume
        cmp     $NOTE_VECTOR, %eax
        je      resume
        cmp     $IRQ_VECTOR, %eax
        jne     finish
        mov     $SERIAL + 1, %edx       # no more of it
        xor     %eax, %eax
        out     %al, %dx
        mov     $0x20, %al
        out     %al, $0x20
resume: incl    events
        cmpl    $20, events
        ja      finish
        mov     $CLEAR_DR6, %eax
        mov     %eax, %dr6
        mov     %dr7, %eax
        test    $0xff, %al
        jz      1f
        orl     $0x10000, 64(%ebp)      # RF: past a breakpoint
1:
        pop     %gs
        pop     %fs
        pop     %es
        pop     %ds
        popa
        add     $8, %esp
        iret

        /* The task of a fault, its vector in EBX; what the main task was doing stands in its TSS. */
double: mov     $event, %edi
        mov     %ebx, %eax
        stosl
        pop     %eax
        stosl
        mov     $task_fields, %esi
        mov     $12, %ecx
1:      lodsl
        mov     main_tss(%eax), %eax
        stosl
        loop    1b
        call    tell

finish: mov     $FLAT, %eax
        mov     %eax, %ss
        mov     $STACK, %esp
        pushl   $2
        popf
        xor     %eax, %eax
        mov     %eax, %dr7
        mov     $SERIAL + 1, %edx
        out     %al, %dx
        mov     $0x20, %al
        out     %al, $0x20
        movb    $'X', event
        mov     $event, %esi
        mov     $1, %ecx
        call    send
        mov     case, %ebx
        movzbl  WATCHES(%ebx), %eax
        mov     watched, %ebp
        mov     $0x11, %ecx
        mov     %ecx, %cr0
1:      dec     %eax
        js      next
        mov     (%ebp), %esi
        add     $4, %ebp
        mov     $4, %ecx
        call    send
        jmp     1b

        /* Tells of an event: all of it, or of one of many vector, CPL, error code, EIP and CR2. */
tell:   mov     %cr2, %eax
        stosl
        mov     %dr6, %eax
        stosl
        cmpl    $1, of
        ja      1f
        movb    $'E', kind
        mov     $kind, %esi
        mov     $65, %ecx
        jmp     send
1:      mov     $brief, %edi
        mov     event, %al
        stosb
        mov     event + 12, %al
        stosb
        mov     event + 4, %ax
        stosw
        mov     event + 8, %eax
        stosl
        mov     %cr2, %eax
        stosl
        mov     $brief, %esi
        mov     $12, %ecx
send:   mov     $DEBUG_CONSOLE, %edx
        rep outsb
        ret

done:   xor     %eax, %eax
        out     %al, $EXIT
1:      hlt
        jmp     1b

        .set    main_tss, 0x1e80
        .balign 4
task_fields:                            # EIP, CS, EFLAGS, ESP, SS; the back link in place of the frame; EAX, ECX, DS, ES, FS, GS
        .long   32, 76, 36, 56, 80, 0, 40, 44, 84, 72, 88, 92
gdtr:   .word   0xbff
        .long   0x1000
idtr:   .word   0x1ff
        .long   0x1c00
pic:    .word   0x20
        .byte   0x11
        .word   0x21
        .byte   0x20
        .word   0x21
        .byte   4
        .word   0x21
        .byte   1
        .word   0x21
        .byte   0xef
        .word   0xa1
        .byte   0xff
        .word   SERIAL + 1
        .byte   0
        .word   SERIAL + 4
        .byte   8
        .word   0
        .balign 4
case:   .long   0
parameter: .long 0
left:   .long   0
of:     .long   0
watched: .long  0
events: .long   0
brief:  .fill   16
        .fill   3
kind:   .byte   0
event:  .fill   64
        .fill   64
