#!/bin/sh
# Builds the fuzz targets of the native layer into the directory $1: with libFuzzer where CC is clang, else with a main
# that replays what it is given.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "$1"
cc=${CC:-cc}
case $cc in
*clang*) kind="-fsanitize=fuzzer,address,undefined" main= ;;
*) kind="-fsanitize=address,undefined" main=test/fuzz/replay.c ;;
esac
spawner=src/native/spawner
flags="-std=gnu11 -D_GNU_SOURCE -g -O2 -fno-omit-frame-pointer -Wall -Wextra -Werror -pthread $kind -fno-sanitize-recover=all -I$spawner"
# shellcheck disable=SC2086
$cc $flags -Wl,--wrap=blob_map,--wrap=munmap -o "$1/blob" $main test/fuzz/blob.c test/fuzz/fixture.c test/native/try-blob.c test/native/try-handover.c \
	$spawner/handover.c $spawner/children.c $spawner/reports.c $spawner/words.c $spawner/cgroups.c $spawner/blob.c $spawner/table.c \
	$spawner/table-sandbox.c $spawner/match.c
# All of the spawner but where it begins, and what makes processes.
rest=$(ls $spawner/*.c | grep -v -e /main.c -e /start.c -e /arrive.c -e /bare.c -e /workers.c -e /child.c)
# shellcheck disable=SC2086
$cc $flags -Wl,--wrap=kill,--wrap=fork,--wrap=getpid,--wrap=clock_gettime,--wrap=exit,--wrap=die,--wrap=leave_to -o "$1/messages" \
	$main test/fuzz/messages.c test/fuzz/fake-kernel.c test/fuzz/fixture.c $rest src/native/shared/*.c
# shellcheck disable=SC2086
$cc $flags -o "$1/packets" $main test/fuzz/packets.c src/native/addon/batch.c src/native/shared/passing.c
