//! The program `chat-client`; see the crate of that name.

use std::process::ExitCode;

fn main() -> ExitCode {
    chat_client::main()
}
