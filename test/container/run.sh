#!/bin/sh
# run.sh [DIRECTORY]
# Builds the Dockerfile with buildah and runs the image with crun, as PID 1 of namespaces of its own, on a root that is
# read-only, without any capability; talks to what it serves, and stops it. Everything comes from Debian's packages and
# the npm registry that is configured; nothing is installed on this machine. Needs root. DIRECTORY keeps what was fetched.
set -eu
[ -n "${ZINETD_CONTAINER_TEST:-}" ] || ZINETD_CONTAINER_TEST=1 exec unshare --mount sh "$0" "$@"
here=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$here/build/test/container}
mkdir -p "$work"
work=$(cd "$work" && pwd)
. "$here/test/container/lib.sh"

say 'tools: buildah and crun, from Debian'
fetch_tools
buildah --version
crun --version | head -n 1

say 'base images: debootstrap, and on top of it the npm package node'
make_runtime_base
make_build_base

say 'build: the Dockerfile as it is'
npm_settings
buildah build --layers --isolation chroot --pull-never \
	--volume "$work/npmrc:/usr/local/etc/npmrc:ro" --volume "$work/certificates:/usr/local/etc/certificates:ro" \
	--build-arg BUILD_IMAGE=localhost/zinetd-build-base --build-arg RUNTIME_IMAGE=localhost/zinetd-runtime-base \
	--format docker -t localhost/zinetd "$here"
buildah inspect --type image --format \
	'{{.Docker.Config.User}} {{.Docker.Config.Entrypoint}} {{.Docker.Config.Cmd}} {{.Docker.Config.StopSignal}} {{.Docker.Config.Healthcheck.Test}}' localhost/zinetd

say 'run: PID 1, uid 65532, no capability, a root that is read-only'
start_container
wait_for_ready
grep -E '^(NSpid|Uid|CapEff|CapBnd|NoNewPrivs)' "/proc/$init/status"
for gone in gcc cc make npm npx python3 nc curl; do
	! in_container sh -c "command -v $gone" || fail "the image has $gone"
done

say 'what it serves'
expect '1001' 'hello echo' "$(ask 1001 'hello echo')"
expect '1002' 'hello cat' "$(ask 1002 'hello cat')"
expect '1003' 'uid=65532(zinetd) gid=65532(zinetd) groups=65532(zinetd)' "$(ask 1003 '')"
expect '1004' 'orphans made' "$(ask 1004 '')"

say 'zinetd health, as HEALTHCHECK has it'
if in_container zinetd health; then echo "health: exit status 0"; else fail "health: exit status $?"; fi

say 'no zombie a second after handlers that fork twice'
sleep 1
! ps -o stat= --ppid "$init" | grep -q '^Z' || fail 'there is a zombie'
ps -o pid,stat,args --ppid "$init"

say 'TERM: it ends within the grace period, with 0'
stop_container
[ "$status" = 0 ] || fail "it ended with $status"
echo "ended with $status after ${took} s; its log:"
cat "$work/log"
say 'passed'
