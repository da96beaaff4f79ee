#!/bin/bash
# Installs what the tests need, builds, and runs them all. Arguments go to the test program, for example:
#   ./test -class 'Varve.Tests.App.*'
# The last line is "N passed, N failed, N skipped". Exit code 1 if a test failed, if none ran, or, with CI or VARVE_CI set, if one was skipped.
set -euo pipefail

# Real counterparts and judges; a test whose tool is missing says so and is skipped.
packages=(
    rsync acl attr libcap2-bin strace util-linux
    restic borgbackup zstd libzstd1
    e2fsprogs xfsprogs btrfs-progs
    linux-source-6.1
)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
project=$(echo test*/Varve.Tests)
. "$root/eng/dotnet-env.sh"
mkdir -p "$root/.build"

finish() {
    echo "$1 passed, $2 failed, $3 skipped"
    (($2 == 0 && $1 + $3 > 0)) || exit 1
    (($3 == 0)) || [[ -z ${CI:-}${VARVE_CI:-} ]] || exit 1
    exit 0
}

install_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null || { echo "test: not a Debian system; needed are: ${packages[*]}" >&2; return; }
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        echo "test: not installed, and only root can: ${missing[*]}" >&2
        echo "      sudo apt-get install ${missing[*]}" >&2
        return
    fi
    echo "test: installing ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update || true
        apt-get install -y --no-install-recommends "${missing[@]}" ||
            for package in "${missing[@]}"; do
                apt-get install -y --no-install-recommends "$package" || echo "test: $package cannot be installed" >&2
            done
    } >"$root/.build/apt.log"
}

install_packages

echo "test: building" >&2
if ! dotnet build "$project" -c Debug -v quiet --nologo >"$root/.build/test-build.log" 2>&1 </dev/null; then
    grep -E 'error|warning' "$root/.build/test-build.log" | sort -u | head -n 40 >&2 || true
    echo "test: the build failed, see .build/test-build.log" >&2
    finish 0 1 0
fi
./varve --version >/dev/null || finish 0 1 0

results=$root/.build/test-results.xml
rm -f "$results"
dotnet "$project/bin/Debug/net10.0/Varve.Tests.dll" -noLogo -noColor -xml "$results" "$@" </dev/null && code=0 || code=$?

passed=0 failed=0 skipped=0
count() { # attribute: its sum over the <assembly> elements
    local sum=0 n
    while read -r n; do sum=$((sum + n)); done < <(grep -o '<assembly [^>]*>' "$results" | grep -oE " $1=\"[0-9]+\"" | grep -oE '[0-9]+')
    echo "$sum"
}
if [[ -s $results ]]; then
    passed=$(count passed)
    failed=$(($(count failed) + $(count errors)))
    skipped=$(count skipped)
fi
# The program ended badly without a failed test: it crashed.
((code == 0 || failed > 0)) || failed=1
finish "$passed" "$failed" "$skipped"
