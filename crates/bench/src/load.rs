//! Runs a message load: seats the members, lets the senders send, and waits until everything has arrived.

use crate::arguments::{Arguments, Pace, Plan};
use crate::client::{self, Client};
use crate::line::{self, Stamp};
use crate::process::Process;
use crate::report::{Latency, Messages};
use crate::watch::{Progress, Watch};
use anyhow::bail;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::{JoinSet, spawn_local};
use tokio::time::{MissedTickBehavior, interval_at, timeout};

/// A load in which nothing arrives for so long has lost messages.
const STALL: Duration = Duration::from_secs(15);

pub(crate) async fn run(arguments: &Arguments, plan: &Plan) -> anyhow::Result<Messages> {
    let server = arguments.pid.map(Process::new).transpose()?;
    let channels = channels(plan);
    let clients = client::seat_all(arguments.address, arguments.connecting, &channels).await?;

    let cpu_before = server.map(Process::cpu_time).transpose()?;
    let progress = Rc::new(Progress::new(plan.deliveries(), plan.senders()));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for (index, client) in clients.iter().enumerate() {
        let (client, progress) = (Rc::clone(client), Rc::clone(&progress));
        tasks.spawn_local(listen(client, watch(plan, index), progress));
    }
    for (index, client, channel) in senders(plan, &clients, &channels) {
        let job = Job {
            index,
            channel: channel.clone(),
            messages: plan.messages_per_sender,
            started,
            client: Rc::clone(client),
            progress: Rc::clone(&progress),
        };
        tasks.spawn_local(send(job, plan.pace, plan.senders()));
    }
    let elapsed = wait_for_end(&progress, plan).await?;
    let cpu = match (server, cpu_before) {
        (Some(server), Some(before)) => Some(server.cpu_time()?.saturating_sub(before)),
        _ => None,
    };
    Ok(Messages {
        load: plan.name,
        messages: plan.messages(),
        deliveries: progress.deliveries(),
        elapsed,
        cpu,
        latency: Latency::of(progress.latencies()),
    })
}

/// The channel of every client, in their order: each channel's receivers, then its senders.
fn channels(plan: &Plan) -> Vec<String> {
    let run = std::process::id();
    (0..plan.channels)
        .flat_map(|channel| std::iter::repeat_n(format!("#bench{run}-{channel}"), plan.members_per_channel()))
        .collect()
}

fn is_sender(plan: &Plan, client: usize) -> bool {
    client % plan.members_per_channel() >= plan.receivers_per_channel
}

fn senders<'a>(
    plan: &'a Plan,
    clients: &'a [Rc<Client>],
    channels: &'a [String],
) -> impl Iterator<Item = (usize, &'a Rc<Client>, &'a String)> {
    let senders = clients.iter().zip(channels).enumerate().filter(|(client, _)| is_sender(plan, *client));
    senders.enumerate().map(|(index, (_, (client, channel)))| (index, client, channel))
}

fn watch(plan: &Plan, client: usize) -> Watch {
    match plan.pace {
        Pace::PerSecond { .. } => Watch::Latency,
        Pace::Window(_) if client.is_multiple_of(plan.members_per_channel()) => Watch::First,
        Pace::Window(_) => Watch::Count,
    }
}

/// Reads all that reaches one member for as long as the load lasts.
async fn listen(client: Rc<Client>, watch: Watch, progress: Rc<Progress>) {
    loop {
        let mut pongs = Vec::new();
        let outcome = client.read(|lines| {
            let messages = progress.take(watch, lines);
            if messages < memchr::memchr_iter(b'\n', lines).count() {
                client::answer_pings(lines, &mut pongs);
            }
        });
        if let Err(error) = outcome.await {
            return progress.fail(error);
        }
        if !pongs.is_empty() {
            // Not awaited here: a server that holds back our input until we read would wait for us for ever.
            let client = Rc::clone(&client);
            spawn_local(async move { client.send(&pongs).await });
        }
    }
}

/// What one sender has to do.
struct Job {
    index: usize,
    channel: String,
    messages: usize,
    started: Instant,
    client: Rc<Client>,
    progress: Rc<Progress>,
}

async fn send(job: Job, pace: Pace, senders: usize) {
    let outcome = match pace {
        Pace::Window(window) => send_by_window(&job, window).await,
        Pace::PerSecond { rate, spread } => {
            let period = Duration::from_secs(1) / u32::try_from(rate).unwrap_or(u32::MAX);
            let offset =
                if spread { period.mul_f64(job.index as f64 / senders as f64) } else { Duration::ZERO };
            send_by_clock(&job, job.started + offset, period).await
        }
    };
    if let Err(error) = outcome {
        job.progress.fail(error);
    }
}

async fn send_by_window(job: &Job, window: usize) -> anyhow::Result<()> {
    let state = job.progress.sender(job.index);
    let mut lines = Vec::new();
    let mut sent = 0;
    while sent < job.messages {
        let end = job.messages.min(state.seen.get() + window);
        if sent == end {
            state.window_moved.notified().await;
            continue;
        }
        lines.clear();
        for sequence in sent..end {
            job.append(&mut lines, sequence);
        }
        job.client.send(&lines).await?;
        sent = end;
    }
    Ok(())
}

async fn send_by_clock(job: &Job, first: Instant, period: Duration) -> anyhow::Result<()> {
    let mut clock = interval_at(first.into(), period);
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut line = Vec::new();
    for sequence in 0..job.messages {
        clock.tick().await;
        line.clear();
        job.append(&mut line, sequence);
        job.client.send(&line).await?;
    }
    Ok(())
}

impl Job {
    fn append(&self, lines: &mut Vec<u8>, sequence: usize) {
        let stamp = Stamp { sender: self.index, sequence, sent: self.progress.elapsed() };
        line::write(lines, &self.channel, stamp);
    }
}

/// Waits for the last delivery; gives up on a failure, or when nothing arrives any more.
async fn wait_for_end(progress: &Progress, plan: &Plan) -> anyhow::Result<Duration> {
    loop {
        let before = progress.deliveries();
        let stalled =
            timeout(STALL, progress.over.notified()).await.is_err() && before == progress.deliveries();
        if let Some(error) = progress.failure() {
            return Err(error);
        }
        if let Some(elapsed) = progress.finished() {
            return Ok(elapsed);
        }
        if stalled {
            bail!(
                "{before} of {} deliveries arrived, then nothing for {} s; does the server limit floods?",
                plan.deliveries(),
                STALL.as_secs()
            );
        }
    }
}
