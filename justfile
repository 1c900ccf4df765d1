# `just` lists these; each is a thin name for a script or one command.

_list:
    @just --list --unsorted

# Everything that must hold before a change lands
check:
    .ci/run

# Every test, or those whose names hold the argument
test *args:
    ./scripts/test {{args}}

# Build and serve, with the database in ./data
start *args:
    ./scripts/start {{args}}

# Format the code
fmt:
    cargo fmt --all

# Lints, as the check runs them
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Write openapi.yaml as the code generates it
openapi:
    cargo run --quiet --locked -p tintero -- openapi > openapi.yaml.new && mv openapi.yaml.new openapi.yaml

# Write the tables in docs/ as the code holds them
tables:
    UPDATE_DOCS=1 cargo test --locked -p tintero-domain --test it
    UPDATE_DOCS=1 cargo test --locked -p tintero-storage --test it faults::
    UPDATE_DOCS=1 cargo test --locked -p tintero-http --test it -- docs::the_page_of_lists
    cargo build --locked -p tintero
    UPDATE_DOCS=1 cargo test --locked -p tintero-tests --test blackbox -- cost::the_documented_table_is_this_one

# Accept every snapshot as the tests find it, to be read in `git diff`
snapshots:
    INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --workspace --locked --no-fail-fast

# Measure start, memory and requests of the release binary
bench *args:
    ./scripts/bench {{args}}

# What is too long for every day, as a table
soak *args:
    ./scripts/soak {{args}}

# Ask cargo-deny, also for security advisories (cargo install cargo-deny)
deny:
    cargo deny check
