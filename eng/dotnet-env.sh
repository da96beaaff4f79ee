# Sourced by ./varve and ./test: finds the SDK and makes it work without a usable home directory. Needs $root.

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true
export DOTNET_CLI_USE_MSBUILD_SERVER=0 MSBUILDDISABLENODEREUSE=1

if [[ -z ${HOME:-} || ! -d $HOME || ! -w $HOME ]]; then
    mkdir -p "$root/.build/home"
    export HOME="$root/.build/home" DOTNET_CLI_HOME="$root/.build/home"
    export NUGET_PACKAGES="${NUGET_PACKAGES:-$root/.build/packages}"
    unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME
fi

if ! command -v dotnet >/dev/null; then
    for candidate in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet /opt/dotnet; do
        if [[ -n $candidate && -x $candidate/dotnet ]]; then
            export DOTNET_ROOT="$candidate" PATH="$candidate:$PATH"
            break
        fi
    done
fi

if ! command -v dotnet >/dev/null; then
    echo "${0##*/}: building Varve needs the .NET 10 SDK, and there is no 'dotnet' (see https://dotnet.microsoft.com/download)" >&2
    exit 1
fi
