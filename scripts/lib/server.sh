# shellcheck shell=bash
# Runs a debug server on a free port for a script. Source this file from the root folder.

# start_server FOLDER [NAME=VALUE...]: builds the server and starts it with an empty database in FOLDER. Sets $url, and
# $email and $password of the administrator. The server ends with the script.
start_server() {
    local folder=$1 program
    shift
    email=ana@example.org
    password='correct horse battery'
    rm -rf "$folder"
    mkdir -p "$folder"
    # Same arguments as ./scripts/test, so that nothing is built twice.
    cargo test --workspace --locked --no-run
    program=${CARGO_TARGET_DIR:-$PWD/target}/debug/tintero
    (cd "$folder" && exec env -i PATH="$PATH" TINTERO_LISTEN=127.0.0.1:0 TINTERO_LOG_FORMAT=json \
        TINTERO_DATA_DIR="$folder/data" TINTERO_ADMIN_EMAIL="$email" TINTERO_ADMIN_PASSWORD="$password" \
        "$@" "$program" serve) >"$folder/output.txt" 2>"$folder/log.txt" &
    server=$!
    trap stop_server EXIT
    until grep -q '"message":"listening"' "$folder/log.txt"; do
        kill -0 "$server" 2>/dev/null || refuse "The server did not start:" "$(cat "$folder/log.txt")"
        sleep 0.1
    done
    # shellcheck disable=SC2034 # scripts use it
    url=http://$(sed -n '/"message":"listening"/s/.*"address":"\([^"]*\)".*/\1/p' "$folder/log.txt")
}

stop_server() {
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
}
