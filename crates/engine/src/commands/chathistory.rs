//! CHATHISTORY (IRCv3 draft/chathistory): LATEST, BEFORE, AFTER, AROUND, BETWEEN and TARGETS.

use chat_model::Text;
use chat_model::call::{Call, Cursor};
use chat_model::history::{Bound, Select};
use chat_model::id::Time;
use chat_model::message::Conversation;
use chat_model::name::{ChannelName, Nick};
use chat_model::refusal::{HistoryProblem, Refusal};

use crate::cx::{Cx, Outcome};
use crate::input::{Lookup, Question};
use crate::pending::What;
use crate::policy::sight;
use crate::replay;

pub(super) fn run(cx: &mut Cx<'_>, call: &Call) -> Outcome {
    let mut words = call.words();
    let subcommand: Text = words.next_word().unwrap_or("*").to_ascii_uppercase().into();
    if &*subcommand == "TARGETS" {
        return targets(cx, &subcommand, &mut words);
    }
    let reader = Reader { subcommand: subcommand.clone() };
    if !["LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN"].contains(&&*subcommand) {
        return Err(reader.problem(HistoryProblem::Subcommand));
    }
    let target: Text = reader.word(&mut words, HistoryProblem::NoTarget)?.into();
    let select = reader.select(&mut words)?;
    let limit = reader.limit(cx, &mut words)?;
    let refused = || Refusal::HistoryTarget { subcommand: subcommand.clone(), target: target.clone() };
    let conversation = conversation(cx, &target).ok_or_else(refused)?;
    let query = replay::query(cx, conversation, select, limit);
    cx.ask(Question::Lookup(Lookup::History { query }), What::History { subcommand, target }, true);
    Ok(())
}

fn targets(cx: &mut Cx<'_>, subcommand: &Text, words: &mut Cursor<'_>) -> Outcome {
    let me = cx.me()?;
    let reader = Reader { subcommand: subcommand.clone() };
    let (from, to) = (reader.time(words)?, reader.time(words)?);
    let limit = reader.limit(cx, words)?;
    let user = cx.user(me);
    let account = user.who.account.clone();
    let channels = user.channels.iter().map(|id| cx.channel(*id).name.clone()).collect();
    let lookup = Lookup::Targets { account, channels, from, to, limit };
    cx.ask(Question::Lookup(lookup), What::Targets, true);
    Ok(())
}

/// What the asker may read: channels it is on, and, with an account, its own whispers.
fn conversation(cx: &Cx<'_>, target: &str) -> Option<Conversation> {
    let me = cx.me().ok()?;
    if target.starts_with('#') {
        let name = ChannelName::new(target).ok()?;
        let (channel_id, channel) = cx.state.channel_by_name(&name)?;
        return sight::reads_history(cx, me, channel_id).then(|| channel.conversation());
    }
    let nick = Nick::new(target).ok()?;
    let party = cx.user(me).party();
    party.account.as_ref()?;
    Some(Conversation::direct(&party, &cx.party(&nick)))
}

/// Reads words, and says of which subcommand they were.
struct Reader {
    subcommand: Text,
}

impl Reader {
    fn problem(&self, problem: HistoryProblem) -> Refusal {
        Refusal::HistoryWords { subcommand: self.subcommand.clone(), problem }
    }

    fn word<'a>(&self, words: &mut Cursor<'a>, missing: HistoryProblem) -> Result<&'a str, Refusal> {
        words.next_word().filter(|word| !word.is_empty()).ok_or_else(|| self.problem(missing))
    }

    fn select(&self, words: &mut Cursor<'_>) -> Result<Select, Refusal> {
        Ok(match &*self.subcommand {
            "LATEST" if words.peek() == Some("*") => {
                words.next_word();
                Select::Latest(None)
            }
            "LATEST" => Select::Latest(Some(self.bound(words)?)),
            "BEFORE" => Select::Before(self.bound(words)?),
            "AFTER" => Select::After(self.bound(words)?),
            "AROUND" => Select::Around(self.bound(words)?),
            _ => Select::Between(self.bound(words)?, self.bound(words)?),
        })
    }

    fn bound(&self, words: &mut Cursor<'_>) -> Result<Bound, Refusal> {
        let word = self.word(words, HistoryProblem::NoReference)?;
        let bound = match word.split_once('=') {
            Some(("msgid", id)) => id.parse().ok().map(Bound::Id),
            Some(("timestamp", time)) => Time::parse(time).map(Bound::Time),
            _ => None,
        };
        bound.ok_or_else(|| self.problem(HistoryProblem::NotAReference { word: word.into() }))
    }

    fn time(&self, words: &mut Cursor<'_>) -> Result<Time, Refusal> {
        let word = self.word(words, HistoryProblem::NoTimestamp)?;
        let time = word.strip_prefix("timestamp=").and_then(Time::parse);
        time.ok_or_else(|| self.problem(HistoryProblem::NotATimestamp { word: word.into() }))
    }

    /// How many, which is the last word.
    fn limit(&self, cx: &Cx<'_>, words: &mut Cursor<'_>) -> Result<u32, Refusal> {
        let word = self.word(words, HistoryProblem::NoLimit)?;
        let limit: u32 =
            word.parse().map_err(|_| self.problem(HistoryProblem::NotALimit { word: word.into() }))?;
        if let Some(more) = words.next_word() {
            return Err(self.problem(HistoryProblem::OneWordTooMany { word: more.into() }));
        }
        let max = cx.state.settings().chathistory_max;
        Ok(if limit == 0 { max } else { limit.min(max) })
    }
}
