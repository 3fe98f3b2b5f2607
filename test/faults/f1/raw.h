/*
 * In front of each source of the spawner for F1: raw.h as it is, but that each call may be made to fail. What a child of the
 * spawner does between clone and exec comes this way alone.
 */
#ifndef ZINETD_F1_RAW_H
#define ZINETD_F1_RAW_H

#include "../../../src/native/spawner/raw.h"

/* 0 or -errno. */
long f1_raw(long number);

#undef raw_pad
#define raw_pad(n, a, b, c, d, e, ...) \
	(f1_raw((long)(n)) ?: raw6((long)(n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e)))

#endif
