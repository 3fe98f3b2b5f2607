/*
 * System calls without the C library. A launching child shares the spawner's memory, errno included, and
 * glibc's set*id wrappers signal every thread; so the child may use nothing else.
 */
#ifndef ZINETD_RAW_H
#define ZINETD_RAW_H

#include <sys/syscall.h>

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long raw6(long n, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) long raw6(long n, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = n;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
}
#else
#error "zinetd runs on x86-64 and aarch64"
#endif

#define raw(n, ...) raw_pad(n, ##__VA_ARGS__, 0, 0, 0, 0, 0)
#define raw_pad(n, a, b, c, d, e, ...) raw6((long)(n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))

#endif
