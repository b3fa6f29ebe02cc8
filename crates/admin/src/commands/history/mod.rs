//! `history [CHANNEL …]`: what was said, from the database file.

mod row;

use std::thread::sleep;
use std::time::Duration;

use chat_model::id::MsgId;
use chat_model::name::{ChannelName, Nick};
use chat_model::{phrase, sentence};
use chat_store::{HistoryFilter, Reader, StoredRow};

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{in_words, language, no_nickname};
use crate::record;
use crate::when::{self, End};

/// Messages shown where neither a number nor a time is given, and before following.
const MESSAGES_DEFAULT: usize = 100;
const MESSAGES_BEFORE_FOLLOWING: usize = 10;

/// How often the file is looked at for something new.
const FOLLOW_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these channels, their earlier lives included; the # may be left out
    #[arg(value_name = "CHANNEL")]
    channels: Vec<String>,
    /// Only the newest so many messages [default: 100; all with --since; 10 with --follow]
    #[arg(short = 'n', long, value_name = "N")]
    lines: Option<usize>,
    /// Only what was said since: "2h", "yesterday", "2026-11-20 14:30"
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only what was said until then, written like --since
    #[arg(long, value_name = "TIME", conflicts_with = "follow")]
    until: Option<String>,
    /// Only what this nickname or account said
    #[arg(long, value_name = "NICK")]
    from: Option<String>,
    /// Only messages with this in them, whatever the case
    #[arg(long, value_name = "TEXT")]
    grep: Option<String>,
    /// Go on with what is said from now on, until ctrl-c
    #[arg(short, long)]
    follow: bool,
    /// Show direct messages as well; that you did goes into the audit log first
    #[arg(long)]
    whispers: bool,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let filter = args.filter(console)?;
    let reader = location.reader()?;
    for channel in &filter.channels {
        if !reader.knows_channel(channel)? {
            let reason = sentence!(
                language(),
                en = "there is no channel {channel}, and nothing is kept of one",
                zh = "没有频道 {channel}，也没有它的历史消息",
            );
            return Err(Failure::refused("NO_SUCH_CHANNEL", reason));
        }
    }
    if args.whispers {
        record::write(location, ["history --whispers", "direct messages", &args.detail()], console)?;
    }
    if args.follow {
        if let Err(Failure::NoServer { .. }) = location.server() {
            console.remark(phrase!(
                language(),
                en = "no server runs there; what is said is shown as soon as one does",
                zh = "那里没有服务器在运行，一旦运行就会显示新消息",
            ))?;
        }
        return follow(reader, location, filter, console);
    }
    if print(&reader, &filter, console)?.is_none() && !console.json {
        console.line(phrase!(language(), en = "nothing was found", zh = "没有找到"))?;
    }
    Ok(())
}

/// Shows what is said from now on, also when the server goes and comes again, and when it comes again on another file.
fn follow(
    mut reader: Reader,
    location: &Location,
    mut filter: HistoryFilter,
    console: &mut Console,
) -> Result<(), Failure> {
    // Both are read before the first search: what is committed in between is then found by the next one.
    let mut version = reader.data_version()?;
    let mut after = reader.last_id()?;
    loop {
        after = print(&reader, &filter, console)?.map_or(after, |newest| newest.max(after));
        (filter.after, filter.last) = (Some(after), None);
        console.flush()?;
        loop {
            sleep(FOLLOW_EVERY);
            if reader.check_in_place().is_err() {
                console.remark(phrase!(
                    language(),
                    en = "the database was replaced; what follows is from the one in its place",
                    zh = "数据库换了一个，以下内容来自新的数据库",
                ))?;
                // A backup was put back, and is followed from where it ends.
                reader = replacement(location);
                version = reader.data_version()?;
                after = reader.last_id()?.min(after);
                filter.after = Some(after);
                break;
            }
            let now = reader.data_version()?;
            if now != version {
                version = now;
                break;
            }
        }
    }
}

/// What is there under the database's name, as soon as it can be read.
fn replacement(location: &Location) -> Reader {
    loop {
        match location.reader() {
            Ok(reader) => return reader,
            Err(_) => sleep(FOLLOW_EVERY),
        }
    }
}

impl Args {
    fn filter(&self, console: &Console) -> Result<HistoryFilter, Failure> {
        let now = console.now();
        let point =
            |text: &Option<String>, end| text.as_ref().map(|text| when::point(text, end, &now)).transpose();
        let since = point(&self.since, End::First)?;
        let last = match (self.lines, since) {
            (Some(lines), _) => Some(lines),
            (None, Some(_)) => None,
            (None, None) if self.follow => Some(MESSAGES_BEFORE_FOLLOWING),
            (None, None) => Some(MESSAGES_DEFAULT),
        };
        let until = point(&self.until, End::Last)?;
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            let text = phrase!(
                language(),
                en = "--since is later than --until, and nothing is in between",
                zh = "--since 晚于 --until，中间什么也没有",
            );
            return Err(Failure::Usage(text.into()));
        }
        Ok(HistoryFilter {
            channels: self.channels.iter().map(|name| channel(name)).collect::<Result<_, _>>()?,
            whispers: self.whispers,
            from: self.from.as_ref().map(|name| nick(name)).transpose()?,
            since,
            until,
            grep: self.grep.clone(),
            last,
            after: None,
        })
    }

    /// The options in words, for the audit log.
    fn detail(&self) -> String {
        let option =
            |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
        let given = [
            option("since", &self.since),
            option("until", &self.until),
            option("from", &self.from),
            option("grep", &self.grep),
            self.follow.then(|| "follow".to_owned()),
        ];
        given.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

fn channel(name: &str) -> Result<ChannelName, Failure> {
    let name = if name.starts_with('#') { name.to_owned() } else { format!("#{name}") };
    ChannelName::new(&name).map_err(|why| {
        Failure::Usage(sentence!(
            language(),
            en = "{name:?} is no channel: {why}",
            zh = "{name:?} 不能用作频道名：{why}",
            why = in_words(why),
        ))
    })
}

fn nick(name: &str) -> Result<Nick, Failure> {
    Nick::new(name).map_err(|why| Failure::Usage(no_nickname(name, why)))
}

/// Prints what fits and returns the newest id among it.
fn print(reader: &Reader, filter: &HistoryFilter, console: &mut Console) -> Result<Option<MsgId>, Failure> {
    let mut newest = None;
    let mut next = |row: &StoredRow| {
        newest = Some(row.message.at.id);
        row::print(row, console)
    };
    // The newest so many are found from the end; all there are need not be in memory at once.
    match filter.last {
        Some(_) => reader.search(filter)?.iter().try_for_each(&mut next)?,
        None => reader.stream(filter, &mut next)?,
    }
    Ok(newest)
}
