//! chat-server: see the crate of this name.

fn main() -> std::process::ExitCode {
    chat_server::main()
}
