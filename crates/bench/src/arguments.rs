//! The command line, and the [`Plan`] that each message load comes down to.

use clap::builder::RangedU64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;

/// Put a load on an IRC server and measure what it costs the server.
#[derive(Parser)]
#[command(name = "chat-bench", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) load: Load,
    /// Where the server speaks IRC in clear.
    #[arg(long, global = true, default_value = "127.0.0.1:6667", value_name = "HOST:PORT")]
    pub(crate) address: SocketAddr,
    /// Process id of the server, to measure its CPU time and memory.
    #[arg(long, global = true)]
    pub(crate) pid: Option<u32>,
    /// How many clients may be connecting at the same time. More than a server queues makes it deaf for minutes.
    #[arg(long, global = true, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) connecting: u32,
    /// Run the load this many times and report the run that cost the server least: the least disturbed one.
    #[arg(long, global = true, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub(crate) runs: u32,
    /// Print one JSON object instead of a table.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// The loads. Their defaults are those of the table in docs/performance.md.
#[derive(Subcommand)]
pub(crate) enum Load {
    /// One channel, many receivers, one sender as fast as its window lets it.
    Room(Room),
    /// Many small channels with two senders each, as fast as their windows let them.
    Rooms(Rooms),
    /// One channel, many receivers, a few senders at a steady rate: what people would feel.
    Paced(Paced),
    /// Clients that joined and say nothing: what a connection costs in memory.
    Idle(Idle),
    /// A paced load alone, and again beside others who ask for a long list over and over: who pays for long answers.
    Beside(Beside),
}

#[derive(Args)]
pub(crate) struct Room {
    /// Members of the channel that only listen.
    #[arg(long, default_value_t = 100, value_parser = count())]
    receivers: usize,
    /// Messages in all.
    #[arg(long, default_value_t = 50_000, value_parser = count())]
    messages: usize,
    /// Messages a sender may have sent that the channel's first receiver has not seen.
    #[arg(long, default_value_t = 64, value_parser = count())]
    window: usize,
}

#[derive(Args)]
pub(crate) struct Rooms {
    /// Channels.
    #[arg(long, default_value_t = 20, value_parser = count())]
    channels: usize,
    /// Members of each channel, its senders included.
    #[arg(long, default_value_t = 10, value_parser = RangedU64ValueParser::<usize>::new().range(3..=1_000_000))]
    members: usize,
    /// Messages in all, shared evenly among the senders.
    #[arg(long, default_value_t = 400_000, value_parser = count())]
    messages: usize,
    /// Messages a sender may have sent that the channel's first receiver has not seen.
    #[arg(long, default_value_t = 16, value_parser = count())]
    window: usize,
}

#[derive(Args)]
pub(crate) struct Paced {
    /// Members of the channel that only listen.
    #[arg(long, default_value_t = 100, value_parser = count())]
    receivers: usize,
    /// Members that send.
    #[arg(long, default_value_t = 4, value_parser = count())]
    senders: usize,
    /// Messages a second that each sender sends.
    #[arg(long, default_value_t = 100, value_parser = count())]
    rate: usize,
    /// Seconds that the load lasts.
    #[arg(long, default_value_t = 10, value_parser = count())]
    seconds: usize,
    /// Spread the senders evenly over time; else all of them send at the same moment.
    #[arg(long)]
    spread: bool,
}

#[derive(Args)]
pub(crate) struct Idle {
    /// Clients in all.
    #[arg(long, default_value_t = 5_000, value_parser = count())]
    pub(crate) clients: usize,
    /// Clients in each channel.
    #[arg(long, default_value_t = 100, value_parser = count())]
    pub(crate) members: usize,
}

#[derive(Args)]
#[group(required = true, multiple = false, id = "asking", args = ["ask", "program"])]
pub(crate) struct Beside {
    #[command(flatten)]
    pub(crate) paced: Paced,
    /// Which list others ask for.
    #[arg(long)]
    pub(crate) ask: Option<Question>,
    /// What others run instead, in a shell, such as the server's own tool.
    #[arg(long, value_name = "COMMAND")]
    pub(crate) program: Option<String>,
    /// How many others ask at the same time, each again as soon as it has its answer.
    #[arg(long, default_value_t = 1, value_parser = count())]
    pub(crate) askers: usize,
    /// Channels that there are to be listed.
    #[arg(long, default_value_t = 1, value_parser = count())]
    pub(crate) channels: usize,
    /// Members of one channel that there are to be listed.
    #[arg(long, default_value_t = 1, value_parser = count())]
    pub(crate) members: usize,
}

/// What IRC has long lists of.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Question {
    /// LIST: all channels.
    List,
    /// WHO: all people.
    Who,
    /// NAMES of the members.
    Names,
}

/// A number of things of which there must be at least one.
fn count() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=1_000_000_000)
}

/// When a sender sends its next message.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// As soon as the first receiver has seen all but this many of what was sent.
    Window(usize),
    /// This many a second, whatever the server does.
    PerSecond { rate: usize, spread: bool },
}

/// One message load, spelled out.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) channels: usize,
    pub(crate) receivers_per_channel: usize,
    pub(crate) senders_per_channel: usize,
    pub(crate) messages_per_sender: usize,
    pub(crate) pace: Pace,
}

impl Plan {
    pub(crate) fn senders(&self) -> usize {
        self.channels * self.senders_per_channel
    }

    pub(crate) fn members_per_channel(&self) -> usize {
        self.receivers_per_channel + self.senders_per_channel
    }

    pub(crate) fn messages(&self) -> usize {
        self.senders() * self.messages_per_sender
    }

    /// Each message reaches every member of its channel but the one who sent it.
    pub(crate) fn deliveries(&self) -> usize {
        self.messages() * (self.members_per_channel() - 1)
    }
}

const SENDERS_PER_SMALL_CHANNEL: usize = 2;

impl From<&Room> for Plan {
    fn from(room: &Room) -> Self {
        Self {
            name: "room",
            channels: 1,
            receivers_per_channel: room.receivers,
            senders_per_channel: 1,
            messages_per_sender: room.messages,
            pace: Pace::Window(room.window),
        }
    }
}

impl From<&Rooms> for Plan {
    fn from(rooms: &Rooms) -> Self {
        Self {
            name: "rooms",
            channels: rooms.channels,
            receivers_per_channel: rooms.members - SENDERS_PER_SMALL_CHANNEL,
            senders_per_channel: SENDERS_PER_SMALL_CHANNEL,
            messages_per_sender: rooms.messages.div_ceil(rooms.channels * SENDERS_PER_SMALL_CHANNEL),
            pace: Pace::Window(rooms.window),
        }
    }
}

impl From<&Paced> for Plan {
    fn from(paced: &Paced) -> Self {
        Self {
            name: "paced",
            channels: 1,
            receivers_per_channel: paced.receivers,
            senders_per_channel: paced.senders,
            messages_per_sender: paced.rate * paced.seconds,
            pace: Pace::PerSecond { rate: paced.rate, spread: paced.spread },
        }
    }
}
