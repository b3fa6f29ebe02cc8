//! `user show NAME`

use chat_model::change::StoredMember;
use chat_model::name::Account;
use chat_model::{phrase, sentence};
use chat_store::AccountDetails;
use serde_json::json;

use super::LastHere;
use crate::console::{Console, HEADING};
use crate::failure::Failure;
use crate::find::Location;
use crate::language::{language, no_account_name};
use crate::when::rfc3339;

pub(crate) fn run(name: &str, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let account = Account::new(name).map_err(|why| Failure::Usage(no_account_name(name, why)))?;
    let Some(details) = location.reader()?.account(&account)? else {
        return Err(Failure::refused(
            "NO_SUCH_ACCOUNT",
            sentence!(language(), en = "there is no account {name}", zh = "没有账号 {name}"),
        ));
    };
    if console.json {
        return json_row(&details, console);
    }
    let joined = details.channels.iter().filter(|member| member.joined).map(with_ranks).collect::<Vec<_>>();
    let l = language();
    let channels = match joined.is_empty() {
        true => phrase!(l, en = "none", zh = "无").to_owned(),
        false => joined.join(" "),
    };
    for (label, value) in [
        (phrase!(l, en = "account  ", zh = "账号    "), details.row.account.to_string()),
        (phrase!(l, en = "created  ", zh = "创建时间"), console.time(details.row.created)),
        (phrase!(l, en = "last here", zh = "上次在线"), LastHere::of(&details.row).shown(console)),
        (phrase!(l, en = "channels ", zh = "频道    "), channels),
    ] {
        let label = console.styled(HEADING, label);
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
