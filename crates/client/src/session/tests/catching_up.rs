//! Losing the connection, and missing nothing by it.

use super::*;

const WELCOME_BACK: &str = "
    +
    < :s CAP * LS :batch draft/chathistory echo-message labeled-response message-tags server-time
    < :s CAP * ACK :batch draft/chathistory echo-message labeled-response message-tags server-time
    < :s 001 alice :Welcome
    < :s 005 alice CASEMAPPING=ascii CHANTYPES=# CHATHISTORY=2 :are supported
    ";

#[test]
fn a_lost_connection_is_tried_again_with_growing_pauses() {
    check(
        Bench::online(options()),
        "
        - reset by peer
        | [14:02] -- the connection is lost (reset by peer); next try in 1 s, what you type is kept
        ~ 1000
        - connection refused
        | [14:02] -- still no connection (connection refused); next try in 2 s, what you type is kept
        ~ 2000
        - connection refused
        | [14:02] -- still no connection (connection refused); next try in 4 s, what you type is kept
        ~ 4000
        $ /quit
        ! 0
        ",
    );
}

#[test]
fn a_silent_server_is_asked_and_then_given_up() {
    check(
        Bench::online(options()),
        "
        tick 44999
        tick 1
        > PING there
        < :s PONG s there
        tick 45000
        > PING there
        tick 45000
        x
        - closed
        | [14:04] -- the connection is lost (the server does not answer any more); next try in 1 s, what you type is kept
        ~ 1000
        ",
    );
}

#[test]
fn channels_that_the_first_connection_did_not_live_to_see_are_joined_by_the_next() {
    let mut bench = Bench::new(options());
    bench.feed("+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome\n- reset\n+");
    bench.feed("< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome");
    bench.check(
        "
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        < :s PONG s settled
        | -- now talking to #lobby
        < :alice!a@h JOIN #dev
        < :alice!a@h PART #lobby
        | [14:02] -- alice left #lobby
        | -- now talking to #dev
        - reset
        | [14:02] -- the connection is lost (reset); next try in 1 s, what you type is kept
        ~ 1000
        ",
    );
    bench.feed("+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome");
    bench.check("< :s 422 alice :no MOTD\n> JOIN #dev\n> PING settled");
}

#[test]
fn what_was_missed_is_fetched_page_by_page_before_what_is_said_meanwhile() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven");
    bench.feed("- reset");
    bench.feed(WELCOME_BACK);
    bench.check(
        "
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        > CHATHISTORY AFTER #lobby msgid=7 2
        < @msgid=10 :bob!b@h PRIVMSG #lobby :ten
        < :s PONG s settled
        > CHATHISTORY TARGETS timestamp=2026-11-21T14:01:59.999Z timestamp=2026-11-22T14:02:00.000Z 100
        < :s BATCH +t draft/chathistory-targets
        < :s BATCH -t
        < :s BATCH +a chathistory #lobby
        < @batch=a;msgid=8;time=2026-11-21T14:03:00.000Z :bob!b@h PRIVMSG #lobby :eight
        < @batch=a;msgid=9;time=2026-11-21T14:04:00.000Z :bob!b@h PRIVMSG #lobby :nine
        < :s BATCH -a
        | -- missed in #lobby:
        | [14:03] <bob> eight
        | [14:04] <bob> nine
        > CHATHISTORY AFTER #lobby msgid=9 2
        $ hi
        | -- not connected yet; kept and sent later: hi
        < :s BATCH +b chathistory #lobby
        < @batch=b;msgid=10;time=2026-11-21T14:05:00.000Z :bob!b@h PRIVMSG #lobby :ten
        < :s BATCH -b
        | [14:05] <bob> ten
        > CHATHISTORY AFTER #lobby msgid=10 2
        < :s BATCH +c chathistory #lobby
        < :s BATCH -c
        > @label=m1 PRIVMSG #lobby hi
        ",
    );
}

#[test]
fn whispers_are_fetched_too() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG alice :seven\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :s PONG s settled");
    bench.check(
        "
        < :s BATCH +t draft/chathistory-targets
        < @batch=t :s CHATHISTORY TARGETS #lobby 2026-11-21T14:03:00.000Z
        < @batch=t :s CHATHISTORY TARGETS bob 2026-11-21T14:03:00.000Z
        < @batch=t :s CHATHISTORY TARGETS dave 2026-11-21T14:03:00.000Z
        < :s BATCH -t
        > CHATHISTORY AFTER bob msgid=7 2
        > CHATHISTORY AFTER dave timestamp=2026-11-21T14:02:00.000Z 2
        < :s BATCH +a chathistory bob
        < @batch=a;msgid=8;time=2026-11-21T14:03:00.000Z :bob!b@h PRIVMSG alice :eight
        < :s BATCH -a
        | -- missed in bob:
        | [14:03] [bob -> alice] eight
        > CHATHISTORY AFTER bob msgid=8 2
        ",
    );
}

#[test]
fn a_whisper_that_comes_too_early_waits_for_those_before_it() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG alice :seven\n- reset");
    bench.feed(WELCOME_BACK);
    bench.check(
        "
        < @msgid=9;time=2026-11-21T14:04:00.000Z :bob!b@h PRIVMSG alice :nine
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :s PONG s settled
        > CHATHISTORY TARGETS timestamp=2026-11-21T14:01:59.999Z timestamp=2026-11-22T14:04:00.000Z 100
        < :s BATCH +t draft/chathistory-targets
        < @batch=t :s CHATHISTORY TARGETS bob 2026-11-21T14:04:00.000Z
        < :s BATCH -t
        > CHATHISTORY AFTER bob msgid=7 2
        < :s BATCH +a chathistory bob
        < @batch=a;msgid=8;time=2026-11-21T14:03:00.000Z :bob!b@h PRIVMSG alice :eight
        < :s BATCH -a
        | -- missed in bob:
        | [14:03] [bob -> alice] eight
        > CHATHISTORY AFTER bob msgid=8 2
        - reset again
        | [14:02] -- the connection is lost (reset again); next try in 2 s, what you type is kept
        ~ 2000
        ",
    );
    // What was held back was not shown, so it is fetched with the next connection.
    bench.feed(WELCOME_BACK);
    bench.check(
        "
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :s PONG s settled
        > CHATHISTORY TARGETS timestamp=2026-11-21T14:01:59.999Z timestamp=2026-11-22T14:02:00.000Z 100
        < :s BATCH +t draft/chathistory-targets
        < @batch=t :s CHATHISTORY TARGETS bob 2026-11-21T14:04:00.000Z
        < :s BATCH -t
        > CHATHISTORY AFTER bob msgid=8 2
        < :s BATCH +a chathistory bob
        < @batch=a;msgid=9;time=2026-11-21T14:04:00.000Z :bob!b@h PRIVMSG alice :nine
        < :s BATCH -a
        | -- missed in bob:
        | [14:04] [bob -> alice] nine
        > CHATHISTORY AFTER bob msgid=9 2
        < :s FAIL CHATHISTORY MESSAGE_ERROR AFTER bob :The disk is slow
        | !! no history: The disk is slow
        ",
    );
}

#[test]
fn whispers_since_the_last_run_are_looked_for() {
    let mut bench = Bench::new(Options { seen: Some(Time(START.0 - 60_000)), ..options() });
    bench.feed(WELCOME_BACK);
    bench.feed("< @time=2026-11-21T14:02:00.000Z :s 422 alice :no MOTD");
    bench.check(
        "
        < :alice!a@h JOIN #lobby
        < :s PONG s settled
        | -- now talking to #lobby
        > CHATHISTORY TARGETS timestamp=2026-11-21T14:00:59.999Z timestamp=2026-11-22T14:02:00.000Z 100
        ",
    );
    assert_eq!(bench.session.seen(), Some(Time(START.0 - 60_000)));
    bench.feed(
        "
        < :s BATCH +t draft/chathistory-targets
        < @batch=t :s CHATHISTORY TARGETS bob 2026-11-21T14:02:10.000Z
        < :s BATCH -t
        < :s BATCH +a chathistory bob
        < @batch=a;msgid=9;time=2026-11-21T14:02:10.000Z :bob!b@h PRIVMSG alice :nine
        < :s BATCH -a
        < :s BATCH +b chathistory bob
        < :s BATCH -b
        ",
    );
    assert_eq!(bench.session.seen(), Some(Time(START.0 + 10_000)));
}

#[test]
fn a_line_that_arrived_before_the_connection_was_lost_is_not_sent_again() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven");
    bench.feed("$ first\n$ second\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :alice!a@h JOIN #lobby\n< :s PONG s settled");
    bench.feed("< :s BATCH +t draft/chathistory-targets\n< :s BATCH -t");
    bench.check(
        "
        < :s BATCH +a chathistory #lobby
        < @batch=a;msgid=8;time=2026-11-21T14:02:30.000Z :alice!a@h PRIVMSG #lobby :first
        < :s BATCH -a
        | -- missed in #lobby:
        | [14:02] <alice> first
        > CHATHISTORY AFTER #lobby msgid=8 2
        < :s BATCH +b chathistory #lobby
        < :s BATCH -b
        | -- sending again what did not arrive (1)
        > @label=m2 PRIVMSG #lobby second
        ",
    );
}

#[test]
fn a_whisper_that_is_in_no_conversation_of_the_history_is_sent_again() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven");
    bench.feed("$ @bob psst\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :s PONG s settled");
    bench.check(
        "
        < :s BATCH +t draft/chathistory-targets
        < :s BATCH -t
        | -- sending again what did not arrive (1)
        > @label=m1 PRIVMSG bob psst
        ",
    );
}

#[test]
fn where_the_history_is_refused_nothing_is_sent_twice() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven");
    bench.feed("$ first\n$ @bob psst\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :alice!a@h JOIN #lobby\n< :s PONG s settled");
    bench.check(
        "
        < :s FAIL CHATHISTORY MESSAGE_ERROR TARGETS :The disk is slow
        | !! no history: The disk is slow
        | !! the connection was lost before this was confirmed, so it may not have arrived: first
        | !! the connection was lost before this was confirmed, so it may not have arrived: psst
        ",
    );
}

#[test]
fn a_history_that_does_not_answer_is_given_up() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :alice!a@h JOIN #lobby\n< :s PONG s settled");
    bench.check(
        "
        < :bob!b@h PRIVMSG #lobby :meanwhile
        $ hi
        | -- not connected yet; kept and sent later: hi
        tick 20000
        < :s BATCH +a chathistory #lobby
        < @batch=a;msgid=8;time=2026-11-21T14:03:00.000Z :bob!b@h PRIVMSG #lobby :eight
        tick 29999
        tick 1
        | !! no history: the server does not answer
        | [14:02] <bob> meanwhile
        > @label=m1 PRIVMSG #lobby hi
        < :s BATCH -a
        ",
    );
}

#[test]
fn a_server_that_does_not_go_by_ids_is_asked_by_time() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven\n- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 005 alice MSGREFTYPES=timestamp :are supported");
    bench.feed("< :s 422 alice :no MOTD");
    bench.check(
        "
        < :alice!a@h JOIN #lobby
        > CHATHISTORY AFTER #lobby timestamp=2026-11-21T14:01:59.999Z 2
        < :s BATCH +a chathistory #lobby
        < @batch=a;msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven
        < @batch=a;msgid=8;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :eight
        < :s BATCH -a
        | -- missed in #lobby:
        | [14:02] <bob> eight
        > CHATHISTORY AFTER #lobby timestamp=2026-11-21T14:01:59.999Z 2
        < :s BATCH +b chathistory #lobby
        < @batch=b;msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven
        < @batch=b;msgid=8;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :eight
        < :s BATCH -b
        ",
    );
}

#[test]
fn what_services_are_told_is_never_sent_again() {
    let mut bench = Bench::online(options());
    bench.feed("< @msgid=7;time=2026-11-21T14:02:00.000Z :bob!b@h PRIVMSG #lobby :seven");
    bench.check(
        "
        $ /msg NickServ IDENTIFY hunter2
        > @label=m1 PRIVMSG NickServ :IDENTIFY hunter2
        < @label=m1 :NickServ!n@s NOTICE alice :Welcome back
        | [14:02] -NickServ -> alice- Welcome back
        | [14:02] [alice -> NickServ] IDENTIFY hunter2
        $ /msg NickServ IDENTIFY hunter3
        > @label=m2 PRIVMSG NickServ :IDENTIFY hunter3
        ",
    );
    bench.feed("- reset");
    bench.feed(WELCOME_BACK);
    bench.feed("< :s 422 alice :no MOTD\n< :s PONG s settled");
    bench.check(
        "
        < :s BATCH +t draft/chathistory-targets
        < :s BATCH -t
        | !! the connection was lost before this was confirmed, so it may not have arrived: what you told NickServ
        ",
    );
}

#[test]
fn without_history_nothing_is_sent_twice() {
    let mut bench = Bench::on_old_server(options());
    bench.feed("$ first\n- reset\n$ second\n+");
    bench.feed("< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome\n< :s 422 alice :no MOTD");
    bench.check(
        "
        < :alice!a@h JOIN #lobby
        < :s PONG s settled
        | !! the connection was lost before this was confirmed, so it may not have arrived: first
        > PRIVMSG #lobby second
        > PING m2
        ",
    );
}

#[test]
fn on_joining_the_latest_lines_are_shown() {
    let mut bench = Bench::new(Options { history_lines: 20, ..options() });
    bench.feed(WELCOME_BACK);
    bench.check(
        "
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        > CHATHISTORY LATEST #lobby * 2
        < :s PONG s settled
        | -- now talking to #lobby
        < :s BATCH +a chathistory #lobby
        < @batch=a;msgid=3;time=2026-11-20T14:03:00.000Z :bob!b@h PRIVMSG #lobby :alice: yesterday
        < :s BATCH -a
        | -- Friday, 20 November 2026 --
        | [14:03] <bob> alice: yesterday
        $ /history bob 5
        > CHATHISTORY LATEST bob * 2
        < :s FAIL CHATHISTORY INVALID_TARGET LATEST bob :No such conversation
        | !! no history: No such conversation
        $ /history
        > CHATHISTORY LATEST #lobby * 2
        < :s BATCH +b chathistory #lobby
        < @batch=b;msgid=3;time=2026-11-20T14:03:00.000Z :bob!b@h PRIVMSG #lobby :alice: yesterday
        < :s BATCH -b
        | [14:03] <bob> alice: yesterday
        ",
    );
}
