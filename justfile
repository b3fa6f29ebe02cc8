# What one does here every day. `just` alone lists it.

# So that the # of a channel reaches the program and does not begin a comment.
set positional-arguments

[private]
default:
    @just --list --unsorted

# Start a server with a database of its own under target/
run *arguments:
    cargo run --bin chat-server -- --data-dir target/chat-data "$@"

# Start chat-client
client *arguments:
    cargo run --bin chat-client -- "$@"

# Run chat-admin on the server of `just run`
admin *arguments:
    cargo run --quiet --bin chat-admin -- --data-dir target/chat-data "$@"

# All tests, with what they need
test *arguments:
    ./test "$@"

# Let so many seeded crowds loose on the loop; CI takes 60
seeds count="1000":
    SIM_SEEDS={{count}} cargo test -p chat-sim --test crowds -- --nocapture

# Kill the server under load this many times, and look for what was lost
crash rounds="200":
    CHAT_CRASH_ROUNDS={{rounds}} cargo test --test e2e crash -- --nocapture

# Run the field's interoperability suite, irctest, from a checkout of it; it wants pytest and pytest-xdist
peers checkout="../irctest" *arguments:
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build --bins
    export PATH="$PWD/target/debug:$PATH" PYTHONPATH="$PWD/tests/irctest"
    cd "$1"
    python3 -m pytest --controller chatserver -m 'not deprecated and not Sable' -n 2 -q --timeout 60 \
        irctest/server_tests "${@:2}"

# Format everything
format:
    cargo fmt --all

# What CI says about the text of the code
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# Everything that CI does
ci:
    .ci/run

# All loads on chat-server and, where it is installed, on InspIRCd beside it; also on a chat-server of before
bench before="":
    crates/bench/compare {{before}}
