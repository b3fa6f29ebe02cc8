//! Saying things, and seeing them.

use super::*;

#[test]
fn own_messages_are_shown_once_when_the_server_has_confirmed_them() {
    check(
        Bench::online(options()),
        "
        $ hi all
        > @label=m1 PRIVMSG #lobby :hi all
        < @label=m1;msgid=7;time=2026-11-21T14:03:00.000Z :alice!a@h PRIVMSG #lobby :hi all
        | [14:03] <alice> hi all
        $ @bob psst
        > @label=m2 PRIVMSG bob psst
        < @msgid=8 :alice!a@h PRIVMSG bob :from my other machine
        | [14:02] [alice -> bob] from my other machine
        < @label=m2;msgid=9 :alice!a@h PRIVMSG bob :psst
        | [14:02] [alice -> bob] psst
        < @msgid=9 :alice!a@h PRIVMSG bob :psst
        $ /me waves
        > @label=m3 PRIVMSG #lobby :\u{1}ACTION waves\u{1}
        < @label=m3;msgid=10 :alice!a@h PRIVMSG #lobby :\u{1}ACTION waves\u{1}
        | [14:02] * alice waves
        ",
    );
}

#[test]
fn where_nothing_is_echoed_the_pong_behind_a_message_is_its_receipt() {
    check(
        Bench::on_old_server(options()),
        "
        $ hi all
        > PRIVMSG #lobby :hi all
        > PING m1
        < :s PONG s m1
        | [14:02] <alice> hi all
        $ @nobody psst
        > PRIVMSG nobody psst
        > PING m2
        < :s 401 alice nobody :No such nick
        | !! not sent to nobody: No such nick (psst)
        < :s PONG s m2
        ",
    );
}

#[test]
fn a_refused_message_says_why_and_is_not_shown() {
    check(
        Bench::online(options()),
        "
        $ hi
        > @label=m1 PRIVMSG #lobby hi
        < @label=m1 :s 404 alice #lobby :Cannot send to channel
        | !! not sent to #lobby: Cannot send to channel (hi)
        $ hi
        > @label=m2 PRIVMSG #lobby hi
        < @label=m2 :s FAIL PRIVMSG STORAGE_UNAVAILABLE #lobby :The disk is full
        | !! not sent to #lobby: The disk is full (hi)
        ",
    );
}

#[test]
fn an_answer_in_a_batch_belongs_to_its_message() {
    check(
        Bench::online(options()),
        "
        $ @bob hi
        > @label=m1 PRIVMSG bob hi
        < @label=m1 :s BATCH +x labeled-response
        < @batch=x :s 301 alice bob :asleep
        | -- bob is away: asleep
        < @batch=x;msgid=7 :alice!a@h PRIVMSG bob hi
        | [14:02] [alice -> bob] hi
        < :s BATCH -x
        ",
    );
}

#[test]
fn only_so_many_messages_are_on_their_way_at_once() {
    let mut bench = Bench::online(options());
    bench.feed(&"$ x\n".repeat(8));
    bench.check(
        "
        $ the ninth
        < @label=m1 :alice!a@h PRIVMSG #lobby x
        | [14:02] <alice> x
        > @label=m9 PRIVMSG #lobby :the ninth
        ",
    );
}

#[test]
fn a_long_line_goes_out_in_pieces_that_arrive_whole() {
    let mut bench = Bench::online(options());
    let sent = bench.step(&format!("$ {}", "word ".repeat(200)));
    let texts: Vec<&str> =
        sent.iter().filter_map(|line| line.split_once(" :")).map(|(_, text)| text).collect();
    assert_eq!(texts.join(" ").trim_end(), "word ".repeat(200).trim_end());
    for text in &texts {
        assert!(format!(":alice!a@h PRIVMSG #lobby :{text}\r\n").len() <= 512, "{text}");
    }
    assert_eq!(texts.len(), 3);
}

#[test]
fn what_others_do_is_shown_and_what_could_hurt_is_not() {
    check(
        Bench::online(options()),
        "
        < :bob!b@h PRIVMSG #lobby :alice: look \u{1b}[2J\u{3}4red
        | [14:02] <bob> alice: look ^[[2Jred
        < :bob!b@h PRIVMSG alice :psst
        | [14:02] [bob -> alice] psst
        < :bob!b@h PRIVMSG #lobby :\u{1}ACTION waves\u{1}
        | [14:02] * bob waves
        < :bob!b@h NOTICE #lobby :beep
        | [14:02] -bob- beep
        < :bob!b@h PRIVMSG alice :\u{1}ACTION waves\u{1}
        | [14:02] [bob -> alice] * bob waves
        < :NickServ!n@s NOTICE alice :beep
        | [14:02] -NickServ -> alice- beep
        < :dave!d@h JOIN #lobby
        | [14:02] -- dave joined #lobby
        < :dave!d@h PART #lobby :tea
        | [14:02] -- dave left #lobby (tea)
        < :carol!c@h QUIT :Ping timeout
        | [14:02] -- carol is gone (Ping timeout)
        < :bob!b@h NICK rob
        | [14:02] -- bob is now rob
        < :rob!b@h TOPIC #lobby :Cake
        | [14:02] -- rob set the topic of #lobby: Cake
        < :alice!a@h MODE #lobby +o rob
        | [14:02] -- alice set +o rob on #lobby
        < :rob!b@h INVITE alice #cellar
        | [14:02] -- rob invites you to #cellar: /join #cellar
        < :rob!b@h PRIVMSG alice :\u{1}VERSION\u{1}
        > NOTICE rob :\u{1}VERSION chat-client 0.1.0\u{1}
        < PING :x y
        > PONG :x y
        ",
    );
}

#[test]
fn a_new_day_has_a_line_and_other_channels_their_name() {
    check(
        Bench::online(options()),
        "
        < :alice!a@h JOIN #dev
        < @time=2026-11-22T00:01:00.000Z :bob!b@h PRIVMSG #dev :late
        | -- Sunday, 22 November 2026 --
        | [00:01] #dev <bob> late
        < @time=2026-11-22T00:02:00.000Z :bob!b@h PRIVMSG #lobby :later
        | [00:02] <bob> later
        ",
    );
}

#[test]
fn a_kick_leaves_lines_without_a_place_to_go() {
    check(
        Bench::online(options()),
        "
        < :bob!b@h KICK #lobby alice :enough
        | [14:02] -- bob kicked alice out of #lobby (enough)
        | -- lines go nowhere now: /join #lobby to go there, or /to another channel
        $ hey
        | !! you are in no channel: /join #channel, or @nick TEXT for a whisper
        < ERROR :Closing link: Killed by bob: bye
        | !! you were put out of the server: Closing link: Killed by bob: bye
        ! 1
        ",
    );
}
