//! `user show NAME`

use chat_model::change::StoredMember;
use chat_model::name::Account;
use chat_store::AccountDetails;
use serde_json::json;

use super::LastHere;
use crate::console::{Console, HEADING};
use crate::failure::Failure;
use crate::find::Place;
use crate::language::in_words;
use crate::when::rfc3339;

pub(crate) fn run(name: &str, place: &Place, console: &mut Console) -> Result<(), Failure> {
    let account = Account::new(name)
        .map_err(|why| Failure::Usage(format!("{name:?} is no account name: {}", in_words(why))))?;
    let Some(details) = place.reader()?.account(&account)? else {
        return Err(Failure::refused("NO_SUCH_ACCOUNT", format!("there is no account {name}")));
    };
    if console.json {
        return json_row(&details, console);
    }
    let joined = details.channels.iter().filter(|member| member.joined).map(with_ranks).collect::<Vec<_>>();
    let channels = if joined.is_empty() { "none".to_owned() } else { joined.join(" ") };
    for (label, value) in [
        ("account", details.row.account.to_string()),
        ("created", console.time(details.row.created)),
        ("last here", LastHere::of(&details.row).shown(console)),
        ("channels", channels),
    ] {
        let label = console.styled(HEADING, &format!("{label:9}"));
        console.line(&format!("{label}  {value}"))?;
    }
    Ok(())
}

fn json_row(details: &AccountDetails, console: &mut Console) -> Result<(), Failure> {
    let channels: Vec<_> = details.channels.iter().filter(|member| member.joined).map(with_ranks).collect();
    let (online, seen) = LastHere::of(&details.row).fields();
    console.object(&json!({
        "account": details.row.account.as_str(),
        "created": rfc3339(details.row.created),
        "online": online,
        "seen": seen,
        "channels": channels,
    }))
}

/// `@#lobby`
fn with_ranks(member: &StoredMember) -> String {
    member.ranks.prefixes().chain(member.channel.as_str().chars()).collect()
}
