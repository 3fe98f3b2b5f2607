/* In the place of libFuzzer, for a machine without clang: each file that is named goes through the target once. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) < 0)
		exit(2);
	const size_t size = (size_t)ftell(file);
	uint8_t *bytes = malloc(size + 1);
	rewind(file);
	if (!bytes || fread(bytes, 1, size, file) != size)
		exit(2);
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("ok, %d inputs\n", argc - 1);
	return 0;
}
