//! `ACC [nickname]`: whether it is logged in, as bots ask it of Atheme's NickServ.

use chat_model::reply::{Notice, Reply};

use super::status;
use crate::cx::{Cx, Outcome};

pub(super) fn run(cx: &mut Cx<'_>, words: &[&str]) -> Option<Outcome> {
    Some(tell(cx, words.first().copied()))
}

fn tell(cx: &mut Cx<'_>, nick: Option<&str>) -> Outcome {
    let mine = cx.who(cx.me()?).nick.clone();
    let nick = nick.unwrap_or(mine.as_str());
    let (level, _) = status::of(cx, nick);
    cx.reply(Reply::Notice(Notice::Acc { nick: nick.into(), level }));
    Ok(())
}
