#!/bin/sh
# Writes src/generated/java and manifest.properties anew, from the headers of this machine, with the jextract on PATH.
#
#   regenerate.sh            replace the committed output
#   regenerate.sh --check    generate into a temporary folder and compare: exit 1 and the difference on drift
#
# jextract wants libclang 13 or 14; later ones fail on the Linux headers. Exit 2: jextract, or a name it was asked for, is missing.
set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
committed=$(cd "$here/.." && pwd)/generated/java
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

command -v jextract >/dev/null || {
    echo "regenerate.sh: no jextract on PATH; see https://github.com/openjdk/jextract for how to get one" >&2
    exit 2
}

# generate <package> <header> <argument file>...
generate() {
    package=$1 header=$2
    shift 2
    arguments=
    for file in "$@"; do arguments="$arguments @$file"; done
    # shellcheck disable=SC2086 # the argument files' names have no spaces
    (cd "$here" && jextract --output "$work/java" --target-package "io.flowscope.bindings.$package" \
        --header-class-name "${package}_h" $arguments "$header")
    folder=$work/java/io/flowscope/bindings/$package

    # A name jextract does not find is left out without a word: compare what was asked for with what came.
    (cd "$here" && sed -n 's/^--include-[a-z]* //p' "$@") | sort -u >"$work/asked"
    {
        (cd "$folder" && ls) | sed 's/\.java$//'
        sed -n 's/^    public static [A-Za-z.]* \([A-Za-z_0-9]*\)(.*/\1/p; s/^    public static class \([a-z_0-9]*\) .*/\1/p' \
            "$folder/${package}_h.java"
    } | sort -u >"$work/came"
    if ! missing=$(comm -23 "$work/asked" "$work/came") || [ -n "$missing" ]; then
        echo "regenerate.sh: not in the headers of this machine:" $missing >&2
        exit 2
    fi

    # Java 22 has no SymbolLookup.findOrThrow.
    sed -i 's/SYMBOL_LOOKUP\.findOrThrow(\("[^"]*"\))/SYMBOL_LOOKUP.find(\1).orElseThrow(() -> new UnsatisfiedLinkError(\1))/' \
        "$folder"/*.java
}

version_of() {
    dpkg-query --show --showformat '${Version}' "$1" 2>/dev/null || echo unknown
}

manifest() {
    echo "# What src/generated/java was made from; written by regenerate.sh."
    jextract --version 2>&1 | sed -n 's/^jextract /jextract=/p; s/^LibClang version /libclang=/p'
    echo "linux-libc-dev=$(version_of linux-libc-dev)"
    echo "libc6-dev=$(version_of libc6-dev)"
    echo "libpcap-dev=$(version_of libpcap0.8-dev)"
    echo "linux-version-code=$(sed -n 's/^#define LINUX_VERSION_CODE //p' /usr/include/linux/version.h)"
}

generate linux linux.h $(cd "$here" && ls linux-*.args)
generate pcap pcap.h pcap.args

# The constants of libpcap must be usable where libpcap is not installed: its functions are looked up one by one, on first use.
sed -i '/static final SymbolLookup SYMBOL_LOOKUP = /,/;$/c\
    static final SymbolLookup SYMBOL_LOOKUP = Libpcap.LIBRARY;' "$work/java/io/flowscope/bindings/pcap/pcap_h.java"

if grep -rnE '"/|/usr/|/home/|/tmp/' "$work/java" >&2; then
    echo "regenerate.sh: a path of this machine is in the output" >&2
    exit 2
fi

manifest >"$work/manifest.properties"
if [ "${1:-}" = --check ]; then
    diff -u "$here/manifest.properties" "$work/manifest.properties" >&2 ||
        echo "regenerate.sh: other versions than last time; the output counts, not the versions" >&2
    diff -ru "$committed" "$work/java" || {
        echo "regenerate.sh: src/generated/java is not what jextract makes of these headers; run regenerate.sh" >&2
        exit 1
    }
else
    rm -rf "$committed"
    mkdir -p "$(dirname "$committed")"
    cp -r "$work/java" "$committed"
    cp "$work/manifest.properties" "$here/manifest.properties"
fi
