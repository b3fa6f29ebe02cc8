//! Lines: where they are cut, and which of them are none.

use chat_model::limits::CLIENT_TAGS_BYTES_MAX;

use super::Client;

const TOO_LONG: &str = ":chat.test 417 * :That was longer than 512 bytes and was not read; send less at once";
const TAGS_TOO_LONG: &str =
    ":chat.test 417 * :That was longer than 4096 bytes and was not read; send less at once";

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
fn a_line_has_as_many_parameters_as_fit_into_it() {
    check(
        b"X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17 18\r\n",
        &["call X <1> <2> <3> <4> <5> <6> <7> <8> <9> <10> <11> <12> <13> <14> <15> <16> <17 18>"],
    );
    check(format!("X{}\r\n", " y".repeat(254)).as_bytes(), &[&format!("call X{}", " <y>".repeat(254))]);
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
fn a_line_over_the_limit_is_refused_with_its_label() {
    let bytes = |tags: &str, length: usize| format!("@{tags} PING {}\r\n", "a".repeat(length)).into_bytes();
    let [too_long, tags_too_long] = [TOO_LONG, TAGS_TOO_LONG].map(|line| line.replace(" * ", " me "));
    let labelled = format!("@label=xyz {too_long}");
    let long = "b".repeat(CLIENT_TAGS_BYTES_MAX);
    let cases = [
        (bytes("label=xyz", 510), &labelled),
        (bytes("+a=b;label=xyz", 9000), &labelled),
        (bytes("label=", 9000), &too_long),
        (bytes(&format!("label=xyz;+a={long}"), 1), &tags_too_long),
        (bytes(&format!("label=xyz;+a={long}"), 9000), &tags_too_long),
    ];
    for (bytes, expected) in cases {
        assert_eq!(Client::with("batch labeled-response").send(&bytes), [expected.as_str()]);
        let mut client = Client::with("batch labeled-response");
        let said: Vec<_> = bytes.chunks(7).flat_map(|bytes| client.send(bytes)).collect();
        assert_eq!(said, [expected.as_str()]);
    }
}

#[test]
fn of_client_tags_with_one_key_the_last_counts() {
    let mut client = Client::with("message-tags");
    let said = client.send(b"@+a=1;+b=2;msgid=x;+a=3;+b;+a=4 TAGMSG #a\r\n");
    assert_eq!(said, ["call TAGMSG <#a> tags=+b;+a=4"]);
}

#[test]
fn without_any_end_the_connection_is_closed() {
    let start = [b'a'; 16 * 1024 - 1];
    assert_eq!(Client::new().send(&start), [""; 0]);
    check(&[b'a'; 16 * 1024], &["close: LineTooLong { bytes_max: 16384 }"]);
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
    let utf8 = ":chat.test FAIL PRIVMSG INVALID_UTF8 :That was not UTF-8 and was not read; set your terminal or program to UTF-8";
    check(b"PRIVMSG #a :caf\xe9\r\nPING a\r\n", &[utf8, "call PING <a>"]);
    let nul = ":chat.test 400 * PRIVMSG :There was a NUL in that, so it was not read; leave it out";
    check(b"PRIVMSG #a :a\0b\r\n", &[nul]);
    assert_eq!(Client::new().send(b"PRIVMSG #a :a\rQUIT\r\n").len(), 1);
    let mut client = Client::with("batch labeled-response");
    let said = client.send(b"@label=xyz privmsg #a :caf\xe9\r\n");
    assert_eq!(said, [format!("@label=xyz {utf8}")]);
    assert!(
        client.send(b"@label=xyz \xe9\r\n")[0].starts_with("@label=xyz :chat.test FAIL * INVALID_UTF8 :")
    );
}

/// Numbers that look random and are the same in every run (a linear congruential generator).
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 42_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

#[test]
fn strange_bytes_mean_the_same_however_the_network_cuts_them() {
    let mut below = numbers();
    let parts: [&[u8]; 16] = [
        b"@",
        b"+a=b;",
        b"label=x",
        b" ",
        b":",
        b"PRIVMSG",
        b"#a",
        b"\r",
        b"\n",
        b"\0",
        b"\xff",
        "\u{1f603}".as_bytes(),
        b"CAP LS 302",
        b"AUTHENTICATE PLAIN",
        b"USER",
        b"\r\n",
    ];
    for _ in 0..300 {
        let bytes: Vec<u8> = (0..40).flat_map(|_| parts[below(parts.len())]).copied().collect();
        let whole = Client::with("batch labeled-response message-tags").send(&bytes);
        let mut client = Client::with("batch labeled-response message-tags");
        let mut cut = Vec::new();
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(1 + below(rest.len().min(7)));
            cut.extend(client.send(now));
            rest = later;
        }
        assert_eq!(cut, whole, "{:?}", String::from_utf8_lossy(&bytes));
    }
}
