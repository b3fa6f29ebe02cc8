//! The idle load: clients that joined and say nothing, and what each of them costs the server in memory.

use crate::arguments::{Arguments, Idle};
use crate::client;
use crate::process::Process;
use crate::report::{self, Report};
use anyhow::Context as _;
use std::time::Instant;

pub(crate) async fn run(arguments: &Arguments, idle: &Idle) -> anyhow::Result<Report> {
    let pid = arguments.pid.context("idle measures the server's memory: give its process id with --pid")?;
    let server = Process::new(pid)?;
    let run = std::process::id();
    let channels: Vec<String> =
        (0..idle.clients).map(|client| format!("#bench{run}-{}", client / idle.members)).collect();

    let before = server.resident_bytes()?;
    let started = Instant::now();
    let clients = client::seat_all(arguments.address, arguments.connecting, &channels).await?;
    let elapsed = started.elapsed();
    let after = server.resident_bytes()?;
    Ok(Report::Idle(report::Idle { clients: clients.len(), elapsed, before, after }))
}
