/* As test/native has them, but for leaks: here they are looked for at the end, since the spawner stays dumpable. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=1:abort_on_error=0:exitcode=99:detect_stack_use_after_return=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "halt_on_error=1:exitcode=99:print_stacktrace=1";
}
