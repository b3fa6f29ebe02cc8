//! Lines: where they are cut, and which of them are none.

use super::Client;

const TOO_LONG: &str = ":chat.test 417 * :Input line was too long: at most 512 bytes";
const TAGS_TOO_LONG: &str = ":chat.test 417 * :Input line was too long: at most 4096 bytes";

fn check(bytes: &[u8], expected: &[&str]) {
    assert_eq!(Client::new().send(bytes), expected, "whole");
    let mut client = Client::new();
    let said: Vec<_> = bytes.chunks(1).flat_map(|byte| client.send(byte)).collect();
    assert_eq!(said, expected, "byte by byte");
}

#[test]
fn lines_end_in_lf_or_crlf_and_empty_ones_are_nothing() {
    check(
        b"PING a\nPING b\r\n\r\n\n  \r\nPING :c d\r\nPING",
        &["call PING <a>", "call PING <b>", "call PING <c d>"],
    );
    check("PRIVMSG #ü :😃\r\n".as_bytes(), &["call PRIVMSG <#ü> <😃>"]);
    check(b":me!u@h  TOPIC  #a   :\r\n", &["call TOPIC <#a> <>"]);
    check(b":onlysource\r\n@onlytags\r\n", &[]);
}

#[test]
fn the_fifteenth_parameter_is_the_rest() {
    check(
        b"X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\r\n",
        &["call X <1> <2> <3> <4> <5> <6> <7> <8> <9> <10> <11> <12> <13> <14> <15 16>"],
    );
}

#[test]
fn a_line_over_the_limit_is_refused_and_the_next_one_read() {
    let line = |length: usize| format!("PING {}\r\n", "a".repeat(length - "PING \r\n".len()));
    let fits = format!("call PING <{}>", "a".repeat(505));
    check(line(512).as_bytes(), &[&fits]);
    check(format!("{}PING b\r\n", line(513)).as_bytes(), &[TOO_LONG, "call PING <b>"]);
    check(format!("{}PING b\r\n", line(9000)).as_bytes(), &[TOO_LONG, "call PING <b>"]);
}

#[test]
fn tags_have_a_limit_of_their_own() {
    let line = |tags: usize| format!("@+a={} PING {}\r\n", "b".repeat(tags - "@+a= ".len()), "a".repeat(505));
    let fits = format!("call PING <{}>", "a".repeat(505));
    check(line(4096).as_bytes(), &[&fits]);
    check(format!("{}PING b\r\n", line(4097)).as_bytes(), &[TAGS_TOO_LONG, "call PING <b>"]);
}

#[test]
fn without_any_end_the_connection_is_closed() {
    let start = [b'a'; 16 * 1024 - 1];
    assert_eq!(Client::new().send(&start), [""; 0]);
    check(&[b'a'; 16 * 1024], &[TOO_LONG, "close: LineTooLong"]);
}

#[test]
fn nothing_is_kept_when_nothing_is_pending() {
    let mut client = Client::new();
    client.send(b"PI");
    client.send(b"NG a\r\n");
    assert_eq!(format!("{:?}", client.framer), "Framer { pending_bytes: 0, .. }");
    client.send(b"PASS secret");
    assert!(!format!("{:?}", client.framer).contains("secret"));
}

#[test]
fn what_is_not_text_is_refused() {
    let utf8 = ":chat.test FAIL PRIVMSG INVALID_UTF8 :Message rejected: this server speaks UTF-8 only; set your client to it";
    check(b"PRIVMSG #a :caf\xe9\r\nPING a\r\n", &[utf8, "call PING <a>"]);
    let nul = ":chat.test 400 * PRIVMSG :NUL is not what was expected: a line with neither NUL nor CR in it";
    check(b"PRIVMSG #a :a\0b\r\n", &[nul]);
    assert_eq!(Client::new().send(b"PRIVMSG #a :a\rQUIT\r\n").len(), 1);
    let mut client = Client::with("batch labeled-response");
    let said = client.send(b"@label=xyz privmsg #a :caf\xe9\r\n");
    assert_eq!(said, [format!("@label=xyz {utf8}")]);
    assert!(
        client.send(b"@label=xyz \xe9\r\n")[0].starts_with("@label=xyz :chat.test FAIL * INVALID_UTF8 :")
    );
}
