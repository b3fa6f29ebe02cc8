//! chat-server: see the crate of this name.

/// Gives memory back after a crowd has come in, which takes much of it for a moment, and is faster at small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    chat_server::main()
}
