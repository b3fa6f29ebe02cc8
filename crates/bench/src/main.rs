//! The load generator: puts one of five loads on any IRC server and reports what it cost the server.
//! It shares its machine with the server, so it parses as little as it can and runs on one thread.

mod arguments;
mod asker;
mod beside;
mod client;
mod idle;
mod line;
mod load;
mod process;
mod report;
mod watch;

use arguments::{Arguments, Load};
use clap::Parser as _;
use report::Report;
use std::process::ExitCode;
use tokio::task::LocalSet;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(report) if arguments.json => println!("{}", report.json()),
        Ok(report) => print!("{}", report.text()),
        Err(error) => {
            eprintln!("chat-bench: {error:#}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run(arguments: &Arguments) -> anyhow::Result<Report> {
    process::raise_open_files_limit();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut best = runtime.block_on(LocalSet::new().run_until(run_once(arguments)))?;
    for _ in 1..arguments.runs {
        let report = runtime.block_on(LocalSet::new().run_until(run_once(arguments)))?;
        if report.cost() < best.cost() {
            best = report;
        }
    }
    Ok(best)
}

async fn run_once(arguments: &Arguments) -> anyhow::Result<Report> {
    match &arguments.load {
        Load::Room(room) => load::run(arguments, &room.into()).await.map(Report::Messages),
        Load::Rooms(rooms) => load::run(arguments, &rooms.into()).await.map(Report::Messages),
        Load::Paced(paced) => load::run(arguments, &paced.into()).await.map(Report::Messages),
        Load::Idle(idle) => idle::run(arguments, idle).await,
        Load::Beside(beside) => beside::run(arguments, beside).await,
    }
}
