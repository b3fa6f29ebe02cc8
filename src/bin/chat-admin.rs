//! See the crate of the same name.

fn main() -> std::process::ExitCode {
    chat_admin::main()
}
