#!/bin/sh
# Builds everything of the native layer that can carry sanitizers into the directory $1; with a second word the spawner alone.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "$1"
flags="-std=gnu11 -D_GNU_SOURCE -g -O1 -fno-omit-frame-pointer -Wall -Wextra -Werror -pthread -fsanitize=address,undefined"
spawner=src/native/spawner
# shellcheck disable=SC2086
${CC:-cc} $flags -o "$1/zinetd-spawner" $spawner/*.c src/native/shared/*.c test/native/sanitizer-options.c
[ $# -eq 1 ] || exit 0
# shellcheck disable=SC2086
${CC:-cc} $flags -I$spawner -o "$1/table-test" test/native/table-test.c test/native/try-blob.c $spawner/blob.c $spawner/table.c $spawner/table-sandbox.c
# shellcheck disable=SC2086
${CC:-cc} $flags -I$spawner -o "$1/handover-test" test/native/handover-test.c test/native/try-handover.c $spawner/handover.c $spawner/children.c $spawner/reports.c $spawner/words.c $spawner/cgroups.c $spawner/blob.c $spawner/table.c $spawner/table-sandbox.c
