//! Which typed lines have passwords in them. The input history must never see one.

use super::find;

/// Whether a line that was typed to `active` may be kept in the input history, where passwords must never be.
pub(crate) fn may_be_kept(line: &str, active: Option<&str>) -> bool {
    let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    if let Some(nick) = first.strip_prefix('@') {
        return !is_service(nick);
    }
    let Some(name) = first.strip_prefix('/') else { return !active.is_some_and(is_service) };
    match find(name) {
        Some(command) if command.secret => false,
        Some(command) if command.name == "raw" => raw_may_be_kept(line, &second),
        Some(command) if matches!(command.name, "msg" | "me") => {
            !is_service(&second) && !active.is_some_and(is_service)
        }
        Some(command) if command.name == "join" => words.next().is_none(),
        Some(_) => true,
        // It may be `/identify` of another client, or a slip of the finger in `/password`.
        None => second.is_empty(),
    }
}

/// Whether this is one of those whom people tell their passwords: `NickServ`, `Q@CServe.example.net`.
pub(in super::super) fn is_service(target: &str) -> bool {
    let name = target.trim_end_matches([':', ',']).to_ascii_lowercase();
    // `@#channel` is a channel's operators.
    name.ends_with("serv") || (name.contains('@') && !name.contains(['#', '&']))
}

/// Whether a line is a command that will ask for a password.
pub(crate) fn asks_for_secret(line: &str) -> bool {
    let name = line.trim().strip_prefix('/');
    name.and_then(find).is_some_and(|command| command.secret)
}

fn raw_may_be_kept(line: &str, verb: &str) -> bool {
    let verbs = ["pass", "authenticate", "oper", "register", "identify", "ns", "nickserv", "verify"];
    !verbs.contains(&verb) && !line.split_whitespace().skip(2).any(is_service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_with_a_password_is_kept() {
        let secrets = [
            "/password hunter2",
            "/register hunter2",
            "/PASSWORD hunter2",
            "/passwrod hunter2",
            "/raw PASS hunter2",
            "/raw authenticate aHVudGVyMg==",
            "/raw OPER root hunter2",
            "/raw PRIVMSG NickServ :IDENTIFY hunter2",
            "/raw NS IDENTIFY hunter2",
            "/msg NickServ IDENTIFY hunter2",
            "/m nickserv identify hunter2",
            "@NickServ identify hunter2",
            "@nickserv: identify hunter2",
            "/join #secret hunter2",
            "/msg Q@CServe.quakenet.org AUTH me hunter2",
            "/raw PRIVMSG NickServ@services.x :IDENTIFY hunter2",
            "/ns identify hunter2",
            "/identify hunter2",
            "/reg hunter2",
        ];
        for line in secrets {
            assert!(!may_be_kept(line, Some("#lobby")), "{line}");
        }
        for line in ["hi", "/ls", "/msg bob hi", "@bob hi", "/raw WHO #x", "/join #x", "/foo"] {
            assert!(may_be_kept(line, Some("#lobby")), "{line}");
        }
        assert!(!may_be_kept("identify hunter2", Some("NickServ")));
        assert!(may_be_kept("/to #lobby", Some("NickServ")));
        assert!(may_be_kept("/msg @#lobby hi", None));
    }

    #[test]
    fn a_command_that_asks_is_known_before_it_does() {
        for line in ["/password", "/register ", "/PASSWORD"] {
            assert!(asks_for_secret(line), "{line}");
        }
        for line in ["password", "/password hunter2", "/ls", "/"] {
            assert!(!asks_for_secret(line), "{line}");
        }
    }
}
