# `just` lists these recipes; each runs a script or one command.

_list:
    @just --list --unsorted

# Run all checks that must pass before a change lands
check:
    .ci/run

# Run all tests, or those whose names contain the argument
test *args:
    ./scripts/test {{args}}

# Build and serve, with the database in ./data
start *args:
    ./scripts/start {{args}}

# Format the code
fmt:
    cargo fmt --all

# Run the lints of the check
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Generate openapi.yaml
openapi:
    cargo run --quiet --locked -p tintero -- openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml

# Generate the pages and tables in docs/
tables:
    UPDATE_DOCS=1 cargo test --locked -p tintero-domain --test it
    UPDATE_DOCS=1 cargo test --locked -p tintero-storage --test it faults::
    UPDATE_DOCS=1 cargo test --locked -p tintero-http --test it -- docs::the_page_of_lists
    cargo build --locked -p tintero
    UPDATE_DOCS=1 cargo test --locked -p tintero-tests --test blackbox -- cost::the_documented_table_is_current
    UPDATE_DOCS=1 cargo test --locked -p tintero-tests --test blackbox -- roles::
    UPDATE_DOCS=1 cargo test --locked -p tintero-tests --test it -- deploy::routes

# Accept all snapshots; review them in `git diff`
snapshots:
    INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --workspace --locked --no-fail-fast

# Measure start time, memory and requests of the release binary
bench *args:
    ./scripts/bench {{args}}

# Run the long tests and print a table
soak *args:
    ./scripts/soak {{args}}

# Run cargo-deny, including security advisories (cargo install cargo-deny)
deny:
    cargo deny check
