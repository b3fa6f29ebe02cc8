//! What is typed behind a `/`, and what Tab makes of it.

use super::*;

#[test]
fn a_slash_is_a_command_and_never_a_message() {
    check(
        Bench::online(options()),
        "
        $ /lss
        | !! there is no /lss; did you mean /ls? (/help lists what there is)
        $ /qwertyuiop
        | !! there is no /qwertyuiop (/help lists what there is)
        $ /
        | !! there is no / (/help lists what there is)
        $ /knock #den
        | !! there is no /knock (/help lists what there is)
        $ /whois
        | !! that is /whois nick
        $ /help whois
        | --   /whois nick                        who somebody is
        $   /register hunter2
        | !! not sent: that is /register with a space before it
        $  /usr/bin is full
        > @label=m1 PRIVMSG #lobby : /usr/bin is full
        $ @bob
        | !! a whisper is @nick TEXT
        $ /raw FOO bar :b a z
        > FOO bar :b a z
        ",
    );
}

#[test]
fn ls_agrees_with_the_server() {
    check(
        Bench::online(options()),
        "
        $ /ls
        > NAMES #lobby
        < :s 353 alice = #lobby :@alice +bob
        < :s 353 alice = #lobby :日本
        < :s 366 alice #lobby :End
        | -- 3 in #lobby:
        |    @alice  +bob    日本
        $ /ls #other
        > NAMES #other
        < :s 366 alice #other :End
        | -- #other is empty, or hidden from who is not in it
        ",
    );
}

#[test]
fn the_room_is_muted_by_the_server_or_else_here() {
    check(
        Bench::online(options()),
        "
        $ /i
        > MODE alice +d
        > PING muted
        < :alice!a@h MODE alice :+d
        | -- the room is muted: no room messages in or out until /i again; whispers still arrive
        $ hi
        | !! the room is muted, so you cannot talk in it either; /i ends that
        < :bob!b@h PRIVMSG alice :psst
        | [14:02] [bob -> alice] psst
        $ /i
        > MODE alice -d
        < :alice!a@h MODE alice :-d
        | -- the room is no longer muted
        ",
    );
    check(
        Bench::on_old_server(options()),
        "
        $ /i
        > MODE alice +d
        > PING muted
        < :s 501 alice :Unknown MODE flag
        | -- the room is muted: no room messages in or out until /i again; whispers still arrive
        < :bob!b@h PRIVMSG #lobby :hello?
        < :bob!b@h PRIVMSG alice :psst
        | [14:02] [bob -> alice] psst
        $ /i
        | -- the room is no longer muted; 1 messages were not shown
        < :bob!b@h PRIVMSG #lobby :hello!
        | [14:02] <bob> hello!
        ",
    );
}

#[test]
fn a_room_that_is_muted_already_is_known_to_be() {
    let mut bench = Bench::new(options());
    bench.feed("+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome");
    bench.check(
        "
        < :s 221 alice +di
        | -- the room is muted: no room messages in or out until /i again; whispers still arrive
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        < :s PONG s settled
        | -- now talking to #lobby
        $ /i
        > MODE alice -d
        < :alice!a@h MODE alice :-d
        | -- the room is no longer muted
        $ /i
        > MODE alice +d
        > PING muted
        - reset
        | [14:02] -- the connection is lost (reset); next try in 1 s, what you type is kept
        ~ 1000
        ",
    );
    bench.feed("+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome");
    bench.check("< :s 422 alice :no MOTD\n> MODE alice +d\n> PING muted\n> JOIN #lobby\n> PING settled");
}

#[test]
fn a_server_that_says_nothing_about_muting_cannot() {
    check(
        Bench::on_old_server(options()),
        "
        $ /i
        > MODE alice +d
        > PING muted
        < :s PONG s muted
        | -- the room is muted: no room messages in or out until /i again; whispers still arrive
        $ /i
        | -- the room is no longer muted
        ",
    );
}

#[test]
fn channels_are_joined_left_and_talked_to() {
    check(
        Bench::online(options()),
        "
        $ /join dev key
        > JOIN #dev key
        > PING step
        < :alice!a@h JOIN #dev
        | -- now talking to #dev
        < :s PONG s step
        < :s 366 alice #dev :End
        | -- you are in #dev; 0 people are here (/ls)
        $ /to #lobby
        | -- now talking to #lobby
        $ /to #nowhere
        | !! you are not in #nowhere: /join #nowhere
        $ /topic
        > TOPIC #lobby
        < :s 332 alice #lobby :Tea
        | [14:02] -- topic of #lobby: Tea
        $ /topic #dev Rust, mostly
        > TOPIC #dev :Rust, mostly
        $ /part
        > PART #lobby
        < :alice!a@h PART #lobby
        | [14:02] -- alice left #lobby
        | -- now talking to #dev
        $ /join #secret
        > JOIN #secret
        > PING step
        $ among us
        < :s 473 alice #secret :Cannot join channel (+i)
        | !! #secret: Cannot join channel (+i)
        < :s PONG s step
        | -- you are not in #secret; still talking to #dev
        | !! not sent: you are not in #secret: /join #secret
        $ /part
        > PART #dev
        < :alice!a@h PART #dev
        | [14:02] -- alice left #dev
        | -- lines go nowhere now: /join #dev to go there, or /to another channel
        $ /join a,b
        | !! #a,b is no name of a channel: it is one word without a comma, such as #lobby
        $ /to bob
        | -- now talking to bob
        $ hi
        > @label=m1 PRIVMSG bob hi
        ",
    );
}

#[test]
fn people_are_looked_up_and_names_changed() {
    check(
        Bench::online(options()),
        "
        $ /who
        > WHO #lobby
        < :s 352 alice #lobby ~b host s bob G@ :0 Bob B.
        | -- bob (~b@host) Bob B. in #lobby, away
        < :s 315 alice #lobby :End
        | -- that is all for #lobby
        $ /whois bob
        > WHOIS bob
        < :s 311 alice bob ~b host * :Bob B.
        | -- bob is ~b@host (Bob B.)
        < :s 338 alice bob 192.0.2.7 :is really using this address
        | -- bob is connected from 192.0.2.7
        < :s 317 alice bob 75 1795262520 :seconds idle, signon time
        | -- bob said nothing for 1 min, is here for 2 h 0 min
        < :s 318 alice bob :End
        $ /nick carol
        > NICK carol
        < :s 433 alice carol :in use
        | !! carol: in use
        $ /away tea time
        > AWAY :tea time
        < :s 306 alice :You have been marked as being away
        | -- You have been marked as being away
        $ /away
        > AWAY
        ",
    );
}

#[test]
fn leaving_waits_for_what_is_not_confirmed() {
    check(
        Bench::online(options()),
        "
        ^C
        | -- ctrl-c once more, ctrl-d or /quit to leave
        $ hi
        > @label=m1 PRIVMSG #lobby hi
        $ /quit see you
        < @label=m1 :alice!a@h PRIVMSG #lobby hi
        | [14:02] <alice> hi
        > PING goodbye
        < :s PONG s goodbye
        > QUIT :see you
        - closed
        ! 0
        ",
    );
    check(
        Bench::online(options()),
        "
        $ hi
        > @label=m1 PRIVMSG #lobby hi
        ^D
        tick 5000
        > QUIT leaving
        tick 5000
        | !! 1 of your lines could not be sent or confirmed
        ! 1
        ",
    );
}

#[test]
fn a_script_ends_when_everything_is_confirmed_and_tells_whether_it_was() {
    let welcome = "
        < :s CAP * LS :batch echo-message labeled-response message-tags
        < :s CAP * ACK :batch echo-message labeled-response message-tags
        < :s 001 alice :Welcome
        < :s 422 alice :no MOTD
        < :alice!a@h JOIN #lobby
        ";
    let mut bench = Bench::new(script());
    bench.feed("$ hi\n$ @bob psst\n$ /ls\n^D\n+\n");
    bench.feed(welcome);
    bench.check(
        "
        < :s PONG s settled
        > @label=m1 PRIVMSG #lobby hi
        > @label=m2 PRIVMSG bob psst
        < @label=m1 :alice!a@h PRIVMSG #lobby hi
        | [14:02] <alice> hi
        < @label=m2 :s 401 alice bob :No such nick
        | !! not sent to bob: No such nick (psst)
        > NAMES #lobby
        > PING step
        < :s 366 alice #lobby :End
        | -- 0 in #lobby:
        < :s PONG s step
        > PING goodbye
        < :s PONG s goodbye
        > QUIT leaving
        - closed
        ! 1
        ",
    );
}

#[test]
fn a_script_goes_step_by_step() {
    let mut bench = Bench::on_old_server(script());
    bench.check(
        "
        $ /i
        > MODE alice +d
        > PING muted
        > PING step
        $ /i
        $ /part
        $ hi
        $ /join #b
        $ here
        ^D
        < :s 501 alice :Unknown MODE flag
        | -- the room is muted: no room messages in or out until /i again; whispers still arrive
        < :s PONG s step
        | -- the room is no longer muted
        > PING step
        < :s PONG s step
        > PART #lobby
        > PING step
        < :alice!a@h PART #lobby
        | [14:02] -- alice left #lobby
        < :s PONG s step
        | !! not sent: you are not in #lobby: /join #lobby
        > JOIN #b
        > PING step
        < :alice!a@h JOIN #b
        < :s PONG s step
        > PRIVMSG #b here
        > PING m1
        < :s PONG s m1
        | [14:02] <alice> here
        > PING goodbye
        ",
    );
    check(
        Bench::on_old_server(script()),
        "
        $ /quit done
        > PING step
        $ too late
        < :s PONG s step
        > PING goodbye
        < :s PONG s goodbye
        > QUIT done
        - closed
        ! 0
        ",
    );
}

#[test]
fn what_a_script_says_to_a_channel_that_does_not_take_it_is_said_nowhere_else() {
    let mut bench = Bench::new(Options { channels: vec![("#priv".to_owned(), None)], ..script() });
    bench.feed(
        "$ secret plan\n$ /join #cellar\n$ darker plan\n$ /to #attic\n$ no plan\n$ /join #lobby\n$ hi\n^D\n+",
    );
    bench.feed("< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome\n< :alice!a@h JOIN #lobby");
    bench.feed("< :s 422 alice :no MOTD");
    bench.check(
        "
        < :s 473 alice #priv :Cannot join channel (+i)
        | !! #priv: Cannot join channel (+i)
        < :s PONG s settled
        | !! not sent: you are not in #priv: /join #priv
        > JOIN #cellar
        > PING step
        < :s 473 alice #cellar :Cannot join channel (+i)
        | !! #cellar: Cannot join channel (+i)
        < :s PONG s step
        | !! not sent: you are not in #cellar: /join #cellar
        | !! you are not in #attic: /join #attic
        > PING step
        < :s PONG s step
        | !! not sent: you are not in #attic: /join #attic
        > PING step
        < :s PONG s step
        > PRIVMSG #lobby hi
        > PING m1
        < :s PONG s m1
        | [14:02] <alice> hi
        > PING goodbye
        < :s PONG s goodbye
        > QUIT leaving
        - closed
        ! 1
        ",
    );
}

#[test]
fn tab_completes_what_fits_there() {
    let mut bench = Bench::online(options());
    bench.feed("< :carol!c@h PRIVMSG #lobby :hi");
    let cases: [(&str, usize, &[&str]); 10] = [
        ("/wh", 0, &["/who ", "/whois "]),
        ("/help wh", 6, &["who ", "whois "]),
        ("/join #l", 6, &["#lobby "]),
        ("/whois ", 7, &["carol ", "bob "]),
        ("", 0, &["carol: ", "bob: "]),
        ("B", 0, &["bob: "]),
        ("hi b", 3, &["bob "]),
        ("@", 0, &["@carol ", "@bob "]),
        ("/password ", 10, &[]),
        ("/msg #", 5, &["#lobby "]),
    ];
    for (before, start, expected) in cases {
        let (at, candidates) = bench.session.complete(before);
        assert_eq!(
            (at, candidates),
            (start, expected.iter().map(|c| (*c).to_owned()).collect()),
            "{before:?}"
        );
    }
}

#[test]
fn what_a_refusal_names_is_not_named_twice() {
    check(
        Bench::online(options()),
        "
        < :s 482 alice #lobby :Only an operator of #lobby can do that
        | !! Only an operator of #lobby can do that
        < :s 482 alice #lobby :You're not a channel operator
        | !! #lobby: You're not a channel operator
        < :s 401 alice bo :Nobody here is called bobo
        | !! bo: Nobody here is called bobo
        ",
    );
}
