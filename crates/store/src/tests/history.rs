//! What chathistory asks for, and what nobody can ask for any more.

use std::sync::Arc;

use chat_model::change::Change;
use chat_model::history::{Bound, Query, Reads, Select};
use chat_model::id::{MsgId, Stamp, Time};
use chat_model::message::{Conversation, Message, Target};
use chat_model::mode::{Rank, Ranks};

use crate::Reader;

use super::{Room, account, at, channel, conversation, new_account, new_channel, query, said, texts};

/// Messages "1" to "9" in the milliseconds 10 to 90, with a second one ("5b") in the millisecond of "5".
fn nine() -> Room {
    let mut changes: Vec<_> = (1..=9).map(|n| said(at(n * 10), "bob", "#lobby", &n.to_string())).collect();
    let again = Stamp { id: MsgId(51), time: Time(50) };
    changes.push(said(again, "bob", "#lobby", "5b"));
    changes.push(said(at(55), "bob", "#other", "elsewhere"));
    Room::with(&changes)
}

fn whispered(reader: &Reader, name: &str, after: MsgId, limit: u32) -> Vec<Arc<Message>> {
    reader.whispers(&account(name), after, MsgId::MAX, limit, usize::MAX).expect("read").messages
}

fn id(n: i64) -> Bound {
    Bound::Id(MsgId(n * 10))
}

fn time(n: i64) -> Bound {
    Bound::Time(Time(n * 10))
}

#[test]
fn each_select_gives_the_nearest_in_ascending_order_without_its_bounds() {
    let cases: &[(Select, u32, &str)] = &[
        (Select::Latest(None), 3, "7 8 9"),
        (Select::Latest(None), 0, ""),
        (Select::Latest(None), 50, "1 2 3 4 5 5b 6 7 8 9"),
        (Select::Latest(Some(id(7))), 5, "8 9"),
        (Select::Latest(Some(id(5))), 2, "8 9"),
        (Select::Latest(Some(time(5))), 9, "6 7 8 9"),
        (Select::Before(id(3)), 9, "1 2"),
        (Select::Before(id(6)), 2, "5 5b"),
        (Select::Before(time(5)), 1, "4"),
        (Select::After(id(5)), 2, "5b 6"),
        (Select::After(time(5)), 2, "6 7"),
        (Select::After(id(9)), 2, ""),
        (Select::Around(id(3)), 1, "3"),
        (Select::Around(id(3)), 3, "2 3 4"),
        (Select::Around(id(3)), 4, "1 2 3 4"),
        (Select::Around(id(1)), 3, "1 2"),
        (Select::Around(time(5)), 4, "3 4 5 5b"),
        (Select::Between(id(2), id(5)), 9, "3 4"),
        (Select::Between(id(2), id(9)), 2, "3 4"),
        (Select::Between(id(9), id(2)), 2, "7 8"),
        (Select::Between(time(4), time(6)), 9, "5 5b"),
        (Select::Between(id(4), id(4)), 9, ""),
    ];
    let room = nine();
    let reader = room.reader();
    for (select, limit, expected) in cases {
        let query = query(conversation("#LOBBY"), *select, *limit);
        let found = texts(&reader.history(&query).expect("history").messages).join(" ");
        assert_eq!(found, *expected, "{query:?}");
    }
}

#[test]
fn of_an_unknown_conversation_there_is_nothing() {
    assert!(nine().texts(conversation("#nowhere")).is_empty());
    assert!(nine().texts(conversation("alice* bob*")).is_empty());
}

#[test]
fn the_history_of_an_ended_channel_is_not_its_successors() {
    let mut room = Room::with(&[new_channel("#lobby"), said(at(1), "bob", "#lobby", "old")]);
    room.save(&[
        Change::ChannelEnded { channel: channel("#Lobby") },
        new_channel("#lobby"),
        said(at(2), "bob", "#lobby", "new"),
    ]);
    assert_eq!(room.texts(conversation("#lobby")), ["new"]);
    room.save(&[Change::ChannelEnded { channel: channel("#lobby") }]);
    assert!(room.texts(conversation("#lobby")).is_empty());
    room.save(&[said(at(3), "bob", "#lobby", "third")]);
    assert_eq!(room.texts(conversation("#lobby")), ["third"]);
}

#[test]
fn direct_messages_lie_together_whoever_speaks() {
    let room = Room::with(&[
        said(at(1), "alice*", "bob*", "hi"),
        said(at(2), "bob*", "alice*", "hello"),
        said(at(3), "bob", "alice*", "a guest of that name"),
        said(at(4), "alice*", "alice*", "myself"),
    ]);
    assert_eq!(room.texts(conversation("alice* bob*")), ["hi", "hello"]);
    assert_eq!(room.texts(conversation("alice* bob")), ["a guest of that name"]);
    assert_eq!(room.texts(conversation("alice* alice*")), ["myself"]);
}

#[test]
fn whispers_are_those_to_the_account_the_newest_in_ascending_order() {
    let room = Room::with(&[
        new_account("alice"),
        new_account("bob"),
        said(at(1), "bob*", "alice*", "one"),
        said(at(2), "alice*", "bob*", "answer"),
        said(at(3), "guest", "alice*", "two"),
        said(at(4), "alice*", "alice*", "to myself"),
        said(at(5), "bob*", "alice*", "three"),
        said(at(6), "bob*", "#lobby", "aloud"),
    ]);
    let whispers = |after, limit| texts(&whispered(&room.reader(), "Alice", after, limit));
    assert_eq!(whispers(MsgId::MIN, 9), ["one", "two", "three"]);
    assert_eq!(whispers(MsgId::MIN, 2), ["two", "three"]);
    assert_eq!(whispers(MsgId(3), 9), ["three"]);
}

#[test]
fn whoever_takes_the_name_of_a_deleted_account_sees_none_of_its_whispers() {
    let mut room = Room::with(&[
        new_account("alice"),
        new_account("bob"),
        said(at(1), "bob*", "alice*", "secret"),
        said(at(2), "alice*", "bob*", "for bob"),
    ]);
    room.save(&[Change::AccountDeleted { account: account("Alice") }, new_account("alice")]);
    let reader = room.reader();
    assert!(room.texts(conversation("alice* bob*")).is_empty());
    assert!(whispered(&reader, "alice", MsgId::MIN, 9).is_empty());
    for name in ["alice", "bob"] {
        let targets = reader.targets(Some(&account(name)), &[], ALWAYS.0, ALWAYS.1, 9).expect("read");
        assert_eq!(targets, [], "{name}");
    }
    // What was on its way to the other end still arrives.
    assert_eq!(texts(&whispered(&reader, "bob", MsgId::MIN, 9)), ["for bob"]);
    room.save(&[said(at(3), "bob*", "alice*", "who are you?")]);
    assert_eq!(room.texts(conversation("alice* bob*")), ["who are you?"]);
}

/// From the first moment to the last.
const ALWAYS: (Time, Time) = (Time(i64::MIN), Time(i64::MAX));

#[test]
fn targets_are_ascending_by_their_latest_message_and_bounds_are_left_out() {
    let room = Room::with(&[
        said(at(1), "x", "#a", "first"),
        said(at(2), "x", "#b", "only"),
        said(at(3), "bob*", "alice*", "hi"),
        said(at(4), "x", "#a", "last"),
        said(at(5), "guest", "alice*", "hi"),
        said(at(6), "x", "#foreign", "not asked for"),
        said(at(7), "x*", "y*", "of others"),
    ]);
    let [a, b, none] = ["#a", "#b", "#none"].map(channel);
    let bob = conversation("alice* bob*");
    let guest = conversation("alice* guest");
    let (a_is, b_is) = (Conversation::Channel(a.clone()), Conversation::Channel(b.clone()));
    let all = [(b_is, Time(2)), (bob, Time(3)), (a_is, Time(4)), (guest, Time(5))];
    let find = |who: Option<&str>, from: Time, to: Time, limit| {
        let who = who.map(account);
        let channels = [a.clone(), none.clone(), b.clone()];
        room.reader().targets(who.as_ref(), &channels, from, to, limit).expect("read")
    };
    let (begin, end) = ALWAYS;
    let (two, five) = (Time(2), Time(5));
    assert_eq!(find(Some("alice"), begin, end, 9), all);
    assert_eq!(find(Some("alice"), two, five, 9), all[1..3]);
    assert_eq!(find(Some("alice"), five, two, 9), all[1..3]);
    assert_eq!(find(Some("alice"), begin, end, 2), all[..2]);
    assert_eq!(find(Some("alice"), end, begin, 2), all[2..]);
    assert_eq!(find(None, begin, end, 9), [all[0].clone(), all[2].clone()]);
}

#[test]
fn a_page_ends_where_it_has_enough_bytes_and_says_that_there_is_more() {
    let long = "x".repeat(1000);
    let room = Room::with(&(1..=9).map(|n| said(at(n), "bob", "#lobby", &long)).collect::<Vec<_>>());
    let ids = |select, limit, bytes_max| {
        let query = Query { bytes_max, ..query(conversation("#lobby"), select, limit) };
        let page = room.reader().history(&query).expect("history");
        (page.messages.iter().map(|message| message.at.id.0).collect::<Vec<_>>(), page.is_cut)
    };
    assert_eq!(ids(Select::Latest(None), 100, 4000), (vec![8, 9], true), "the newest come");
    assert_eq!(ids(Select::After(Bound::Id(MsgId(2))), 100, 4000), (vec![3, 4], true), "the nearest come");
    assert_eq!(ids(Select::Latest(None), 100, 1), (vec![9], true), "one comes in any case");
    assert_eq!(ids(Select::Latest(None), 3, usize::MAX), (vec![7, 8, 9], true));
    assert_eq!(ids(Select::After(Bound::Id(MsgId(7))), 3, usize::MAX), (vec![8, 9], false));
}

#[test]
fn lines_for_ranks_that_the_asker_does_not_hold_take_no_place_in_a_page() {
    let mut changes: Vec<_> = (1..=3).map(|n| said(at(n), "bob", "#lobby", &n.to_string())).collect();
    for n in 4..=9 {
        let Change::Message(message) = said(at(n), "alice*", "#lobby", &n.to_string()) else { continue };
        let rank = Some(if n == 9 { Rank::Voice } else { Rank::Operator });
        let target = Target::Channel { name: channel("#lobby"), rank };
        changes.push(Change::Message(Arc::new(Message { target, ..(*message).clone() })));
    }
    let room = Room::with(&changes);
    let read = |reads: Reads| {
        let query = Query { reads, ..query(conversation("#lobby"), Select::Latest(None), 4) };
        texts(&room.reader().history(&query).expect("history").messages).join(" ")
    };
    let with = |letters: &str| Reads { ranks: Ranks::from_letters(letters), account: None };
    assert_eq!(read(Reads::default()), "1 2 3");
    assert_eq!(read(with("v")), "1 2 3 9");
    assert_eq!(read(with("o")), "6 7 8 9");
    assert_eq!(read(Reads { account: Some(account("alice")), ..Reads::default() }), "6 7 8 9", "one's own");
}
