//! Accounts by invitation.

use super::{Bench, check, options};

#[test]
fn a_code_behind_the_password_goes_where_the_server_looks_for_it() {
    check(
        Bench::online(options()),
        "
        $ /register two words 7k3m-9qxa-2bcd
        > REGISTER * 7K3M-9QXA-2BCD :two words
        < :s FAIL REGISTER INVITATION_REQUIRED * :A new account needs an invitation code
        | !! A new account needs an invitation code
        $ /register two words
        > REGISTER * * :two words
        ",
    );
    check(
        Bench::on_old_server(options()),
        "
        $ /register hunter2 7K3M-9QXA-2BCD
        > WHOIS NickServ
        < :s 311 alice NickServ n services.test * :Services
        < :s 313 alice NickServ :is a Network Service
        < :s 318 alice NickServ :End of /WHOIS list
        > PRIVMSG NickServ :REGISTER hunter2 7K3M-9QXA-2BCD
        $ /password hunter2
        > WHOIS NickServ
        < :s 311 alice NickServ n services.test * :Services
        < :s 313 alice NickServ :is a Network Service
        < :s 318 alice NickServ :End of /WHOIS list
        > PRIVMSG NickServ :IDENTIFY hunter2
        ",
    );
}
