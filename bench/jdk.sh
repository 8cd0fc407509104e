# Sourced by the scripts of this folder. find_jdk: sets `java` to that of the newest JDK 22 or later,
# or to that of FLOWSCOPE_JAVA_HOME or JAVA_HOME if one of them is new enough.

feature_of() {
    [ ! -r "$1/release" ] || sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() {
    best=21 java=
    for home in "${FLOWSCOPE_JAVA_HOME:-}" "${JAVA_HOME:-}"; do
        feature=$(feature_of "$home")
        if [ "${feature:-0}" -ge 22 ]; then
            java=$home/bin/java
            return
        fi
    done
    for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/*jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
        feature=$(feature_of "$home")
        if [ "${feature:-0}" -gt "$best" ]; then
            best=$feature java=$home/bin/java
        fi
    done
    [ -n "$java" ] || { echo "bench: no JDK 22 or later; set FLOWSCOPE_JAVA_HOME" >&2; exit 1; }
}
