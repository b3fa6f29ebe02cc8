//! Which typed lines have passwords in them. The input history must never see one.

use super::{find, nearest};

/// Whether a line may be kept in the input history, where passwords must never be.
pub(crate) fn may_be_kept(line: &str) -> bool {
    let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let Some(name) = first.strip_prefix('/') else {
        return !first.strip_prefix('@').is_some_and(is_service);
    };
    match find(name) {
        Some(command) if command.secret => false,
        Some(command) if command.name == "raw" => raw_may_be_kept(line, &second),
        Some(command) if command.name == "msg" => !is_service(&second),
        Some(command) if command.name == "join" => words.next().is_none(),
        Some(_) => true,
        // A slip of the finger in `/password` must not give it away.
        None => !nearest(name).is_some_and(|command| command.secret),
    }
}

/// Whether somebody is a service that is told passwords: `NickServ`, or where it is named in full,
/// `NickServ@services.example`, and `Q@CServe.quakenet.org`.
pub(crate) fn is_service(name: &str) -> bool {
    let name = name.trim_start_matches(':').trim_end_matches([':', ',']);
    // Nothing but a service is called by its server's name.
    let at_server = name.split_once('@').is_some_and(|(nick, server)| !nick.is_empty() && !server.is_empty());
    at_server || name.to_ascii_lowercase().ends_with("serv")
}

/// Whether a line is a command that will ask for a password.
pub(crate) fn asks_for_secret(line: &str) -> bool {
    let name = line.trim().strip_prefix('/');
    name.and_then(find).is_some_and(|command| command.secret)
}

fn raw_may_be_kept(line: &str, verb: &str) -> bool {
    let service = line.split_whitespace().skip(2).any(is_service);
    let verbs = ["pass", "authenticate", "oper", "register", "identify", "ns", "nickserv", "verify"];
    !verbs.contains(&verb) && !service
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
        ];
        for line in secrets {
            assert!(!may_be_kept(line), "{line}");
        }
        for line in ["hi", "/ls", "/msg bob hi", "@bob hi", "/raw WHO #x", "/join #x", "/foo"] {
            assert!(may_be_kept(line), "{line}");
        }
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
