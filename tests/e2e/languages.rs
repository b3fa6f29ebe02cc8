//! The three programs for somebody who reads Chinese, and whose environment says so.

use std::process::Command;

use crate::harness::{
    Config, Finished, IrcClient, PlainClient, Server, admin_command, admin_with_input, run, server_path,
};
use crate::scripts;

/// Runs a program in the environment of somebody who reads Chinese.
fn in_chinese(mut command: Command, input: &str) -> Finished {
    command.env("LC_ALL", "zh_CN.UTF-8");
    run(command, input)
}

#[test]
fn chat_admin_speaks_chinese() {
    let server = Server::start();
    let _alice = IrcClient::guest(server.irc(), "alice", "");
    let list = in_chinese(admin_command(&server, &["list"]), "").expect_status(0).stdout;
    let heading = list.lines().next().expect("a heading");
    assert_eq!(heading.split_whitespace().take(3).collect::<Vec<_>>(), ["昵称", "账号", "地址"], "{list}");
    assert!(list.contains("（访客）") && list.contains("1 个用户"), "{list}");
    let refused = in_chinese(admin_command(&server, &["kick", "nobody"]), "").expect_status(1).stderr;
    // The first line is the server's, the second one the program's own.
    assert!(refused.contains("这里没有叫 nobody 的人") && refused.contains("提示："), "{refused}");
    let help = in_chinese(admin_command(&server, &["help", "kick"]), "").expect_status(0).stdout;
    assert!(help.contains("用法: chat-admin kick [选项] <昵称> [理由]..."), "{help}");
    let wrong = in_chinese(admin_command(&server, &["kikc"]), "").expect_status(2).stderr;
    assert!(wrong.contains("没有 kikc 这个命令") && wrong.contains("是不是 kick"), "{wrong}");
    let chosen = admin_command(&server, &["--lang", "en", "kick", "nobody"]);
    let chosen = in_chinese(chosen, "").expect_status(1).stderr;
    assert!(chosen.contains("Nobody here is called nobody"), "what is typed goes first: {chosen}");
}

#[test]
fn chat_client_speaks_chinese() {
    let server = Server::start();
    let target = format!("script@{}", server.irc());
    let command = |arguments: &[&str]| scripts::command(&server, arguments);
    let refused = in_chinese(command(&[&target]), "@nobody psst\n/zork\n").expect_status(1).stderr;
    assert!(refused.contains("这里没有叫 nobody 的人") && refused.contains("没有 /zork"), "{refused}");
    let help = in_chinese(command(&["--help"]), "").expect_status(0).stdout;
    assert!(help.contains("用法: chat-client [选项] [服务器] [#频道]"), "{help}");
    let wrong = in_chinese(command(&["script@host:0"]), "").expect_status(2).stderr;
    assert!(wrong.contains("端口是 1 到 65535 的数字"), "{wrong}");
    let nobody = in_chinese(command(&["script@127.0.0.1:1"]), "hi\n").expect_status(3).stderr;
    assert!(nobody.contains("连接被拒绝"), "{nobody}");
}

#[test]
fn chat_server_speaks_chinese_to_all_who_choose_nothing() {
    let server = Server::with(Config { server: "language = \"zh\"".into(), ..Config::default() });
    let mut bob = PlainClient::raw(server.plain(), "bob");
    bob.send("bob");
    bob.expect("欢迎来到");
    let target = format!("script@{}", server.irc());
    let command = || scripts::command(&server, &[&target]);
    let said = |environment: &str| {
        let mut command = command();
        command.env("LC_ALL", environment);
        run(command, "@nobody psst\n").expect_status(1).stderr
    };
    assert!(said("C.UTF-8").contains("这里没有叫 nobody 的人"), "no choice leaves the server its own");
    assert!(said("en_US.UTF-8").contains("Nobody here is called nobody"), "a choice is asked for");
    let mut help = Command::new(server_path());
    help.arg("--help");
    let help = in_chinese(help, "").expect_status(0).stdout;
    assert!(help.contains("用法: chat-server [选项]"), "{help}");
}

#[test]
fn the_language_of_an_environment_is_not_kept_for_the_account() {
    let server = Server::start();
    admin_with_input(&server, &["user", "add", "alice"], "secret\n").expect_status(0);
    let target = format!("alice@{}", server.irc());
    let log_in = ["--password-command", "echo secret", &target];
    let told = in_chinese(scripts::command(&server, &log_in), "@nobody psst\n").expect_status(1).stderr;
    assert!(told.contains("这里没有叫 nobody 的人"), "{told}");
    let mut shell = PlainClient::owner(server.plain(), "alice", "secret");
    shell.send("@nobody psst");
    shell.expect("Nobody here is called nobody");
}
