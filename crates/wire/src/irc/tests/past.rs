//! History, what was missed, and labelled answers.

use std::sync::Arc;

use chat_model::event::Event;
use chat_model::message::{Message, MessageKind};
use chat_model::reply::{CommandReply, Reply};

use super::{Client, In, ago, channel, check, said, who};

const HOUR: i64 = 3_600_000;

fn messages() -> Vec<Arc<Message>> {
    let old = Message { at: ago(24 * HOUR), ..said(who("bob"), "#a", "\x01ACTION waves\x01") };
    let request = Message { at: ago(2 * HOUR), ..said(who("bob"), "#a", "\x01VERSION\x01") };
    let new = Message { at: ago(HOUR), kind: MessageKind::Notice, ..said(who("eve"), "#a", "hi") };
    vec![Arc::new(old), Arc::new(request), Arc::new(new)]
}

fn missed() -> In {
    In::Reply(Reply::Missed { channel: Some(channel("#a")), messages: messages() })
}

#[test]
fn what_was_missed_carries_its_time_in_whatever_way_the_client_takes_it() {
    check(
        Client::with(""),
        vec![(
            missed(),
            &[
                ":chat.test NOTICE #a :--- earlier messages: 2 ---",
                ":bob!u@h PRIVMSG #a :\x01ACTION [2027-01-14 08:00] waves\x01",
                ":eve!u@h NOTICE #a :[07:00] hi",
                ":chat.test NOTICE #a :--- now ---",
            ],
        )],
    );
    check(
        Client::with("server-time"),
        vec![(
            missed(),
            &[
                "@time=2027-01-15T08:00:00.000Z :chat.test NOTICE #a :--- earlier messages: 2 ---",
                "@time=2027-01-14T08:00:00.000Z :bob!u@h PRIVMSG #a :\x01ACTION waves\x01",
                "@time=2027-01-15T07:00:00.000Z :eve!u@h NOTICE #a :hi",
                "@time=2027-01-15T08:00:00.000Z :chat.test NOTICE #a :--- now ---",
            ],
        )],
    );
    check(
        Client::with("server-time batch"),
        vec![(
            missed(),
            &[
                ":chat.test BATCH +b1 chathistory #a",
                "@batch=b1;time=2027-01-14T08:00:00.000Z :bob!u@h PRIVMSG #a :\x01ACTION waves\x01",
                "@batch=b1;time=2027-01-15T07:00:00.000Z :eve!u@h NOTICE #a :hi",
                ":chat.test BATCH -b1",
            ],
        )],
    );
}

#[test]
fn whispers_that_were_missed_are_of_the_past_as_well() {
    let whispers = [("bob", "psst"), ("eve", "you"), ("eve", "there")];
    let messages = whispers.map(|(from, text)| Arc::new(said(who(from), "me", text))).to_vec();
    let missed = || In::Reply(Reply::Missed { channel: None, messages: messages.clone() });
    check(
        Client::with("batch"),
        vec![(
            missed(),
            &[
                ":chat.test BATCH +b1 chathistory bob",
                "@batch=b1 :bob!u@h PRIVMSG me :[08:00] psst",
                ":chat.test BATCH -b1",
                ":chat.test BATCH +b2 chathistory eve",
                "@batch=b2 :eve!u@h PRIVMSG me :[08:00] you",
                "@batch=b2 :eve!u@h PRIVMSG me :[08:00] there",
                ":chat.test BATCH -b2",
            ],
        )],
    );
    check(
        Client::with(""),
        vec![(
            missed(),
            &[
                ":chat.test NOTICE me :--- earlier private messages: 3 ---",
                ":bob!u@h PRIVMSG me :[08:00] psst",
                ":eve!u@h PRIVMSG me :[08:00] you",
                ":eve!u@h PRIVMSG me :[08:00] there",
                ":chat.test NOTICE me :--- now ---",
            ],
        )],
    );
    let request = Arc::new(said(who("bob"), "me", "\x01VERSION\x01"));
    let requests = In::Reply(Reply::Missed { channel: None, messages: vec![request] });
    check(Client::with(""), vec![(requests, &[])]);
}

fn history() -> In {
    In::Reply(
        CommandReply::History { target: "#A".into(), messages: vec![Arc::new(said(who("bob"), "#a", "hi"))] }
            .into(),
    )
}

#[test]
fn history_is_a_batch_under_the_name_that_was_asked_for() {
    let line = format!("@batch=b1;time=2027-01-15T08:00:00.000Z;msgid={} :bob!u@h PRIVMSG #a :hi", ago(0).id);
    check(
        Client::with("batch server-time message-tags"),
        vec![(history(), &[":chat.test BATCH +b1 chathistory #A", &line, ":chat.test BATCH -b1"])],
    );
    let targets = vec![("#a".into(), ago(HOUR).time), ("bob".into(), ago(0).time)];
    check(
        Client::with("batch"),
        vec![(
            In::Reply(CommandReply::HistoryTargets { targets }.into()),
            &[
                ":chat.test BATCH +b1 draft/chathistory-targets",
                "@batch=b1 :chat.test CHATHISTORY TARGETS #a 2027-01-15T07:00:00.000Z",
                "@batch=b1 :chat.test CHATHISTORY TARGETS bob 2027-01-15T08:00:00.000Z",
                ":chat.test BATCH -b1",
            ],
        )],
    );
}

fn pong() -> In {
    In::Reply(CommandReply::Pong { token: "t".into() }.into())
}

#[test]
fn an_answer_is_marked_as_one_whatever_its_length() {
    check(
        Client::with("batch labeled-response echo-message server-time"),
        vec![
            (In::Begin("a"), &[]),
            (In::End, &["@label=a :chat.test ACK"]),
            (In::Begin("b;c"), &[]),
            (pong(), &[]),
            (In::End, &["@label=b\\:c :chat.test PONG chat.test :t"]),
            (In::Begin("d"), &[]),
            (In::Own(Event::Message(Arc::new(said(who("me"), "bob", "hi")))), &[]),
            (In::End, &["@label=d;time=2027-01-15T08:00:00.000Z :me!u@h PRIVMSG bob :hi"]),
            (In::Begin("e"), &[]),
            (pong(), &[]),
            (pong(), &[]),
            (
                In::End,
                &[
                    "@label=e :chat.test BATCH +b4 labeled-response",
                    "@batch=b4 :chat.test PONG chat.test :t",
                    "@batch=b4 :chat.test PONG chat.test :t",
                    ":chat.test BATCH -b4",
                ],
            ),
            (pong(), &[":chat.test PONG chat.test :t"]),
        ],
    );
}

#[test]
fn an_answer_that_is_one_batch_already_is_not_put_into_another() {
    check(
        Client::with("batch labeled-response"),
        vec![
            (In::Begin("a"), &[]),
            (history(), &[]),
            (
                In::End,
                &[
                    "@label=a :chat.test BATCH +b1 chathistory #A",
                    "@batch=b1 :bob!u@h PRIVMSG #a :hi",
                    ":chat.test BATCH -b1",
                ],
            ),
            (In::Begin("b"), &[]),
            (pong(), &[]),
            (history(), &[]),
            (
                In::End,
                &[
                    "@label=b :chat.test BATCH +b4 labeled-response",
                    "@batch=b4 :chat.test PONG chat.test :t",
                    "@batch=b4 :chat.test BATCH +b3 chathistory #A",
                    "@batch=b3 :bob!u@h PRIVMSG #a :hi",
                    "@batch=b4 :chat.test BATCH -b3",
                    ":chat.test BATCH -b4",
                ],
            ),
        ],
    );
}

#[test]
fn a_label_is_nothing_to_a_client_that_did_not_ask() {
    check(
        Client::with("labeled-response"),
        vec![(In::Begin("a"), &[]), (pong(), &[":chat.test PONG chat.test :t"]), (In::End, &[])],
    );
}
