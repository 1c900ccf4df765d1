# shellcheck shell=bash
# Checks of the tools that a build needs. Source this file from the root folder. A failed check ends the
# script with exit code 2 and says how to fix it.

refuse() {
    printf '%s\n' "$@" >&2
    exit 2
}

need_rust() {
    local pinned found
    pinned=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
    command -v cargo >/dev/null || refuse \
        "Rust is missing. Install it with rustup (https://rustup.rs):" \
        "    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh" \
        "and open a new terminal. rustup then installs Rust $pinned automatically."
    found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
    [ -n "$found" ] || refuse \
        "Rust $pinned is missing: rustup toolchain install $pinned --profile minimal --component clippy,rustfmt"
    # Without rustup the toolchain file is ignored; a newer Rust works too.
    [ "$(printf '%s\n' "$pinned" "$found" | sort -V | head -n 1)" = "$pinned" ] || refuse \
        "Rust $pinned or newer is needed; found $found. rustup (https://rustup.rs) can install it in addition."
}

need_c_compiler() {
    case $(uname -s) in
        Darwin)
            # `cc` exists on every Mac, but only offers to install these tools.
            xcode-select -p >/dev/null 2>&1 || refuse "A C compiler is missing: xcode-select --install" ;;
        *)
            command -v "${CC:-cc}" >/dev/null || refuse \
                "A C compiler is missing (needed for SQLite, zstd and cryptography). Install one:" \
                "    Debian, Ubuntu: sudo apt-get install build-essential" \
                "    Fedora:         sudo dnf install gcc" \
                "    Alpine:         sudo apk add build-base" ;;
    esac
}

# The server also refuses a port in use; this check comes before a build of some minutes. It runs only
# if TINTERO_LISTEN alone decides the address.
need_free_port() {
    local address=${TINTERO_LISTEN:-127.0.0.1:8080} host port
    [ $# -eq 0 ] && [ -z "${TINTERO_CONFIG:-}" ] && [ ! -e tintero.toml ] || return 0
    port=${address##*:}
    host=${address%:*}
    host=${host#[}
    host=${host%]}
    if (: <"/dev/tcp/$host/$port") 2>/dev/null; then
        refuse "Another program listens on $address. Stop it, or choose another address:" \
            "    TINTERO_LISTEN=127.0.0.1:8081 ./scripts/start"
    fi
}

has_node() {
    local version
    version=$(node --version 2>/dev/null | tr -d v) || return
    command -v npm >/dev/null && [ "$(printf '%s\n' 20.19 "$version" | sort -V | head -n 1)" = 20.19 ]
}

# Builds the dashboard into admin/dist, where the compiler finds it. The server works without it.
build_dashboard() {
    if ! has_node; then
        echo "No dashboard: it needs Node.js 20.19 or newer. The API works without it."
        return
    fi
    if ! cmp -s admin/package-lock.json admin/node_modules/.tintero-lock; then
        npm --prefix admin ci --no-audit --no-fund
        cp admin/package-lock.json admin/node_modules/.tintero-lock
    fi
    # A new build would compile the server again.
    dashboard_is_current || npm --prefix admin run --silent build
}

dashboard_is_current() {
    local built=admin/dist/index.html
    [ -f "$built" ] && [ -z "$(find admin openapi.yaml -type f -newer "$built" -not -path 'admin/dist/*' \
        -not -path 'admin/node_modules/*' -not -path 'admin/tests/*' -not -name schema.d.ts -print -quit)" ]
}
