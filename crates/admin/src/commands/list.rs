//! `list`: who is on; `list --channels`: where.

use chat_model::{phrase, sentence};
use serde::{Deserialize, Serialize};

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::text::span;
use crate::when;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// List the channels instead of the users
    #[arg(long)]
    channels: bool,
}

/// A user as the server lists it and as `--json` prints it.
#[derive(Debug, Serialize, Deserialize)]
struct User {
    nick: String,
    account: Option<String>,
    address: Option<String>,
    client: String,
    channels: Vec<String>,
    idle_s: i64,
    since: String,
}

/// A channel as the server lists it and as `--json` prints it.
#[derive(Debug, Serialize, Deserialize)]
struct Channel {
    channel: String,
    members: usize,
    modes: String,
    topic: String,
    bans: usize,
    created: String,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let mut server = location.server()?;
    if args.channels {
        return channels(&server.rows("CHANNELS", &[])?, console);
    }
    users(&server.rows("ONLINE", &[])?, console)
}

fn users(users: &[User], console: &mut Console) -> Result<(), Failure> {
    if console.json {
        return users.iter().try_for_each(|user| console.object(user));
    }
    let l = language();
    let row = |user: &User| {
        vec![
            user.nick.clone(),
            user.account.clone().unwrap_or_else(|| phrase!(l, en = "(guest)", zh = "（访客）").into()),
            user.address.clone().unwrap_or_else(|| phrase!(l, en = "(local)", zh = "（本机）").into()),
            user.client.clone(),
            span(user.idle_s),
            local(&user.since, console),
            user.channels.join(" "),
        ]
    };
    let rows = users.iter().map(row).collect();
    let header = [
        phrase!(l, en = "NICK", zh = "昵称"),
        phrase!(l, en = "ACCOUNT", zh = "账号"),
        phrase!(l, en = "ADDRESS", zh = "地址"),
        phrase!(l, en = "CLIENT", zh = "客户端"),
        phrase!(l, en = "IDLE", zh = "空闲"),
        phrase!(l, en = "SINCE", zh = "上线时间"),
        phrase!(l, en = "CHANNELS", zh = "频道"),
    ];
    console.table(&header, rows, phrase!(l, en = "nobody is on", zh = "没有人在线"))?;
    foot(
        match users.len() {
            1 => phrase!(language(), en = "1 user", zh = "1 个用户").to_owned(),
            count => sentence!(language(), en = "{count} users", zh = "{count} 个用户"),
        },
        users.len(),
        console,
    )
}

fn channels(channels: &[Channel], console: &mut Console) -> Result<(), Failure> {
    if console.json {
        return channels.iter().try_for_each(|channel| console.object(channel));
    }
    let row = |channel: &Channel| {
        vec![
            channel.channel.clone(),
            channel.members.to_string(),
            channel.modes.clone(),
            channel.bans.to_string(),
            local(&channel.created, console),
            channel.topic.clone(),
        ]
    };
    let rows = channels.iter().map(row).collect();
    let l = language();
    let header = [
        phrase!(l, en = "CHANNEL", zh = "频道"),
        phrase!(l, en = "MEMBERS", zh = "人数"),
        phrase!(l, en = "MODES", zh = "模式"),
        phrase!(l, en = "BANS", zh = "封禁"),
        phrase!(l, en = "CREATED", zh = "创建时间"),
        phrase!(l, en = "TOPIC", zh = "主题"),
    ];
    console.table(&header, rows, phrase!(l, en = "there are no channels", zh = "没有频道"))?;
    foot(
        match channels.len() {
            1 => phrase!(language(), en = "1 channel", zh = "1 个频道").to_owned(),
            count => sentence!(language(), en = "{count} channels", zh = "{count} 个频道"),
        },
        channels.len(),
        console,
    )
}

fn foot(text: String, count: usize, console: &mut Console) -> Result<(), Failure> {
    if count > 0 {
        let text = console.styled(crate::console::DIM, &text);
        console.line(&text)?;
    }
    Ok(())
}

fn local(time: &str, console: &Console) -> String {
    when::parse_rfc3339(time).map_or_else(|| time.to_owned(), |time| console.time(time))
}
