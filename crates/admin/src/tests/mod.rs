//! Whole command lines, against a file that the store made and against a server that says what it was told to.

mod backing_up;
mod fake;
mod offline;
mod online;

use std::cell::RefCell;
use std::io::{self, Cursor, Write};
use std::path::Path;
use std::rc::Rc;

use clap::Parser;
use jiff::tz::TimeZone;

use crate::args::Cli;
use crate::commands;
use crate::console::Console;
use crate::failure::Failure;

/// What a console printed, to be read when the console is gone.
#[derive(Clone, Default)]
struct Printed(Rc<RefCell<Vec<u8>>>);

impl Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a command line came to.
struct Outcome {
    status: u8,
    /// What was printed, then what was said on stderr.
    output: String,
}

/// Reads a command line, words cut at spaces (`_` stands for a space in a word).
fn parse(directory: &Path, line: &str) -> Result<Cli, clap::Error> {
    let words = line.split_whitespace().map(|word| word.replace('_', " "));
    let data_dir = format!("--data-dir={}", directory.display());
    Cli::try_parse_from(["chat-admin".to_owned(), data_dir].into_iter().chain(words))
}

fn console(out: impl Write + 'static, input: &str, json: bool) -> Console {
    Console {
        out: Box::new(out),
        err: Box::new(io::sink()),
        input: Some(Box::new(Cursor::new(input.to_owned()))),
        json,
        colour: false,
        width: Some(100),
        zone: TimeZone::fixed(jiff::tz::offset(1)),
    }
}

/// Runs a command line with `input` on stdin.
fn run_with(directory: &Path, line: &str, input: &str) -> Outcome {
    let cli = match parse(directory, line) {
        Ok(cli) => cli,
        Err(error) => return Outcome { status: error.exit_code() as u8, output: error.to_string() },
    };
    let printed = Printed::default();
    let result = commands::run(&cli, &mut console(printed.clone(), input, cli.json));
    let mut output = String::from_utf8(printed.0.borrow().clone()).expect("UTF-8");
    let status = result.as_ref().err().map_or(0, Failure::exit_status);
    if let Err(failure) = result {
        output.push_str(&failure.report(cli.json));
        output.push('\n');
    }
    Outcome { status, output }
}

fn run(directory: &Path, line: &str) -> Outcome {
    run_with(directory, line, "")
}

/// Runs a command line and holds its exit status and output against what is expected.
#[track_caller]
fn check(directory: &Path, line: &str, status: u8, expected: &str) {
    let outcome = run(directory, line);
    let output = outcome.output.replace(&directory.display().to_string(), "DIR");
    assert_eq!(output, expected, "chat-admin {line}");
    assert_eq!(outcome.status, status, "chat-admin {line}");
}
