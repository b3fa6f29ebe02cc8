//! How nicknames look: which a reader could take for another one (Unicode TR 39), and which nobody may have because they
//! would look like the server speaking.

use crate::name::{Nick, fold};

/// Names that stand for the server or whoever runs it. Nor is anybody called like a service, see [`SERVICE_ENDING`].
const RESERVED: [&str; 10] = [
    "server",
    "system",
    "service",
    "services",
    "network",
    "global",
    "root",
    "admin",
    "administrator",
    "operator",
];

/// What the names of services end with on every network: NickServ, ChanServ, MemoServ, OperServ, SaslServ, HostServ …
const SERVICE_ENDING: &str = "serv";

impl Nick {
    /// What names look like: those that share one of these could be mistaken for each other. A capital may look like a
    /// letter that its small form does not, so the spelling that is shown counts as well as the one that is compared.
    pub fn looks(&self) -> [String; 2] {
        let shown = skeleton(self.as_str());
        [skeleton(self.folded()), skeleton(&fold(&shown))]
    }

    /// Whether a reader could take one for the other. Plain ASCII names never look alike here: `modern`
    /// and `modem` are two words that people do tell apart, and have, on IRC, for decades.
    pub fn looks_like(&self, other: &Nick) -> bool {
        let foreign = !self.folded().is_ascii() || !other.folded().is_ascii();
        foreign && self != other && {
            let others = other.looks();
            self.looks().iter().any(|look| others.contains(look))
        }
    }

    /// Whether it is, or looks like, a name that nobody may have.
    pub fn is_reserved(&self) -> bool {
        let name = self.folded();
        if name.is_ascii() {
            return RESERVED.contains(&name) || name.ends_with(SERVICE_ENDING);
        }
        let looks = self.looks();
        let is_like = |name: &str| looks.contains(&skeleton(name));
        let ending = skeleton(SERVICE_ENDING);
        RESERVED.into_iter().any(is_like) || looks.iter().any(|look| look.ends_with(&ending))
    }
}

fn skeleton(text: &str) -> String {
    unicode_security::skeleton(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nick(text: &str) -> Nick {
        Nick::new(text).expect(text)
    }

    #[test]
    fn look_alikes_are_told_across_scripts_only() {
        assert!(nick("paypal").looks_like(&nick("раураl")));
        for (one, other) in [("modern", "modem"), ("Ivan", "lvan"), ("Carl", "Car1"), ("Carl", "CarI")] {
            assert!(!nick(one).looks_like(&nick(other)), "{one} {other}");
        }
        assert!(!nick("zoë").looks_like(&nick("zoe")));
    }

    #[test]
    fn a_capital_of_another_script_looks_like_the_latin_one() {
        let cases = [
            ("Аnn", "Ann"),
            ("Вob", "Bob"),
            ("Еve", "Eve"),
            ("Ѕam", "Sam"),
            ("Іvan", "Ivan"),
            ("Јim", "Jim"),
            ("Кate", "Kate"),
            ("Мary", "Mary"),
            ("Нans", "Hans"),
            ("Оtto", "Otto"),
            ("Рaul", "Paul"),
            ("Сarl", "Carl"),
            ("Тom", "Tom"),
            ("Хena", "Xena"),
            ("Αnn", "Ann"),
            ("Βob", "Bob"),
            ("Εve", "Eve"),
            ("Ζoe", "Zoe"),
            ("Ηans", "Hans"),
            ("Ιvan", "Ivan"),
            ("Κate", "Kate"),
            ("Μary", "Mary"),
            ("Νick", "Nick"),
            ("Οtto", "Otto"),
            ("Ρaul", "Paul"),
            ("Τom", "Tom"),
            ("Υves", "Yves"),
            ("Ꭺlice", "Alice"),
            ("ΤΟΜ", "tom"),
        ];
        for (foreign, latin) in cases {
            for latin in [latin, &latin.to_lowercase(), &latin.to_uppercase()] {
                assert!(nick(foreign).looks_like(&nick(latin)), "{foreign} {latin}");
                assert!(nick(latin).looks_like(&nick(foreign)), "{latin} {foreign}");
            }
        }
    }

    #[test]
    fn names_of_the_server_and_its_services_are_nobodys() {
        let services = [
            "NickServ",
            "chanserv",
            "MemoServ",
            "OPERSERV",
            "SaslServ",
            "HostServ",
            "BotServ",
            "ＨｅｌｐＳｅｒｖ",
        ];
        let servers =
            ["server", "System", "services", "Global", "root", "admin", "Administrator", "operator"];
        let foreign = ["NiсkServ", "МemoServ", "ЅaslServ", "ΑDMIN", "аdmin", "rооt", "ＡＤＭＩＮ"];
        for text in services.into_iter().chain(servers).chain(foreign) {
            assert!(nick(text).is_reserved(), "{text}");
        }
        for text in ["nick", "servant", "serving", "rooster", "admiral", "zoë", "админ"] {
            assert!(!nick(text).is_reserved(), "{text}");
        }
    }
}
