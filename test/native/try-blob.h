/* Walks in full what the decoders accept, under ASan: shared by the tests here and by test/fuzz. */
#ifndef ZINETD_TRY_BLOB_H
#define ZINETD_TRY_BLOB_H

#include "table.h"

extern unsigned long walked;

/* 1 when accepted. */
int try_table(struct blob blob);
int try_boot(struct blob blob);
int try_handover(struct blob blob);

#endif
