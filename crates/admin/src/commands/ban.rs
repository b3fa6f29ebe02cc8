//! `ban WHOM [REASON] [--for 3d]`

use std::path::Path;

use chat_model::address::{network, network_text};
use chat_model::change::{BanTarget, ServerBan};
use chat_model::id::Time;
use chat_model::mask::NickMask;
use chat_model::name::Account;
use chat_model::{phrase, sentence};
use chat_store::Reader;
use serde_json::json;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{in_words, kind_of_ban, language, no_account_name, no_nickname};
use crate::when;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    whom: Whom,
    /// What they are told
    reason: Vec<String>,
    /// For how long: "30m", "3d", "2 weeks"; for ever if left out
    #[arg(long = "for", value_name = "TIME")]
    length: Option<String>,
}

/// Whom a ban covers; shared with `unban`.
#[derive(Debug, clap::Args)]
pub(crate) struct Whom {
    /// An address or network in CIDR notation; anything else is a nickname, in which * and ? are wild
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    whom: String,
    /// It is a nickname, whatever it looks like
    #[arg(long, group = "kind")]
    nick: bool,
    /// It is an account
    #[arg(long, group = "kind")]
    account: bool,
    /// It is an address or a network
    #[arg(long, group = "kind")]
    address: bool,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    args.whom.check_possible()?;
    let (kind, mask) = args.whom.read()?;
    let seconds = match &args.length {
        Some(length) => when::duration_s(length, &console.now())?,
        None => 0,
    };
    let reason = args.reason.join(" ");
    let seconds_word = seconds.to_string();
    let mut words = vec![kind, &mask, &seconds_word];
    words.extend((!reason.is_empty()).then_some(reason.as_str()));
    let mut server = location.server()?;
    let now = Time(console.now().timestamp().as_millisecond());
    let earlier = earlier(&server.hello.database, kind, &mask, now);
    let count = server.order("BAN", &words)?;
    if console.json {
        return console.object(&json!({ "done": true, "count": count, "replaced": earlier.is_some() }));
    }
    let l = language();
    let until = match seconds {
        0 => phrase!(l, en = "for ever", zh = "永久").to_owned(),
        _ => {
            let end = console.now().timestamp().as_second().saturating_add(seconds);
            let end = console.time(Time(end.saturating_mul(1000)));
            sentence!(l, en = "until {end}", zh = "到 {end} 为止")
        }
    };
    let closed = match count {
        1 => sentence!(l, en = "{count} session was closed", zh = "关闭了 {count} 个连接"),
        _ => sentence!(l, en = "{count} sessions were closed", zh = "关闭了 {count} 个连接"),
    };
    let replaced = earlier.map_or_else(String::new, |ban| {
        let (setter, created) = (ban.setter, console.time(ban.created));
        sentence!(
            l,
            en = "; this replaces the ban that {setter} set {created}",
            zh = "；取代了 {setter} 在 {created} 设的封禁",
        )
    });
    let text = sentence!(
        l,
        en = "{kind} {mask} is banned {until}; {closed}{replaced}",
        zh = "{kind} {mask} 已封禁，{until}；{closed}{replaced}",
        kind = kind_of_ban(kind),
        mask = shown(&mask),
    );
    console.done(&text, count)
}

/// The ban of the same whom that is in force. Only for saying so: where the file cannot be read, none is found.
fn earlier(database: &Path, kind: &str, mask: &str, now: Time) -> Option<ServerBan> {
    let bans = Reader::open(database).and_then(|reader| reader.server_bans()).ok()?;
    bans.into_iter().find(|ban| {
        let in_force = ban.expires.is_none_or(|end| end > now);
        let same = match &ban.target {
            BanTarget::Nick(other) => kind == "nick" && NickMask::new(mask).as_ref() == Ok(other),
            BanTarget::Account(other) => kind == "account" && Account::new(mask).as_ref() == Ok(other),
            BanTarget::Network(other) => kind == "address" && network(mask).as_ref() == Some(other),
        };
        in_force && same
    })
}

/// The mask as people write it: a single address has no network's length behind it.
pub(crate) fn shown(mask: &str) -> String {
    network(mask).map_or_else(|| mask.to_owned(), |network| network_text(&network))
}

impl Whom {
    /// The kind and the mask, as the server takes them.
    pub(crate) fn read(&self) -> Result<(&'static str, String), Failure> {
        let network = network(&self.whom);
        match (self.nick, self.account, self.address, network) {
            (_, true, ..) => Ok(("account", self.whom.clone())),
            (_, _, true, None) => Err(Failure::Usage(sentence!(
                language(),
                en = "{whom:?} is no address; write one like 192.0.2.7 or 2001:db8::7, or a network like 192.0.2.0/24",
                zh =
                    "{whom:?} 不是地址，请写 192.0.2.7 或 2001:db8::7 这样的地址，或 192.0.2.0/24 这样的网段",
                whom = self.whom,
            ))),
            (false, .., Some(network)) => Ok(("address", network.to_string())),
            _ if self.whom.contains(['!', '@']) => Err(Failure::Usage(sentence!(
                language(),
                en = "{whom:?} is a mask for bans of channels; the server bans a nickname, an account or an address",
                zh = "{whom:?} 是频道封禁用的掩码，服务器封禁的是昵称、账号或地址",
                whom = self.whom,
            ))),
            _ => Ok(("nick", self.whom.clone())),
        }
    }

    /// Whether there can be anybody whom it covers. Not asked for lifting a ban: what is there can be lifted.
    fn check_possible(&self) -> Result<(), Failure> {
        let whom = &self.whom;
        let (kind, mask) = self.read()?;
        let possible = match kind {
            "nick" => NickMask::new(&mask).map(drop),
            "account" => Account::new(&mask).map(drop),
            _ => Ok(()),
        };
        possible.map_err(|why| {
            Failure::Usage(match (self.nick, kind) {
                (_, "account") => no_account_name(whom, why),
                (true, _) => no_nickname(whom, why),
                (false, _) => sentence!(
                    language(),
                    en = "{whom:?} is no address and no nickname: {why}; write an address like 192.0.2.7, a network like \
                          192.0.2.0/24, or a nickname like mallory or spam*",
                    zh = "{whom:?} 既不是地址也不是昵称：{why}，请写 192.0.2.7 这样的地址、192.0.2.0/24 \
                          这样的网段，或 mallory、spam* 这样的昵称",
                    why = in_words(why),
                ),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_guessed_unless_it_is_said() {
        let nobody = || Whom { whom: String::new(), nick: false, account: false, address: false };
        let whom = |text: &str| Whom { whom: text.into(), ..nobody() };
        let cases = [
            (whom("spam*"), Ok(("nick", "spam*"))),
            (whom("192.0.2.7"), Ok(("address", "192.0.2.7/32"))),
            (whom("192.0.2.7/24"), Ok(("address", "192.0.2.0/24"))),
            (whom("::ffff:192.0.2.7"), Ok(("address", "192.0.2.7/32"))),
            (whom("2001:db8::/32"), Ok(("address", "2001:db8::/32"))),
            (Whom { account: true, ..whom("mallory") }, Ok(("account", "mallory"))),
            (Whom { nick: true, ..whom("192.0.2.7") }, Ok(("nick", "192.0.2.7"))),
            (Whom { address: true, ..whom("mallory") }, Err("is no address")),
            (whom("a!b@c"), Err("is a mask for bans of channels")),
        ];
        for (whom, expected) in cases {
            match (whom.read(), expected) {
                (Ok((kind, mask)), Ok(expected)) => assert_eq!((kind, mask.as_str()), expected),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (found, _) => panic!("{whom:?} gave {found:?}"),
            }
        }
    }
}
