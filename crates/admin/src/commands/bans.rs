//! `bans`

use chat_model::address::network_text;
use chat_model::change::{BanTarget, ServerBan};
use chat_model::id::Time;
use chat_model::phrase;
use serde::Serialize;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{kind_of_ban, language};
use crate::when::rfc3339;

/// A ban as `--json` prints it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nick: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    /// `null` where nobody gave a reason.
    text: Option<&'a str>,
    by: &'a str,
    time: String,
    expires: Option<String>,
}

pub(crate) fn run(location: &Location, console: &mut Console) -> Result<(), Failure> {
    let mut bans = location.reader()?.server_bans()?;
    let now = Time(console.now().timestamp().as_millisecond());
    bans.retain(|ban| ban.expires.is_none_or(|end| end > now));
    if console.json {
        return bans.iter().try_for_each(|ban| json_row(ban, console));
    }
    let rows = bans.iter().map(|ban| table_row(ban, console)).collect();
    let l = language();
    let header = [
        phrase!(l, en = "KIND", zh = "种类"),
        phrase!(l, en = "WHOM", zh = "对象"),
        phrase!(l, en = "UNTIL", zh = "到期"),
        phrase!(l, en = "SET", zh = "设置时间"),
        phrase!(l, en = "BY", zh = "设置者"),
        phrase!(l, en = "REASON", zh = "理由"),
    ];
    Ok(console.table(&header, rows, phrase!(l, en = "nobody is banned", zh = "没有封禁"))?)
}

fn json_row(ban: &ServerBan, console: &mut Console) -> Result<(), Failure> {
    let (kind, whom) = whom(&ban.target);
    let of = |wanted: &str| (kind == wanted).then_some(whom.as_str());
    console.object(&Row {
        kind,
        nick: of("nick"),
        account: of("account"),
        address: of("address"),
        text: Some(&*ban.reason).filter(|reason| !reason.is_empty()),
        by: &ban.setter,
        time: rfc3339(ban.created),
        expires: ban.expires.map(rfc3339),
    })
}

fn table_row(ban: &ServerBan, console: &Console) -> Vec<String> {
    let (kind, whom) = whom(&ban.target);
    vec![
        kind_of_ban(kind).to_owned(),
        whom,
        ban.expires.map_or_else(
            || phrase!(language(), en = "for ever", zh = "永久").to_owned(),
            |end| console.time(end),
        ),
        console.time(ban.created),
        ban.setter.to_string(),
        if ban.reason.is_empty() { "-".to_owned() } else { ban.reason.to_string() },
    ]
}

fn whom(target: &BanTarget) -> (&'static str, String) {
    match target {
        BanTarget::Nick(mask) => ("nick", mask.to_string()),
        BanTarget::Account(account) => ("account", account.to_string()),
        BanTarget::Network(network) => ("address", network_text(network)),
    }
}
