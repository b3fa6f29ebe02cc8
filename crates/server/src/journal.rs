//! The engine's doings in the server's log.

use std::net::IpAddr;

use chat_engine::effect::Log;
use chat_model::language::Language;
use chat_wire::sentences;
use tracing::info;

/// An address, or that there is none.
pub(crate) fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "local".to_owned(), |address| address.to_string())
}

/// What others wrote goes in as strings, which both formats quote and escape: nobody can write a line of the log or
/// steer the terminal that shows it.
pub(crate) fn log(entry: &Log) {
    match entry {
        Log::Came { nick, account, address, client, online } => {
            let account = account.as_ref().map(|account| account.as_str());
            info!(
                nick = nick.as_str(),
                account,
                address = shown(*address),
                client = &**client,
                online,
                "came"
            );
        }
        Log::Left { nick, reason, online } => {
            info!(nick = nick.as_str(), reason = sentences::left(reason, Language::English), online, "left");
        }
        Log::Refused { nick, address, verb, refusal } => {
            let (verb, code) = (&**verb, sentences::code(refusal));
            info!(nick = &**nick, address = shown(*address), verb, code, "refused");
        }
        Log::ChannelExpired { channel, last_used } => {
            let last_used = chat_wire::clock::rfc3339(*last_used);
            info!(
                channel = channel.as_str(),
                last_used, "a channel ended: nobody used it for channel_idle under [limits]"
            );
        }
        Log::Administered { actor, action, target } => {
            info!(actor = &**actor, action = &**action, target = &**target, "administered");
        }
    }
}
