/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * A guest without an operating system, for the tests of qmp-run and of msmv vm: QEMU
 * enters it by its PVH note, it prints TEXT on the first serial port and then does END. It
 * boots in the time QEMU takes to start.
 *
 *   END=stop    waits for ever      END=reset   resets the machine (triple fault)
 *   END=again   prints TEXT for ever
 *   END=echo    prints what is typed
 */
	.section .note.pvh, "a", @note
	.align	4
	.long	4, 4, 18	/* sizes of owner and data, type: 32-bit entry point */
	.asciz	"Xen"
	.long	start

	.set	stop, 0
	.set	reset, 1
	.set	again, 2
	.set	echo, 3
	.set	UART, 0x3f8
	.set	UART_STATUS, 0x3fd

	.text
	.code32
	.globl	start
start:
	mov	$text, %esi
next:	mov	(%esi), %bl
	inc	%esi
	test	%bl, %bl
	jz	end
	mov	$UART_STATUS, %dx
full:	in	%dx, %al
	test	$0x20, %al
	jz	full
	mov	%bl, %al
	mov	$UART, %dx
	out	%al, %dx
	jmp	next
end:
	.if	END == again
	mov	$0x1000000, %ecx
pause:	dec	%ecx
	jnz	pause
	jmp	start
	.endif
	.if	END == echo
	mov	$UART_STATUS, %dx
	in	%dx, %al
	test	$1, %al
	jz	end
	mov	$UART, %dx
	in	%dx, %al
	out	%al, %dx
	jmp	end
	.endif
	.if	END == reset
	lidt	none
	int3
	.endif
wait:	hlt
	jmp	wait

	.section .rodata
none:	.word	0
	.long	0
text:	.asciz	TEXT
