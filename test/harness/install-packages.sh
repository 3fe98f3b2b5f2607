#!/bin/sh
# install-packages.sh DIRECTORY PACKAGE... --unpack PACKAGE...
# Installs the first packages, and unpacks the others into DIRECTORY, where nothing of them runs; the libraries
# that those need are installed. One run at a time.
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

export DEBIAN_FRONTEND=noninteractive LC_ALL=C
apt="apt-get -q -y -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o DPkg::Lock::Timeout=60 --no-install-recommends"

# shellcheck disable=SC2086
$apt --simulate install $install "$@" >/dev/null 2>&1 || $apt update

for package; do
	# shellcheck disable=SC2086
	libraries=$($apt --simulate install "$package" | sed -n 's/^Inst \(lib[^ ]*\) .*/\1/p')
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
