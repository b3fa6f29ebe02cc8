//! The past by times, whatever the clock did.

use chat_model::change::{AuditRow, Change};
use chat_model::history::{Bound, Select};
use chat_model::id::{MsgId, Stamp, Time};

use super::{Room, account, at, conversation, new_account, query, said, texts};
use crate::HistoryFilter;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Message `n` is the `n`th one, said after so many minutes by a clock that may be wrong.
fn said_at(minutes: &[i64]) -> Vec<Change> {
    let stamps = (1..).zip(minutes).map(|(n, minute)| Stamp { id: MsgId(n), time: Time(minute * MINUTE) });
    stamps.map(|at| said(at, "bob", "#lobby", &at.id.to_string())).collect()
}

fn select(room: &Room, select: Select, limit: u32) -> String {
    let query = query(conversation("#lobby"), select, limit);
    texts(&room.reader().history(&query).expect("history").messages).join(" ")
}

fn minute(minutes: i64) -> Bound {
    Bound::Time(Time(minutes * MINUTE))
}

#[test]
fn what_one_second_has_too_much_of_is_found_by_times_all_the_same() {
    // As the engine gives times: up to a second ahead, beside a channel that is not.
    let stamp = |n: i64| Stamp { id: MsgId(n), time: Time(n.min(1000)) };
    let ahead: Vec<_> = (1..=1000).map(|n| said(stamp(n), "bob", "#lobby", &n.to_string())).collect();
    let mut room = Room::with(&ahead);
    room.save(&[said(Stamp { id: MsgId(1001), time: Time(3) }, "bob", "#other", "beside it")]);
    assert_eq!(select(&room, Select::Before(Bound::Time(Time(900))), 2), "898 899");
    assert_eq!(select(&room, Select::After(Bound::Time(Time(900))), 2), "901 902");
    let other = query(conversation("#other"), Select::Before(Bound::Time(Time(4))), 9);
    assert_eq!(texts(&room.reader().history(&other).expect("history").messages), ["beside it"]);
}

#[test]
fn the_past_is_found_around_a_clock_that_was_ahead_for_a_while() {
    let room = Room::with(&said_at(&[0, 10, 20, 100_000, 100_001, 21, 30, 40]));
    assert_eq!(select(&room, Select::Latest(None), 9), "1 2 3 4 5 6 7 8", "ids are the order");
    assert_eq!(select(&room, Select::Before(minute(35)), 9), "1 2 3 6 7");
    assert_eq!(select(&room, Select::Before(minute(21)), 2), "2 3");
    assert_eq!(select(&room, Select::After(minute(15)), 9), "3 4 5 6 7 8");
    assert_eq!(select(&room, Select::After(minute(25)), 9), "4 5 7 8");
    assert_eq!(select(&room, Select::Between(minute(15), minute(35)), 9), "3 6 7");
    assert_eq!(select(&room, Select::Between(minute(35), minute(15)), 2), "6 7");
    assert_eq!(select(&room, Select::Around(minute(21)), 2), "3 4");
}

#[test]
fn the_past_is_found_around_a_clock_that_was_behind_for_a_while() {
    let room = Room::with(&said_at(&[1000, 1010, 1020, 3, 4, 1021, 1030]));
    assert_eq!(select(&room, Select::Before(minute(1025)), 9), "1 2 3 4 5 6");
    assert_eq!(select(&room, Select::After(minute(1015)), 9), "3 6 7");
    assert_eq!(select(&room, Select::After(minute(1025)), 9), "7");
}

#[test]
fn ids_and_times_may_bound_one_question() {
    let room = Room::with(&said_at(&[0, 10, 20, 30, 40]));
    assert_eq!(select(&room, Select::Between(Bound::Id(MsgId(1)), minute(35)), 9), "2 3 4");
    assert_eq!(select(&room, Select::Between(minute(35), Bound::Id(MsgId(1))), 2), "3 4");
}

#[test]
fn what_was_said_by_a_clock_that_was_ahead_is_deleted_when_its_time_has_come() {
    let mut room = Room::with(&said_at(&[0, 10, 100_000, 20, 30]));
    assert_eq!(room.store.expire(Time(25 * MINUTE)).expect("deleted"), 3);
    assert_eq!(room.store.expire(Time(25 * MINUTE)).expect("deleted"), 0);
    assert_eq!(room.texts(conversation("#lobby")), ["3", "5"]);
    assert_eq!(select(&room, Select::Before(minute(35)), 9), "5");
}

#[test]
fn however_many_are_too_old_all_of_them_go_also_where_the_hour_before_was_silent() {
    let old: Vec<_> = (1..=6000).map(|n| said(at(n), "bob", "#lobby", "old")).collect();
    let mut room = Room::with(&old);
    room.save(&[said(Stamp { id: MsgId(6001), time: Time(90 * DAY) }, "bob", "#lobby", "new")]);
    let before = Time(30 * DAY);
    let deleted: Vec<_> = (0..3).map(|_| room.store.expire(before).expect("deleted")).collect();
    assert_eq!(deleted, [5000, 1000, 0]);
    assert_eq!(room.texts(conversation("#lobby")), ["new"]);
}

#[test]
fn what_is_on_record_is_found_by_its_time_also_when_the_messages_around_it_are_gone() {
    let row = |id, day| AuditRow {
        at: Stamp { id: MsgId(id), time: Time(day * DAY) },
        actor: "admin root".into(),
        action: "kick".into(),
        target: "bob".into(),
        detail: "".into(),
    };
    let mut room = Room::with(&[Change::Audit(row(1, 1)), said(at(2), "bob", "#lobby", "old")]);
    room.save(&[Change::Audit(row(3, 90))]);
    while room.store.expire(Time(30 * DAY)).expect("deleted") > 0 {}
    assert_eq!(room.reader().audit(Some(Time(DAY)), 9).expect("read"), [row(1, 1), row(3, 90)]);
}

#[test]
fn an_operator_finds_what_was_said_between_two_times() {
    let room = Room::with(&said_at(&[0, 10, 100_000, 20, 30]));
    let filter = |since: i64, until: i64| HistoryFilter {
        since: Some(Time(since * MINUTE)),
        until: Some(Time(until * MINUTE)),
        ..HistoryFilter::default()
    };
    let found = room.reader().search(&filter(10, 20)).expect("searched");
    assert_eq!(found.iter().map(|row| &*row.message.text).collect::<Vec<_>>(), ["2", "4"]);
    let mut streamed = Vec::new();
    room.reader()
        .stream::<crate::StoreError>(&filter(10, 20), |row| {
            streamed.push(row.message.text.to_string());
            Ok(())
        })
        .expect("streamed");
    assert_eq!(streamed, ["2", "4"]);
}

#[test]
fn a_time_is_looked_for_in_its_neighbourhood_alone() {
    let many: Vec<_> = (0..2000).collect();
    let room = Room::with(&said_at(&many));
    let near = |time: i64| {
        let connection = &room.store.connection;
        let first = crate::moments::first_after(connection, Time(time * MINUTE)).expect("read");
        let end = crate::moments::end_before(connection, Time(time * MINUTE)).expect("read");
        (first.0, end.0)
    };
    // The first message is of minute 0.
    assert_eq!(near(1000), (961, 1021));
    assert_eq!(near(1020), (961 + 60, 1081));
    assert_eq!((near(-1).0, near(-1).1), (1, 0), "nothing is earlier");
    assert_eq!(near(3000), (i64::MAX, i64::MAX), "nothing is later");
}

#[test]
fn what_the_clock_showed_last_is_known_at_the_start_also_when_it_was_set_back() {
    let mut room = Room::new();
    let last_time = |room: &mut Room| room.store.load().expect("loaded").last_time;
    assert_eq!(last_time(&mut room), None);
    room.save(&[new_account("bob")]);
    assert_eq!(last_time(&mut room), Some(Time(5)));
    room.save(&[said(at(9), "bob", "#lobby", "hello")]);
    assert_eq!(last_time(&mut room), Some(Time(9)));
    let went = |at| Change::Presence { account: account("bob"), last_here: at };
    room.save(&[went(Some(Time(7)))]);
    assert_eq!(last_time(&mut room), Some(Time(7)), "it was set back");
    room.save(&[went(None)]);
    assert_eq!(last_time(&mut room), Some(Time(7)));
}

#[test]
fn a_failed_batch_leaves_no_trace_in_where_times_are_looked_for() {
    let mut room = Room::with(&[said(at(1), "bob", "#lobby", "one")]);
    let later = Stamp { id: MsgId(2), time: Time(DAY) };
    let twice = [said(later, "bob", "#lobby", "two"), said(later, "bob", "#lobby", "the same id")];
    room.store.save(&twice).expect_err("an id is given once");
    room.save(&[said(later, "bob", "#lobby", "two")]);
    assert_eq!(select(&room, Select::After(Bound::Time(Time(1))), 9), "two");
    assert_eq!(room.store.load().expect("loaded").last_time, Some(later.time));
}
