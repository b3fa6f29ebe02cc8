//! Which typed lines have passwords in them. The input history must never see one.

use super::find;

/// What may be sent with `/raw` and kept. Of everything else nobody knows what is in it.
const RAW_VERBS: [&str; 21] = [
    "admin", "away", "info", "invite", "ison", "kick", "list", "lusers", "motd", "names", "notice", "part",
    "ping", "privmsg", "time", "topic", "userhost", "version", "who", "whois", "whowas",
];

/// Whether a line may be kept in the input history, where passwords must never be. It goes to `active` if it is no
/// command.
pub(crate) fn may_be_kept(line: &str, active: Option<&str>) -> bool {
    let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let Some(name) = first.strip_prefix('/') else {
        let target = first.strip_prefix('@').or(active);
        return !target.is_some_and(is_service);
    };
    match find(name) {
        Some(command) if command.secret => false,
        Some(command) if command.name == "raw" => {
            RAW_VERBS.contains(&second.as_str()) && !words.any(|word| is_service(&word))
        }
        Some(command) if command.name == "msg" => !is_service(&second),
        Some(command) if command.name == "join" => words.next().is_none(),
        Some(_) => true,
        // A slip of the finger, or what other clients call it: `/ns identify`, `/login`.
        None => false,
    }
}

/// Where lines go from this one on, if it says so.
pub(crate) fn aims_at(line: &str) -> Option<&str> {
    let (name, target) = line.strip_prefix('/')?.split_once(' ')?;
    let command = find(name).filter(|command| ["to", "join"].contains(&command.name));
    command.and_then(|_| target.split_whitespace().next())
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
            "/raw PRIVMSG NickServ@services.x :IDENTIFY hunter2",
            "/raw privmsg :NickServ IDENTIFY hunter2",
            "/raw AUTH me hunter2",
            "/raw MODE #x +k hunter2",
            "/msg Q@CServe.quakenet.org AUTH me hunter2",
            "@Q@CServe.quakenet.org AUTH me hunter2",
            "/ns identify hunter2",
            "/reg hunter2",
            "/login hunter2",
            "/identify hunter2",
            " /register hunter2",
        ];
        for line in secrets {
            assert!(!may_be_kept(line, None), "{line}");
        }
        for line in ["hi", "/ls", "/msg bob hi", "@bob hi", "/raw WHO #x", "/join #x", "/raw PRIVMSG bob :hi"]
        {
            assert!(may_be_kept(line, Some("#lobby")), "{line}");
        }
    }

    #[test]
    fn nor_is_a_line_that_goes_to_a_service() {
        for (target, kept) in [("NickServ", false), ("Q@CServe.quakenet.org", false), ("bob", true)] {
            assert_eq!(may_be_kept("IDENTIFY hunter2", Some(target)), kept, "{target}");
            assert!(may_be_kept("/ls", Some(target)));
        }
        assert!(may_be_kept("@bob hi", Some("NickServ")));
        assert_eq!(aims_at("/to  NickServ"), Some("NickServ"));
        assert_eq!(aims_at("/msg NickServ hi"), None);
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
