/*
 * System calls without a C library: what is measured with such a handler is what the server costs, and not what a
 * program's start-up costs.
 */
#ifndef BARE_H
#define BARE_H

#if defined(__x86_64__)

#define SYS_READ 0
#define SYS_WRITE 1
#define SYS_SENDTO 44
#define SYS_RECVFROM 45
#define SYS_EXIT_GROUP 231

/* The kernel enters with an aligned stack, a function expects the one behind a call. */
#define ENTRY __attribute__((force_align_arg_pointer))

static inline long call(long number, const long *with)
{
	register long r10 __asm__("r10") = with[3];
	register long r8 __asm__("r8") = with[4];
	register long r9 __asm__("r9") = with[5];
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(with[0]), "S"(with[1]), "d"(with[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

#define SYS_READ 63
#define SYS_WRITE 64
#define SYS_SENDTO 206
#define SYS_RECVFROM 207
#define SYS_EXIT_GROUP 94

#define ENTRY

static inline long call(long number, const long *with)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = with[0];
	register long x1 __asm__("x1") = with[1];
	register long x2 __asm__("x2") = with[2];
	register long x3 __asm__("x3") = with[3];
	register long x4 __asm__("x4") = with[4];
	register long x5 __asm__("x5") = with[5];
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

#else
#error "handlers/bare.h knows the system calls of x86-64 and aarch64 only"
#endif

#define CALL(number, ...) call((number), (const long[6]){ __VA_ARGS__ })

ENTRY void _start(void);

static inline _Noreturn void leave(long status)
{
	CALL(SYS_EXIT_GROUP, status);
	__builtin_unreachable();
}

#endif
