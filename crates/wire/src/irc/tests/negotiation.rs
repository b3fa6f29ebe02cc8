//! CAP, SASL, USER, labels on what the face answers itself.

use std::sync::Arc;

use chat_model::call::Call;
use chat_model::event::Event;
use chat_model::invitation::Registration;
use chat_model::refusal::Refusal;
use chat_model::reply::{IrcReply, Reply};
use chat_model::sent::Sent;

use super::{Client, In, check, context, nick, said, who};
use crate::{Accepted, Context, Frame};
use In::Line;

const OFFERED: &str = ":chat.test CAP * LS :account-notify account-tag away-notify batch cap-notify echo-message \
    extended-join invite-notify labeled-response message-tags multi-prefix sasl server-time setname \
    standard-replies userhost-in-names draft/account-registration draft/chathistory";

#[test]
fn capabilities_are_listed_asked_for_and_given_back() {
    check(
        Client::new(),
        vec![
            (Line("CAP LS"), &[OFFERED]),
            (Line("CAP LIST"), &[":chat.test CAP * LIST :"]),
            (
                Line("CAP REQ :multi-prefix userhost-in-names"),
                &[":chat.test CAP * ACK :multi-prefix userhost-in-names"],
            ),
            (Line("CAP LIST"), &[":chat.test CAP * LIST :multi-prefix userhost-in-names"]),
            (
                Line("CAP REQ :server-time no-such-thing"),
                &[":chat.test CAP * NAK :server-time no-such-thing"],
            ),
            (Line("cap req -multi-prefix"), &[":chat.test CAP * ACK :-multi-prefix"]),
            (Line("CAP LIST"), &[":chat.test CAP * LIST :userhost-in-names"]),
            (
                Line("CAP NONSENSE"),
                &[":chat.test 410 * NONSENSE :No such CAP subcommand; there are LS, LIST, REQ and END"],
            ),
        ],
    );
}

#[test]
fn the_list_fits_one_line_also_for_long_names() {
    let mut client = Client::new();
    client.cx.server = "s".repeat(63).into();
    client.play(In::Reply(IrcReply::YouAre { who: who(&"n".repeat(32)) }.into()));
    assert!(client.play(Line("CAP LS"))[0].ends_with(" draft/chathistory"));
}

#[test]
fn version_302_brings_values_and_notifications_that_stay() {
    let with_values = OFFERED.replace(" sasl ", " sasl=PLAIN ");
    check(
        Client::new(),
        vec![
            (Line("CAP LS 302"), &[&with_values]),
            (Line("CAP LIST"), &[":chat.test CAP * LIST :cap-notify"]),
            (Line("CAP REQ -cap-notify"), &[":chat.test CAP * NAK :-cap-notify"]),
        ],
    );
    check(Client::new(), vec![(Line("CAP LS 301"), &[OFFERED])]);
}

#[test]
fn user_waits_for_the_end_of_negotiation() {
    check(
        Client::new(),
        vec![
            (Line("PASS secret"), &["call PASS <secret>"]),
            (Line("CAP LS 302"), &[&OFFERED.replace(" sasl ", " sasl=PLAIN ")]),
            (Line("NICK me"), &["call NICK <me>"]),
            (Line("USER u@x! 0 * :My Name"), &[]),
            (Line("CAP END"), &["call USER <u@x!> <My Name>"]),
            (Line("CAP END"), &[]),
        ],
    );
    check(
        Client::new(),
        vec![
            (
                Line("USER u 0 * :"),
                &[":chat.test 461 * USER :Not enough parameters: USER username 0 * :your name"],
            ),
            (
                Line("USER u 0 *"),
                &[":chat.test 461 * USER :Not enough parameters: USER username 0 * :your name"],
            ),
            (Line("USER @ 0 * x"), &["call USER <@> <x>"]),
            (Line("USER u 0 ::1 :My Name"), &["call USER <u> <My Name>"]),
        ],
    );
}

#[test]
fn chathistory_tells_the_engine_that_the_client_asks_itself() {
    let mut client = Client::with("server-time");
    for (request, knows) in [("draft/chathistory", true), ("batch", true), ("-draft/chathistory", false)] {
        let mut accepted = Accepted::default();
        let request = Frame::Call(Call::new("CAP", &["REQ", request]));
        client.session.accept(request, &client.cx, &mut accepted);
        let found = accepted.sent.iter().find_map(|sent| match sent {
            Sent::View { knows_history, .. } => Some(*knows_history),
            _ => None,
        });
        assert_eq!(found, Some(knows));
    }
}

#[test]
fn a_capability_counts_from_its_answer_on() {
    let own = || In::Own(Event::Message(Arc::new(said(who("me"), "#a", "hi"))));
    let mut client = Client::with("echo-message");
    let request = Frame::Call(Call::new("CAP", &["REQ", "-echo-message server-time"]));
    let mut accepted = Accepted::default();
    client.session.accept(request, &client.cx, &mut accepted);
    let before = client.play(own());
    assert_eq!(before, [":me!u@h PRIVMSG #a :hi"], "what was sent before is answered as before");
    accepted.sent.into_iter().for_each(|sent| drop(client.take(sent)));
    assert!(client.play(own()).is_empty());
}

#[test]
fn a_reload_announces_what_came_and_went() {
    let (open, mut closed) = (context(), context());
    closed.registration = Registration::Closed;
    let changed = |client: &mut Client, old, new| {
        let mut out = Vec::new();
        client.session.context_changed(old, new, &mut out);
        super::lines(&out)
    };
    let mut client = Client::with("cap-notify draft/account-registration");
    assert_eq!(changed(&mut client, &open, &open), [""; 0]);
    assert_eq!(changed(&mut client, &open, &closed), [":chat.test CAP me DEL :draft/account-registration"]);
    assert_eq!(client.play(Line("CAP LIST")), [":chat.test CAP me LIST :cap-notify"]);
    assert_eq!(changed(&mut client, &closed, &open), [":chat.test CAP me NEW :draft/account-registration"]);
    let mut unaware = Client::with("server-time");
    assert_eq!(changed(&mut unaware, &open, &closed), [""; 0]);
    let longer = Context { chathistory_max: 17, ..context() };
    let tokens = [":chat.test 005 me CHATHISTORY=17 :are supported by this server"];
    assert_eq!(changed(&mut unaware, &open, &longer), tokens);
    assert_eq!(changed(&mut Client::new(), &open, &longer), [""; 0], "who is not in yet is told later");
}

fn logged_in() -> In {
    let account = nick("jilles").to_account();
    In::Reply(Reply::LoggedIn { account, mask: "*!*@h".into(), made: false })
}

fn refused() -> In {
    In::Reply(Reply::Refused { verb: "LOGIN".into(), refusal: Refusal::LoginFailed })
}

#[test]
fn sasl_plain_logs_in_and_may_be_tried_again() {
    let blob = "AUTHENTICATE amlsbGVzAGppbGxlcwBzZXNhbWU=";
    check(
        Client::new(),
        vec![
            (Line("AUTHENTICATE PLAIN"), &["AUTHENTICATE +"]),
            (Line(blob), &["call LOGIN <jilles> <sesame>"]),
            (
                refused(),
                &[
                    ":chat.test 904 * :SASL authentication failed: The nickname and the password do not fit together; try again",
                ],
            ),
            (Line("AUTHENTICATE PLAIN"), &["AUTHENTICATE +"]),
            (Line(blob), &["call LOGIN <jilles> <sesame>"]),
            (
                logged_in(),
                &[
                    ":chat.test 900 * *!*@h jilles :You are now logged in as jilles",
                    ":chat.test 903 * :SASL authentication successful",
                ],
            ),
            // Without SASL, by PASS or NickServ, there is no 903.
            (logged_in(), &[":chat.test 900 * *!*@h jilles :You are now logged in as jilles"]),
            (
                refused(),
                &[
                    ":NickServ!NickServ@chat.test NOTICE * :The nickname and the password do not fit together; try again",
                ],
            ),
        ],
    );
}

#[test]
fn what_is_wrong_with_sasl_is_said() {
    check(
        Client::new(),
        vec![
            (
                Line("AUTHENTICATE"),
                &[":chat.test 461 * AUTHENTICATE :Not enough parameters: AUTHENTICATE PLAIN"],
            ),
            (
                Line("AUTHENTICATE EXTERNAL"),
                &[
                    ":chat.test 908 * PLAIN :are available SASL mechanisms",
                    ":chat.test 904 * :SASL authentication failed: use the mechanism PLAIN",
                ],
            ),
            (Line("AUTHENTICATE PLAIN"), &["AUTHENTICATE +"]),
            (Line("AUTHENTICATE *"), &[":chat.test 906 * :SASL authentication aborted"]),
            (Line("AUTHENTICATE PLAIN"), &["AUTHENTICATE +"]),
            (Line("AUTHENTICATE !!!"), &[":chat.test 904 * :SASL authentication failed: that is not base64"]),
            (Line("CAP REQ sasl"), &[":chat.test CAP * ACK :sasl"]),
            (Line("AUTHENTICATE PLAIN"), &["AUTHENTICATE +"]),
            (Line("NICK me"), &["call NICK <me>"]),
            (Line("CAP END"), &[":chat.test 906 * :SASL authentication aborted by CAP END"]),
            (Line("USER u 0 * x"), &["call USER <u> <x>"]),
        ],
    );
}

#[test]
fn labels_and_client_tags_count_only_for_those_who_asked() {
    check(
        Client::with("cap-notify"),
        vec![
            (Line("@label=x;+a=b PRIVMSG #c hi"), &["call PRIVMSG <#c> <hi>"]),
            (
                Line("CAP REQ :batch labeled-response message-tags"),
                &[":chat.test CAP me ACK :batch labeled-response message-tags"],
            ),
            (
                Line("@label=x;+a=b;time=now;+c=;+d\\:e=f :me PRIVMSG #c :hi there"),
                &["call PRIVMSG <#c> <hi there> label=x tags=+a=b;+c"],
            ),
            (
                Line("@label=a\\sb CAP LIST"),
                &["@label=a\\sb :chat.test CAP me LIST :batch cap-notify labeled-response message-tags"],
            ),
            (Line("@label=y CAP END"), &["@label=y :chat.test ACK"]),
            (
                Line("@label=z AUTHENTICATE EXTERNAL"),
                &[
                    "@label=z :chat.test BATCH +b3 labeled-response",
                    "@batch=b3 :chat.test 908 me PLAIN :are available SASL mechanisms",
                    "@batch=b3 :chat.test 904 me :SASL authentication failed: use the mechanism PLAIN",
                    ":chat.test BATCH -b3",
                ],
            ),
        ],
    );
}
