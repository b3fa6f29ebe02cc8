//! `INFO [account]`: whether there is an account, and whether it is here; of one's own also its channels.

use chat_model::mode::Ranks;
use chat_model::name::{Account, ChannelName};
use chat_model::refusal::Refusal;
use chat_model::reply::{Notice, Reply};

use super::my_account;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    Some(tell(cx, words.first().copied()))
}

fn tell(cx: &mut Cx<'_>, name: Option<&str>) -> Outcome {
    let account = match name {
        None => my_account(cx)?,
        Some(name) => {
            let missing = || Refusal::NoSuchAccount { account: name.into() };
            let account = Account::new(name).map_err(|_| missing())?;
            cx.state.account(&account).ok_or_else(missing)?
        }
    };
    let online = cx.state.accounts.get(&account).is_some_and(|row| row.user.is_some());
    let is_mine = my_account(cx).is_ok_and(|mine| mine == account);
    let channels = if is_mine { my_channels(cx)? } else { Vec::new() };
    cx.reply(Reply::Notice(Notice::AccountInfo { account, online, channels }));
    Ok(())
}

fn my_channels(cx: &Cx<'_>) -> Result<Vec<(ChannelName, Ranks)>, Refusal> {
    let me = cx.me()?;
    Ok(cx.user(me).channels.iter().map(|channel_id| cx.ranked(*channel_id, me)).collect())
}
