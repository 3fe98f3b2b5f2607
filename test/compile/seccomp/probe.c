/* probe NUMBER:ARGUMENT:...: makes each call, missing arguments being -1, and prints its errno, or 0. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		unsigned long values[7] = { 0, -1, -1, -1, -1, -1, -1 };
		char *rest = argv[i];
		for (int field = 0; field < 7 && *rest; field++) {
			values[field] = strtoul(rest, &rest, 0);
			rest += *rest == ':';
		}
		errno = 0;
		syscall(values[0], values[1], values[2], values[3], values[4], values[5], values[6]);
		printf("%d\n", errno);
	}
	return 0;
}
