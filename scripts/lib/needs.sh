# shellcheck shell=bash
# What building needs. Sourced by scripts that stand in the root folder; each check that fails
# ends them with exit code 2 and a sentence about the way out.

refuse() {
    printf '%s\n' "$@" >&2
    exit 2
}

need_rust() {
    local pinned found
    pinned=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
    command -v cargo >/dev/null || refuse \
        "Rust is missing. Install it with rustup, as https://rustup.rs says:" \
        "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" \
        "and open a new terminal; Rust $pinned then comes by itself."
    found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
    [ -n "$found" ] || refuse \
        "Rust $pinned is missing: rustup toolchain install $pinned --profile minimal --component clippy,rustfmt"
    # Without rustup the toolchain file is ignored; a newer Rust is as good.
    [ "$(printf '%s\n' "$pinned" "$found" | sort -V | head -n 1)" = "$pinned" ] || refuse \
        "Rust $pinned or newer is needed, and this is $found. https://rustup.rs installs it beside yours."
}

need_c_compiler() {
    case $(uname -s) in
        Darwin)
            # `cc` exists on every Mac and does nothing but offer these tools.
            xcode-select -p >/dev/null 2>&1 || refuse "A C compiler is missing: xcode-select --install" ;;
        *)
            command -v "${CC:-cc}" >/dev/null || refuse \
                "A C compiler is missing (SQLite, zstd and the cryptography are C). Install one:" \
                "    Debian, Ubuntu: sudo apt-get install build-essential" \
                "    Fedora:         sudo dnf install gcc" \
                "    Alpine:         sudo apk add build-base" ;;
    esac
}

# The server refuses a port in use by itself; this says it before a build of some minutes. Only
# where nothing but TINTERO_LISTEN can decide the address.
need_free_port() {
    local address=${TINTERO_LISTEN:-127.0.0.1:8080} host port
    [ $# -eq 0 ] && [ -z "${TINTERO_CONFIG:-}" ] && [ ! -e tintero.toml ] || return 0
    port=${address##*:}
    host=${address%:*}
    host=${host#[}
    host=${host%]}
    if (: <"/dev/tcp/$host/$port") 2>/dev/null; then
        refuse "Something answers at $address already. Stop it, or choose another address:" \
            "    TINTERO_LISTEN=127.0.0.1:8081 ./scripts/start"
    fi
}
