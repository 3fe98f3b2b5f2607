#!/bin/sh
# Builds the spawner and the tests of its parts with ASan and UBSan, runs them, then the integration suite
# against that spawner. Arguments go to vitest.
set -eu
cd "$(dirname "$0")/../.."
npm run --silent build
sh test/native/build.sh build/sanitized
ZINETD_TEST_SPAWNER="$PWD/build/sanitized/zinetd-spawner"
export ZINETD_TEST_SPAWNER
exec npx vitest run "${@:-test}"
