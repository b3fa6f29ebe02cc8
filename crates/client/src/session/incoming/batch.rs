//! Lines that belong together (IRCv3 batch): answers to one command, pages of history.

use std::collections::BTreeMap;

use chat_model::id::Time;
use chat_wire::irc::message::Message;

use super::super::Session;
use super::{Incoming, incoming, messages};

/// Batches that may be open at once, and lines that one may have.
const OPEN_MAX: usize = 64;
const LINES_MAX: usize = 10_000;

#[derive(Debug)]
struct Batch {
    kind: String,
    target: String,
    label: Option<String>,
    /// Lines of a kind that only makes sense as a whole.
    lines: Vec<String>,
}

impl Batch {
    fn is_collected(&self) -> bool {
        matches!(self.kind.as_str(), "chathistory" | "draft/chathistory-targets")
    }
}

/// The batches that are open, by their reference.
#[derive(Debug, Default)]
pub(in super::super) struct Batches {
    open: BTreeMap<String, Batch>,
}

impl Batches {
    /// Puts a line into its batch if it must wait there. Otherwise `Some` of the label that it answers, if any.
    pub(super) fn sort(&mut self, message: &Message<'_>, line: &str) -> Option<Option<String>> {
        let label = message.tag("label").map(|label| label.into_owned());
        let Some(batch) = message.tag("batch").and_then(|id| self.open.get_mut(&*id)) else {
            return Some(label);
        };
        if !batch.is_collected() || message.command == "BATCH" {
            return Some(label.or_else(|| batch.label.clone()));
        }
        if batch.lines.len() < LINES_MAX {
            batch.lines.push(line.to_owned());
        }
        None
    }
}

/// `BATCH +ref type target` and `BATCH -ref`
pub(super) fn batch(session: &mut Session, incoming: &Incoming<'_>) {
    let word = incoming.param(0);
    if let Some(reference) = word.strip_prefix('+') {
        if session.batches.open.len() < OPEN_MAX {
            let (kind, target) = (incoming.param(1).to_owned(), incoming.param(2).to_owned());
            let batch = Batch { kind, target, label: incoming.label.clone(), lines: Vec::new() };
            session.batches.open.insert(reference.to_owned(), batch);
        }
    } else if let Some(batch) =
        word.strip_prefix('-').and_then(|reference| session.batches.open.remove(reference))
    {
        end(session, &batch);
    }
}

fn end(session: &mut Session, batch: &Batch) {
    match batch.kind.as_str() {
        "chathistory" => {
            let said = batch.lines.iter().filter_map(|line| past_message(session, line)).collect();
            session.history_page(&batch.target, said);
        }
        "draft/chathistory-targets" => {
            let parsed = batch.lines.iter().filter_map(|line| Message::parse(line));
            let named = parsed.filter(|m| m.command == "CHATHISTORY" && m.param(0) == "TARGETS");
            let targets: Vec<String> = named.map(|m| m.param(1).to_owned()).collect();
            session.history_targets(&targets);
        }
        "labeled-response" => done(session, batch.label.as_deref()),
        _ => {}
    }
}

fn past_message(session: &Session, line: &str) -> Option<super::super::line::Said> {
    let incoming = incoming(Message::parse(line)?, None, Time::default());
    let mut said = messages::said(session, &incoming)?;
    said.past = true;
    Some(said)
}

/// The whole answer to a labelled line is there: whatever it was, there will be no echo any more.
pub(super) fn done(session: &mut Session, label: Option<&str>) {
    if let Some(message) = label.and_then(|label| session.outbox.take(label)) {
        session.confirmed(message, None);
    }
}
