//! From a connection to a welcome.

use super::*;

#[test]
fn capabilities_that_are_known_and_offered_are_requested_and_the_channels_joined() {
    check(
        Bench::new(options()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS * :batch echo-message foo/bar
        < :s CAP * LS :server-time sasl=PLAIN
        > CAP REQ :batch echo-message sasl server-time
        < :s CAP * ACK :batch echo-message sasl server-time
        > CAP END
        < :s 001 alice :Welcome
        | [14:02] -- connected to irc.test as alice
        < :s 372 alice :- Be nice.
        | -- Be nice.
        < :s 376 alice :End of MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        < :s 332 alice #lobby :Tea at five
        < :s 353 alice = #lobby :@alice bob
        < :s 366 alice #lobby :End
        | -- you are in #lobby; 2 people are here (/ls)
        | [14:02] -- topic of #lobby: Tea at five
        < :s PONG s settled
        | -- now talking to #lobby
        ",
    );
}

#[test]
fn one_capability_that_is_refused_costs_none_of_the_others() {
    check(
        Bench::new(with_password()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS :batch sasl server-time
        > CAP REQ :batch sasl server-time
        < :s CAP * NAK :batch sasl server-time
        > CAP REQ :batch
        > CAP REQ :sasl
        > CAP REQ :server-time
        < :s CAP * ACK :batch
        < :s CAP * ACK :sasl
        < :s CAP * NAK :server-time
        > AUTHENTICATE PLAIN
        ",
    );
}

#[test]
fn without_a_channel_the_one_that_the_server_puts_us_in_is_the_active_one() {
    check(
        Bench::new(Options { channels: vec![], ..options() }),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 421 * CAP :Unknown command
        < :s 001 alice :Welcome
        | [14:02] -- connected to irc.test as alice
        < :alice!a@h JOIN #hall
        < :s 353 alice = #hall :alice
        < :s 366 alice #hall :End
        | -- you are in #hall; nobody else is here (/ls)
        < :s 422 alice :no MOTD
        > PING settled
        < :s PONG s settled
        | -- now talking to #hall
        ",
    );
}

#[test]
fn a_password_is_used_before_the_welcome_and_wins_the_nickname() {
    check(
        Bench::new(with_password()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS :sasl=PLAIN
        > CAP REQ :sasl
        < :s 433 * alice :registered
        < :s CAP * ACK :sasl
        > AUTHENTICATE PLAIN
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAGh1bnRlcjI=
        < :s 900 * *!*@* alice :You are now logged in
        | -- logged in as alice
        < :s 903 * :done
        > NICK alice
        > CAP END
        ",
    );
}

#[test]
fn a_password_never_goes_where_others_can_read_it() {
    check(
        Bench::new(with_password()),
        "
        +plain
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS :sasl
        > CAP REQ :sasl
        < :s CAP * ACK :sasl
        > CAP END
        < :s 001 alice :Welcome
        | [14:02] -- connected to irc.test as alice
        | !! not logged in: the connection to irc.test is not encrypted…
        < :s 422 alice :no MOTD
        > JOIN #lobby
        > PING settled
        < :alice!a@h JOIN #lobby
        < :s PONG s settled
        | -- now talking to #lobby
        $ /password hunter2
        | !! the connection to irc.test is not encrypted…
        $ /register hunter2
        | !! the connection to irc.test is not encrypted…
        ",
    );
}

#[test]
fn a_script_that_could_not_log_in_safely_does_not_begin() {
    check(
        Bench::new(Options { interactive: false, ..with_password() }),
        "
        +plain
        | !! the connection to irc.test is not encrypted…
        ! 2
        ",
    );
}

#[test]
fn a_wrong_password_is_asked_for_again_and_may_be_left_out() {
    let start = "
        +
        < :s CAP * LS :sasl
        < :s CAP * ACK :sasl
        < AUTHENTICATE +
        ";
    let mut bench = Bench::new(with_password());
    bench.feed(start);
    bench.check(
        "
        < :s 904 * :wrong
        | -- not logged in as alice: wrong
        ?? password of alice (empty: go on without)
        ? hunter3
        > AUTHENTICATE PLAIN
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAGh1bnRlcjM=
        < :s 904 * :wrong
        | -- not logged in as alice: wrong
        ?? password of alice (empty: go on without)
        ?
        > CAP END
        ",
    );
    let mut bench = Bench::new(Options { interactive: false, ..with_password() });
    bench.feed(start);
    bench.check(
        "
        < :s 904 * :wrong
        | !! not logged in as alice: wrong
        ! 1
        ",
    );
}

#[test]
fn a_taken_nickname_is_asked_the_password_for_or_replaced() {
    let mut bench = Bench::new(options());
    bench.check(
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS :sasl
        > CAP REQ :sasl
        < :s 433 * alice :Nickname is registered
        < :s CAP * ACK :sasl
        | -- alice is registered; if it is yours, log in
        ?? password of alice (empty: another nickname)
        ?
        | -- alice is taken; trying alice_
        > NICK alice_
        > CAP END
        < :s 433 * alice_ :in use
        | -- alice_ is taken; trying alice__
        > NICK alice__
        < :s 001 alice__ :Welcome
        | [14:02] -- connected to irc.test as alice__
        ",
    );
}

#[test]
fn without_sasl_nickserv_is_told_the_password() {
    check(
        Bench::new(with_password()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s CAP * LS :multi-prefix
        > CAP REQ :multi-prefix
        < :s CAP * ACK :multi-prefix
        > CAP END
        < :s 001 alice :Welcome
        | [14:02] -- connected to irc.test as alice
        < :s 422 alice :no MOTD
        > WHOIS NickServ
        > JOIN #lobby
        > PING settled
        < :s 313 alice NickServ :is a Network Service
        < :s 318 alice NickServ :End of /WHOIS list
        > PRIVMSG NickServ :IDENTIFY hunter2
        ",
    );
}

#[test]
fn a_server_that_does_not_take_us_says_why() {
    check(
        Bench::new(options()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 465 alice :You are banned
        < ERROR :Closing link (banned)
        - closed
        | !! irc.test does not let you in: Closing link (banned)
        ! 1
        ",
    );
    check(
        Bench::new(options()),
        "
        - connection refused
        | !! cannot connect to irc.test: connection refused
        ! 3
        ",
    );
    check(
        Bench::new(options()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 020 * :Please wait while we process your connection
        tick 45000
        > PING there
        tick 45000
        x
        - closed
        | !! cannot connect to irc.test: the server does not answer any more
        ! 3
        ",
    );
    check(
        Bench::new(options()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 432 * alice :Erroneous nickname
        | !! the server does not take this nickname: alice: Erroneous nickname; try chat-client NICK@HOST
        ! 1
        ",
    );
}

#[test]
fn accounts_are_made_by_register_or_by_nickserv() {
    check(
        Bench::online(options()),
        "
        $ /register
        ?? a password for alice
        ? hunter2
        ?? the same once more
        ? hunter3
        | !! the two differ; nothing was registered
        $ /register
        ?? a password for alice
        ? hunter2
        ?? the same once more
        ? hunter2
        > REGISTER * * hunter2
        < :s REGISTER SUCCESS alice :Account created
        | -- alice: Account created
        $ /password
        ?? password of alice
        ? hunter2
        > AUTHENTICATE PLAIN
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAGh1bnRlcjI=
        < :s 904 alice :wrong
        | !! not logged in as alice: wrong
        ",
    );
    check(
        Bench::on_old_server(options()),
        "
        $ /register hunter2
        > WHOIS NickServ
        < :s 311 alice NickServ n services.test * :Services
        < :s 313 alice NickServ :is a Network Service
        < :s 318 alice NickServ :End of /WHOIS list
        > PRIVMSG NickServ :REGISTER hunter2
        $ /password hunter2
        > WHOIS NickServ
        < :s 311 alice NickServ n services.test * :Services
        < :s 313 alice NickServ :is a Network Service
        < :s 318 alice NickServ :End of /WHOIS list
        > PRIVMSG NickServ :IDENTIFY hunter2
        ",
    );
}
