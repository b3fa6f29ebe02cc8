//! THE table of help on the command line: each text in both languages, a row each.

use chat_cli::Row;

use crate::cli::{EXIT_STATUS, LONG_HELP};

/// English as it stands at the arguments, and Chinese.
pub(crate) const CHINESE: &[Row] = &[
    (
        "Where to: [nick@]host[:port], irc://[nick@]host[:port][/channel], ircs://…, or a saved server",
        "连接到：[昵称@]主机[:端口]、irc://[昵称@]主机[:端口][/频道]、ircs://…，或已保存的服务器",
    ),
    ("A channel to join", "要加入的频道"),
    ("Encrypt the connection", "加密连接"),
    (
        "Encrypt, and trust the certificates in this file too, such as that of a server that signed its own",
        "加密，并且也信任此文件里的证书，例如服务器的自签名证书",
    ),
    ("Log in with the password that this command prints", "用此命令打印的密码登录"),
    (
        "Send the password also where the connection is neither encrypted nor to this machine, and others can read it",
        "即使连接没有加密、也不是连到本机、别人能读到，仍发送密码",
    ),
    (
        "The file with saved servers [default: $XDG_CONFIG_HOME/chat-client/config.toml]",
        "保存服务器的文件 [默认: $XDG_CONFIG_HOME/chat-client/config.toml]",
    ),
    ("Print what is seen as JSON, one object a line", "把看到的以 JSON 输出，每行一个对象"),
    (
        "Speak this language: en or zh [default: that of the configuration, else of the environment, LANG]",
        "使用的语言：en 或 zh [默认: 由配置决定，否则由环境变量 LANG 决定]",
    ),
    ("LANGUAGE", "语言"),
    ("SERVER", "服务器"),
    ("#CHANNEL", "#频道"),
    ("FILE", "文件"),
    ("Talk on IRC from a terminal or a pipe", "在终端或管道里用 IRC 聊天"),
    (
        "Talk on IRC from a terminal or a pipe.\n\nLines are said to the channel, @nick TEXT whispers, and words such as \
         /ls and /help are commands. With no terminal on standard input its lines are sent, and the program ends when \
         the server has confirmed them.",
        "在终端或管道里用 IRC 聊天。\n\n直接输入就发到频道，@昵称 内容 是私聊，/ls、/help 等是命令。\n\
         标准输入不是终端时，逐行发送其内容，服务器全部确认后退出。",
    ),
    (EXIT_STATUS, "退出状态: 0 完成，1 有内容被拒绝，2 用法或配置不对，3 没有连上。"),
    (LONG_HELP, CHINESE_LONG_HELP),
];

/// What `--help` says more than `-h`.
pub(crate) const CHINESE_LONG_HELP: &str = r##"已保存的服务器在 ~/.config/chat-client/config.toml 或 $XDG_CONFIG_HOME/chat-client/config.toml。
写好以后，只要 `chat-client work` 就行：

  language = "zh"                      # en 或 zh；不写时由环境变量 LANG 决定；--lang 优先

  [servers.work]
  address = "irc.example.org"          # 与命令行的写法相同
  tls = true                           # 同 --tls
  tls_ca = "/etc/ssl/our-server.pem"   # 同 --tls-ca
  nick = "alice"                       # address 里没有昵称时用它；不写就是你的用户名
  account = "al"                       # 要登录的账号，与昵称不同时才写
  password_command = "pass show irc"   # 同 --password-command
  channels = ["#lobby", "#vault key"]  # 要加入的频道，密码写在空格后面

只有 address 必须写。命令行优先于配置文件。

输入过的内容保存在 history/服务器，私聊看到什么时候保存在 seen/昵称@服务器，
都在 ~/.local/state/chat-client 或 $XDG_STATE_HOME/chat-client 下，只有你自己能读。
含有密码的行不会保存，脚本什么都不保存。

退出状态: 0 完成，1 有内容被拒绝，2 用法或配置不对，3 没有连上。"##;

#[cfg(test)]
mod tests {
    #[test]
    fn all_of_help_is_in_chinese_too() {
        assert_eq!(chat_cli::unlike::<crate::cli::Cli>(super::CHINESE), Vec::<String>::new());
    }
}
