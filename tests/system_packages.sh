#!/bin/sh
# Installs from Debian's or Ubuntu's packages what the tests need and this machine lacks.
packages=
command -v chromium >/dev/null && command -v chromedriver >/dev/null ||
    packages="$packages chromium chromium-driver fonts-noto-core"
command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
    packages="$packages postgresql"
command -v npm >/dev/null || packages="$packages nodejs npm"
[ -z "$packages" ] && exit

if [ "$(id -u)" = 0 ]; then become_root=; else become_root="sudo -n"; fi
if ! command -v apt-get >/dev/null || ! $become_root true 2>/dev/null; then
    echo "The tests need these packages, and only root can install them:$packages" >&2
    exit 1
fi
echo "  · tests: installing$packages"
export DEBIAN_FRONTEND=noninteractive
quietly() {
    log=$($become_root "$@" 2>&1) || { echo "$log" >&2 && exit 1; }
}
quietly apt-get -qq update
# shellcheck disable=SC2086 - one word for each package
quietly apt-get -qq -o DPkg::Lock::Timeout=600 install --no-install-recommends $packages
