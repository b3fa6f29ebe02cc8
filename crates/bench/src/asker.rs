//! Those who ask for long lists: each on a thread of its own, so that whoever is measured does not wait for them in here.

use crate::client;
use anyhow::{Context as _, anyhow, ensure};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use tokio::task::LocalSet;

/// What is asked for.
#[derive(Clone)]
pub(crate) enum Asking {
    /// A line, and in which numeric the answer ends.
    List { question: String, end: &'static str },
    /// A program prints the answer.
    Program(String),
}

impl Asking {
    pub(crate) fn list(question: String, end: &'static str) -> Self {
        Self::List { question: question + "\r\n", end }
    }
}

/// What has been answered.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) answers: usize,
    pub(crate) lines: usize,
}

/// They ask until they are stopped.
pub(crate) struct Askers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<anyhow::Result<Asked>>>,
}

impl Askers {
    pub(crate) fn start(address: SocketAddr, asking: &Asking, count: usize) -> anyhow::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let start = || {
            let (asking, stop) = (asking.clone(), Arc::clone(&stop));
            thread::Builder::new().spawn(move || match asking {
                Asking::List { question, end } => ask(address, &question, end, &stop),
                Asking::Program(program) => run(&program, &stop),
            })
        };
        let threads = (0..count).map(|_| start()).collect::<Result<_, _>>()?;
        Ok(Self { stop, threads })
    }

    /// Lets each have the answer that is under way, and says what there were in all.
    pub(crate) fn stop(self) -> anyhow::Result<Asked> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Asked::default();
        for asker in self.threads {
            let asked = asker.join().map_err(|_| anyhow!("an asker has panicked"))??;
            all.answers += asked.answers;
            all.lines += asked.lines;
        }
        Ok(all)
    }
}

fn ask(address: SocketAddr, question: &str, end: &str, stop: &AtomicBool) -> anyhow::Result<Asked> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(LocalSet::new().run_until(async {
        let channel = format!("#askers{}", std::process::id());
        let client = client::seat_all(address, 1, &[channel]).await?.remove(0);
        let mut asked = Asked::default();
        while !stop.load(Ordering::Relaxed) {
            asked.lines += client.ask(question, end).await?;
            asked.answers += 1;
        }
        Ok(asked)
    }))
}

fn run(program: &str, stop: &AtomicBool) -> anyhow::Result<Asked> {
    let mut asked = Asked::default();
    while !stop.load(Ordering::Relaxed) {
        let output = Command::new("sh").args(["-c", program]).output().context("cannot run a shell")?;
        let errors = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program}: {}", errors.trim());
        asked.lines += memchr::memchr_iter(b'\n', &output.stdout).count();
        asked.answers += 1;
    }
    Ok(asked)
}
