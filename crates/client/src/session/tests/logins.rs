//! Which account is logged in to, through renames, wrong passwords and new connections.

use super::*;

const LOGGED_IN: &str = "
    +
    < :s CAP * LS :sasl
    < :s CAP * ACK :sasl
    < AUTHENTICATE +
    < :s 900 * *!*@* alice :You are now logged in
    < :s 903 * :done
    < :s 001 alice :Welcome
    < :s 422 alice :no MOTD
    < :alice!a@h JOIN #lobby
    < :s PONG s settled
    ";

fn logged_in() -> Bench {
    let mut bench = Bench::new(with_password());
    bench.feed(LOGGED_IN);
    bench
}

/// The account and password with which the next connection logs in, as `account password`.
fn used_next(bench: &mut Bench) -> String {
    bench.feed("- reset\n+\n< :s CAP * LS :sasl\n< :s CAP * ACK :sasl");
    let sent = bench.step("< AUTHENTICATE +");
    let response = sent.iter().find_map(|line| line.strip_prefix("> AUTHENTICATE ")).expect("a login");
    let bytes = BASE64_STANDARD.decode(response).expect("base64");
    String::from_utf8(bytes).expect("text").trim_start_matches('\0').replace('\0', " ")
}

#[test]
fn another_nickname_is_no_other_account() {
    let mut bench = logged_in();
    bench.feed("$ /nick carol\n< :alice!a@h NICK carol");
    bench.check("- reset\n| [14:02] -- the connection is lost…\n~ 1000\n+\n> CAP LS 302\n> NICK carol\n> USER carol 0 * carol");
    assert_eq!(used_next(&mut bench), "alice hunter2");
}

#[test]
fn a_nickname_that_services_force_on_us_is_not_the_one_to_ask_for() {
    let mut bench = logged_in();
    bench.feed("< :alice!a@h NICK Guest12345\n- reset");
    bench.check("+\n> CAP LS 302\n> NICK alice\n> USER alice 0 * alice");
    assert_eq!(used_next(&mut bench), "alice hunter2");
}

#[test]
fn a_wrong_password_does_not_take_the_place_of_the_right_one() {
    let mut bench = logged_in();
    bench.check(
        "
        $ /password typo
        > AUTHENTICATE PLAIN
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAHR5cG8=
        < :s 904 alice :wrong
        | !! not logged in as alice: wrong
        $ /password typo
        > AUTHENTICATE PLAIN
        < :s 907 alice :You are logged in already
        | -- You are logged in already
        ",
    );
    assert_eq!(used_next(&mut bench), "alice hunter2");
}

#[test]
fn nor_that_of_a_new_account() {
    let mut bench = Bench::online(options());
    bench.feed("$ /register hunter2\n< :s REGISTER SUCCESS alice :Account created");
    bench.feed("$ /password typo\n< AUTHENTICATE +\n< :s 904 alice :wrong");
    assert_eq!(used_next(&mut bench), "alice hunter2");
    bench.feed("< :s 903 * :done\n< :s 001 alice :Welcome\n< :s 422 alice :no MOTD\n< :s PONG s settled");
    bench.feed("$ /register other\n< :s FAIL REGISTER ALREADY_AUTHENTICATED alice :You are logged in");
    assert_eq!(used_next(&mut bench), "alice hunter2");
}

#[test]
fn nobody_is_asked_when_a_connection_comes_back_by_itself() {
    let mut bench = logged_in();
    assert_eq!(used_next(&mut bench), "alice hunter2");
    bench.check(
        "
        < :s 904 * :accounts are away
        | !! not logged in as alice: accounts are away
        > CAP END
        ",
    );
    assert_eq!(used_next(&mut bench), "alice hunter2");
}

#[test]
fn a_wrong_password_that_waited_for_the_connection_is_followed_by_the_right_one() {
    let mut bench = logged_in();
    bench.feed("- reset\n$ /password typo\n+\n< :s CAP * LS :sasl\n< :s CAP * ACK :sasl");
    bench.check(
        "
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAHR5cG8=
        < :s 904 * :wrong
        | !! not logged in as alice: wrong
        > AUTHENTICATE PLAIN
        < AUTHENTICATE +
        > AUTHENTICATE AGFsaWNlAGh1bnRlcjI=
        ",
    );
}

#[test]
fn a_question_from_before_holds_no_connection_up() {
    let mut bench = Bench::online(options());
    bench.feed("$ /password\n- reset\n+\n< :s CAP * LS :sasl\n< :s CAP * ACK :sasl");
    bench.check(
        "
        < :s 433 * alice :in use
        | -- alice is taken; trying alice_
        > NICK alice_
        ?
        | -- never mind then
        ",
    );
}

#[test]
fn a_script_speaks_under_its_own_name_or_not_at_all() {
    check(
        Bench::new(script()),
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 433 * alice :in use
        | !! the nickname alice is taken; choose another, chat-client NICK@HOST, or log in with --password-command
        ! 1
        ",
    );
    let mut bench = Bench::new(script());
    bench.feed("$ hi\n+\n< :s 421 * CAP :Unknown command");
    bench.check("< :s 001 alic :Welcome\n| !! the server calls us alic and not alice\n! 1");
    let mut bench = Bench::on_old_server(script());
    bench.check(
        "
        < :alice!a@h NICK Guest12345
        | !! the server calls us Guest12345 and not alice
        ! 1
        ",
    );
    let mut bench = Bench::on_old_server(script());
    bench.feed("- reset\n+\n< :s 421 * CAP :Unknown command");
    // The server may still take the lost connection for alive.
    bench.check(
        "
        < :s 433 * alice :in use
        x
        - closed
        | [14:02] -- the connection is lost (the nickname alice is taken); next try in 2 s, what you type is kept
        ~ 2000
        ",
    );
}

#[test]
fn a_script_waits_for_what_nickserv_says_of_its_password() {
    let identifying = || {
        let mut bench = Bench::new(Options { interactive: false, ..with_password() });
        bench.feed("$ hi\n+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome");
        bench.check("< :s 422 alice :no MOTD\n> WHOIS NickServ");
        bench.feed("< :s 313 alice NickServ :is a Network Service");
        bench.check("< :s 318 alice NickServ :End\n> PRIVMSG NickServ :IDENTIFY hunter2");
        bench.feed("< :NickServ!n@s NOTICE alice :This nickname is registered.");
        bench
    };
    for yes in ["< :NickServ!n@s NOTICE alice :You are now identified for alice.", "< :alice MODE alice :+r"]
    {
        let sent = identifying().step(yes);
        assert_eq!(sent[sent.len() - 2..], ["> JOIN #lobby", "> PING settled"], "{yes}");
    }
    for no in ["< :NickServ!n@s NOTICE alice :Invalid password for alice.", "tick 15000"] {
        let shown = identifying().step(no);
        let [.., reason, exit] = shown.as_slice() else { panic!("{shown:?}") };
        assert!(reason.starts_with("| !! not logged in as alice: NickServ "), "{reason}");
        assert_eq!(exit, "! 1");
    }
}

#[test]
fn whoever_happens_to_be_called_nickserv_is_told_no_password() {
    let refusal = "irc.test does not say that NickServ is a service and not just anybody, so it is \
                   not told the password";
    let mut bench = Bench::on_old_server(options());
    bench.feed("$ /password hunter2\n< :s 311 alice NickServ mallory host * :I am not");
    assert_eq!(bench.step("< :s 318 alice NickServ :End"), [format!("| !! {refusal}")]);
    bench.feed("$ /register hunter2");
    assert_eq!(bench.step("< :s 401 alice NickServ :No such nick"), [format!("| !! {refusal}")]);

    let mut bench = Bench::new(Options { interactive: false, ..with_password() });
    bench.feed("+\n< :s 421 * CAP :Unknown command\n< :s 001 alice :Welcome\n< :s 422 alice :no MOTD");
    let ended = bench.step("< :s 401 alice NickServ :No such nick");
    assert_eq!(ended, [format!("| !! not logged in as alice: {refusal}"), "! 1".to_owned()]);
}

#[test]
fn a_password_typed_too_early_is_kept_unseen() {
    let mut bench = Bench::new(options());
    bench.check(
        "
        $ /register hunter2
        | -- not connected yet; kept and sent later: /register …
        ",
    );
    bench.feed(ONLINE);
    assert!(bench.session.kept.is_empty(), "and done as soon as it can be");
}
