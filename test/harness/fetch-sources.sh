#!/bin/sh
# fetch-sources.sh DIRECTORY PACKAGE...
# Unpacks the sources of Debian packages, as upstream and Debian ship them, into DIRECTORY/PACKAGE. Asks the mirrors
# that this machine has for binary packages, with a list of sources and indexes of its own: nothing in /etc or
# /var changes. One run at a time.
set -eu
directory=$1
shift
mkdir -p "$directory/.apt/lists"
directory=$(cd "$directory" && pwd)
exec 9>"$directory/.apt/lock"
flock 9

export LC_ALL=C
own="-q -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o APT::Sandbox::User=root
	-o Dir::State::Lists=$directory/.apt/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="

# Which mirrors this machine has; apt knows only those whose indexes it has fetched.
mirrors() {
	# shellcheck disable=SC2016
	apt-get "$@" indextargets --format '$(SITE) $(RELEASE) main' 'Created-By: Packages' 'Component: main'
}
known=$(mirrors)
# shellcheck disable=SC2086
[ -n "$known" ] || { apt-get $own update && known=$(mirrors $own); }

keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keys ] && signed="[signed-by=$keys] " || signed=
echo "$known" | sed "s|^|deb-src $signed|" >"$directory/.apt/sources.list"

apt() {
	# shellcheck disable=SC2086
	apt-get $own -o Dir::Etc::SourceList="$directory/.apt/sources.list" -o Dir::Etc::SourceParts=/dev/null "$@"
}

apt update
for package; do
	[ ! -e "$directory/$package" ] || continue
	fresh=$directory/.apt/$package
	rm -rf "$fresh"
	mkdir -p "$fresh"
	cd "$fresh"
	apt source --download-only "$package"
	for archive in *.orig.tar.* *.debian.tar.*; do
		case $archive in
		*.asc) ;;
		*.orig.*) tar -xf "$archive" --strip-components=1 ;;
		*) tar -xf "$archive" ;;
		esac
	done
	rm -f ./*.tar.* ./*.dsc
	mv "$fresh" "$directory/$package"
done
