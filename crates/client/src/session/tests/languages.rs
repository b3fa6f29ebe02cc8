//! The languages of the client, and that it asks the server for the same.

use super::{Bench, Options, check, options};
use chat_model::language::Language;

#[test]
fn who_reads_chinese_is_told_everything_in_it() {
    let mut bench = Bench::new(Options { language: Some(Language::Chinese), ..options() });
    bench.text.language = Language::Chinese;
    check(
        bench,
        "
        +
        > CAP LS 302
        > NICK alice
        > USER alice 0 * alice
        < :s 001 alice :Welcome
        | [14:02] -- 已连接 irc.test，昵称 alice
        < :s 005 alice LANGUAGE=2,en,zh :are supported
        < :s 422 alice :no MOTD
        > LANG zh session
        > JOIN #lobby
        > PING settled
        < :s NOTE LANG LANGUAGE_CHANGED zh :从现在起使用中文。
        < :alice!a@h JOIN #lobby
        < :s 353 alice = #lobby :alice bob
        < :s 366 alice #lobby :/NAMES 结束
        | -- 你在 #lobby，这里有 2 人（/ls）
        < :s PONG s settled
        | -- 当前聊天：#lobby
        < :bob!b@h QUIT :退出
        | [14:02] -- bob 走了（退出）
        $ @bob
        | !! 私聊写作 @昵称 内容
        $ /nonsense
        | !! 没有 /nonsense（用 /help 看有哪些）
        $ /help topic
        | --   /topic [#频道] [内容]              查看频道主题；写上内容则更改
        $ /to
        | !! 写法是 /to #频道 | 昵称
        ",
    );
}

#[test]
fn a_language_can_be_chosen_at_any_time() {
    let mut bench = Bench::online(options());
    bench.feed("< :s 005 alice LANGUAGE=2,en,zh :are supported");
    check(
        bench,
        "
        $ /lang
        | -- this is English; there are en (English), zh (中文)
        $ /lang tlh
        | !! tlh is not spoken here; there are en (English), zh (中文)
        $ /lang zh
        > LANG zh
        | -- 从现在起使用中文
        $ /lang
        | -- 现在是中文，可选：en（English）、zh（中文）
        < :bob!b@h PART #lobby
        | [14:02] -- bob 离开了 #lobby
        $ /lang en
        > LANG en
        | -- from now on in English
        ",
    );
}

#[test]
fn a_language_is_asked_for_where_one_was_chosen() {
    let welcome = |asked: &str| {
        format!(
            "
            +
            > CAP LS 302
            > NICK alice
            > USER alice 0 * alice
            < :s 001 alice :Welcome
            | [14:02] -- connected to irc.test as alice
            < :s 005 alice LANGUAGE=2,en,zh :are supported
            < :s 422 alice :no MOTD
            {asked}
            > JOIN #lobby
            > PING settled
            "
        )
    };
    // The server, or the account there, may speak another one than this program does by itself.
    let english = Bench::new(Options { language: Some(Language::English), ..options() });
    check(english, &welcome("> LANG en session"));
    let none = Bench::new(options());
    check(none, &welcome(""));
}

#[test]
fn a_server_with_one_language_is_not_asked_for_another() {
    let bench = Bench::on_old_server(options());
    check(
        bench,
        "
        $ /lang zh
        | -- 从现在起使用中文
        ",
    );
}
