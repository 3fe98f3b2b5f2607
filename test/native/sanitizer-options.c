/*
 * The spawner starts with an empty environment, so that the sanitizer build must bring its options along. No
 * leak check at exit: it needs ptrace, which a process that is not dumpable refuses.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0:abort_on_error=0:exitcode=99:detect_stack_use_after_return=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "halt_on_error=1:exitcode=99:print_stacktrace=1";
}
