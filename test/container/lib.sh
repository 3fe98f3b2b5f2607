# What run.sh does, step by step. Sourced by it: `here` is the checkout, `work` a directory to keep things in.
PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH DEBIAN_FRONTEND=noninteractive LC_ALL=C
release=bookworm
node_version=24.14.1
fetched=python3,make,g++

say() { printf '\n== %s\n' "$1"; }
fail() {
	printf 'FAILED: %s\n' "$1" >&2
	exit 1
}
expect() {
	[ "$3" = "$2" ] || fail "port $1 says \"$3\" instead of \"$2\""
	printf 'port %s: %s\n' "$1" "$3"
}

# Debian packages, unpacked and not installed.
fetch_tools() {
	if [ ! -e "$work/tools/.done" ]; then
		mkdir -p "$work/tools" "$work/packages"
		apt-get -q --simulate --no-install-recommends install buildah crun debootstrap >"$work/plan" || {
			apt-get -q update
			apt-get -q --simulate --no-install-recommends install buildah crun debootstrap >"$work/plan"
		}
		packages=$(sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$work/plan")
		# shellcheck disable=SC2086
		[ -z "$packages" ] || (cd "$work/packages" && apt-get -q -o APT::Sandbox::User=root download $packages)
		for package in "$work"/packages/*.deb; do dpkg -x "$package" "$work/tools"; done
		touch "$work/tools/.done"
	fi
	lay_tools_over_usr
	mkdir -p "$work/storage" "$work/runtime"
	printf '{"default":[{"type":"insecureAcceptAnything"}]}\n' >"$work/policy.json"
	: >"$work/registries.conf"
	printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/runtime"\n' "$work" "$work" >"$work/storage.conf"
	export CONTAINERS_STORAGE_CONF="$work/storage.conf" CONTAINERS_REGISTRIES_CONF="$work/registries.conf"
	export BUILDAH_ISOLATION=chroot
}

# In the mount namespace that run.sh has made: this machine's own /usr stays as it is.
lay_tools_over_usr() {
	mkdir -p "$work/room"
	mount -t tmpfs none "$work/room"
	mkdir "$work/room/upper" "$work/room/work"
	# crun knows one way of cgroups, and asks for it even where it is to use none.
	[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || mount -t cgroup2 none /sys/fs/cgroup
	mount -t overlay overlay -o "lowerdir=$work/tools/usr:/usr,upperdir=$work/room/upper,workdir=$work/room/work" /usr
}

buildah() {
	case $1 in
	from | build | commit | pull) command=$1 && shift && set -- "$command" --signature-policy "$work/policy.json" "$@" ;;
	esac
	/usr/bin/buildah "$@"
}

# The mirror that this machine's apt uses.
mirror() {
	apt-get -q --print-uris --download-only --reinstall install base-files | sed -n "s|^'\(.*\)/pool/.*|\1|p" | head -n 1
}

# debootstrap DIRECTORY [PACKAGES], once.
bootstrap() {
	[ ! -e "$1.done" ] || return 0
	rm -rf "$1"
	debootstrap --variant=minbase ${2:+"--include=$2"} "$release" "$1" "$(mirror)" \
		>"$1.log" 2>&1 || fail "debootstrap: see $1.log"
	rm -rf "$1"/var/cache/apt/archives/*.deb "$1"/var/lib/apt/lists/*
	touch "$1.done"
}

# image DIRECTORY NAME
image() {
	! /usr/bin/buildah inspect --type image "localhost/$2" >/dev/null 2>&1 || return 0
	container=$(buildah from scratch)
	buildah copy -q "$container" "$1" / >/dev/null
	buildah commit -q "$container" "localhost/$2" >/dev/null
	buildah rm "$container" >/dev/null
	printf 'localhost/%s: %s\n' "$2" "$(du -sh "$1" | cut -f 1)"
}

make_runtime_base() {
	bootstrap "$work/runtime-base"
	image "$work/runtime-base" zinetd-runtime-base
}

# What the image of Node's project has: node and npm in /usr/local, and the headers that native pieces need.
make_build_base() {
	bootstrap "$work/build-base" "$fetched"
	local=$work/build-base/usr/local
	if [ ! -x "$local/bin/node" ]; then
		mkdir -p "$work/npm" "$local/include"
		printf '{"private":true}\n' >"$work/npm/package.json"
		npm install --prefix "$work/npm" --no-audit --no-fund "node@$node_version" npm@11 >"$work/npm.log" 2>&1 ||
			fail "npm: see $work/npm.log"
		cp -a "$work/npm/node_modules/npm" "$local/lib/npm"
		ln -sf ../lib/npm/bin/npm-cli.js "$local/bin/npm"
		# Node-API is the same in every release: those of the Node of this machine do.
		headers=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")/include/node
		[ -e "$headers/node_api.h" ] || fail "there are no headers of Node in $headers"
		cp -a "$headers" "$local/include/node"
		cp "$work/npm/node_modules/node/bin/node" "$local/bin/node"
	fi
	image "$work/build-base" zinetd-build-base
}

# The registry, and whose certificates npm trusts, are what they are on this machine.
npm_settings() {
	certificates=$(npm config get cafile)
	[ -f "$certificates" ] || certificates=${NODE_EXTRA_CA_CERTS:-${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}}
	cp "$certificates" "$work/certificates"
	printf 'registry=%s\ncafile=/usr/local/etc/certificates\n' "$(npm config get registry)" >"$work/npmrc"
}

services() {
	cat <<-'CONFIG'
		version: 1
		defaults: {instances: 10}
		services:
		  echo: {listen: "tcp://0.0.0.0:1001", builtin: echo}
		  cat: {listen: "tcp://0.0.0.0:1002", server: /bin/cat}
		  id: {listen: "tcp://0.0.0.0:1003", server: /usr/bin/id}
		  orphans:
		    listen: "tcp://0.0.0.0:1004"
		    server: /bin/sh
		    server_args: [-c, "for i in 1 2 3 4 5; do (sleep 0.$i </dev/null >/dev/null 2>&1 &) ; done; echo orphans made"]
	CONFIG
}

# The bundle that an engine would make of the image: its own entrypoint, environment and user, and what
# `--read-only --cap-drop ALL --security-opt no-new-privileges` makes of them.
write_bundle() {
	bundle=$work/bundle
	rm -rf "$bundle"
	mkdir -p "$bundle"
	container=$(buildah from --pull-never localhost/zinetd)
	root=$(buildah mount "$container")
	ZINETD_CONFIG=$(services) node "$here/test/container/bundle.mjs" "$root" \
		"$(buildah inspect --type image localhost/zinetd)" >"$bundle/config.json"
}

start_container() {
	write_bundle
	name=zinetd-test-$$
	trap 'clean_up' EXIT
	rm -f "$work/pid"
	crun --root "$work/crun" --cgroup-manager=disabled run --bundle "$bundle" --pid-file "$work/pid" "$name" >"$work/log" 2>&1 &
	runner=$!
	for _ in $(seq 100); do
		[ ! -s "$work/pid" ] || break
		sleep 0.1
	done
	init=$(cat "$work/pid")
}

clean_up() {
	crun --root "$work/crun" --cgroup-manager=disabled delete --force "$name" >/dev/null 2>&1 || true
	rm -f "$work/pid"
	buildah rm "$container" >/dev/null 2>&1 || true
}

wait_for_ready() {
	for _ in $(seq 100); do
		! grep -q '"event":"ready"' "$work/log" || return 0
		kill -0 "$runner" 2>/dev/null || break
		sleep 0.1
	done
	cat "$work/log"
	fail 'it does not serve'
}

in_container() { crun --root "$work/crun" --cgroup-manager=disabled exec --user 65532:65532 "$name" "$@"; }

# ask PORT TEXT, from inside its network
ask() {
	nsenter --target "$init" --net node "$here/test/container/ask.mjs" "$1" "$2"
}

stop_container() {
	began=$(date +%s)
	crun --root "$work/crun" --cgroup-manager=disabled kill "$name" TERM
	status=0
	wait "$runner" || status=$?
	took=$(($(date +%s) - began))
}
