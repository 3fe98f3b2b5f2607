#!/bin/sh
# install-packages.sh DIRECTORY PACKAGE... --unpack PACKAGE...
# Installs the first packages, and unpacks the others into DIRECTORY, where nothing of them runs; the libraries
# that those need are installed. Makes the users that the tests run as. One run at a time.
set -eu
directory=$1
shift
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
exec 9>"$directory.lock"
flock 9

install=
while [ $# -gt 0 ] && [ "$1" != --unpack ]; do
	install="$install $1"
	shift
done
[ $# -eq 0 ] || shift

# What the tests run as when they are not root, and what sshd separates its privileges to.
ensure_user() {
	getent passwd "$1" >/dev/null || useradd --system --no-create-home --home-dir "$2" --shell "$3" --password '*' "$1"
}
ensure_user zinetd-test /nonexistent /bin/sh
ensure_user sshd /run/sshd /usr/sbin/nologin

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt="apt-get -q -y -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=60 --no-install-recommends"

# shellcheck disable=SC2086
$apt --simulate install $install "$@" >/dev/null 2>&1 || $apt update

for package; do
	# shellcheck disable=SC2086
	# Those of scripts for browsers have names like libraries, too.
	libraries=$($apt --simulate install "$package" | sed -n '/^Inst libjs-/d; s/^Inst \(lib[^ ]*\) .*/\1/p')
	install="$install $libraries"
done

# Nothing that is installed here may start a service.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap 'rm -f $policy' EXIT
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
fi
# shellcheck disable=SC2086
[ -z "${install# }" ] || $apt install $install

cd "$directory"
for package; do
	# As root apt would drop to a user of its own, who cannot write here.
	apt-get -q -o APT::Sandbox::User=root download "$package"
	dpkg -x "$package"_*.deb .
	rm -f "$package"_*.deb
done
