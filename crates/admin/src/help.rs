//! THE table of help on the command line: each text in both languages, a row each.

use chat_cli::Row;

use crate::args::AFTER_HELP;

/// English as it stands at the arguments, and Chinese.
pub(crate) const CHINESE: &[Row] = &[
    (
        "Administers a chat room: who is on, kick, ban, accounts, history, logs",
        "管理聊天室：在线用户、踢人、封禁、账号、历史消息、日志",
    ),
    ("Print JSON Lines for machines: one object a row", "输出供程序读的 JSON Lines，每行一个对象"),
    (
        "Speak this language: en or zh [default: that of the environment, LANG]",
        "使用的语言：en 或 zh [默认: 由环境变量 LANG 决定]",
    ),
    ("Read from the server's configuration where it is", "从服务器的配置文件得知它在哪里"),
    ("The server's admin socket", "服务器的管理套接字"),
    (
        "The server's data directory, with admin.sock and chat.db in it",
        "服务器的数据目录，内有 admin.sock 和 chat.db",
    ),
    ("Put a user out of the server, with a reason", "把用户踢出服务器，可附理由"),
    ("Who is on, or which channels there are", "看谁在线，或有哪些频道"),
    ("Read what was said", "查看历史消息"),
    ("Keep a nickname, account, address or network out", "封禁昵称、账号、地址或网段"),
    ("Lift a ban", "解除封禁"),
    ("Which bans there are", "看有哪些封禁"),
    ("Say something in the server's name", "以服务器的名义说话"),
    ("Accounts: add, invite, passwd, delete, list, show", "账号：add、invite、passwd、delete、list、show"),
    ("The server's clock: accept", "服务器的时钟：accept"),
    ("What administrators and operators did", "看管理员做过什么"),
    ("The server's own log", "看服务器的日志"),
    ("Copy the database, with the server running or not", "备份数据库，服务器运行与否都可以"),
    ("Whose sessions are closed", "要踢出的用户"),
    ("What the user and the others are told", "告诉该用户和其他人的理由"),
    ("List the channels instead of the users", "列出频道，而不是用户"),
    ("The newest so many lines first", "先显示最新的多少行"),
    ("Go on with what is logged from now on, until ctrl-c", "继续显示新的日志，直到按 Ctrl-C"),
    (
        "Say that the server's clock is right: what has waited since it was set may run out and be deleted",
        "确认服务器的时钟是对的：校时以来暂缓的到期和删除照常进行",
    ),
    (
        "A channel or a nickname; a shell wants the # in quotes: '#lobby'",
        "频道或昵称；在 shell 里 # 要加引号：'#lobby'",
    ),
    ("What is said", "要说的内容"),
    (
        "Where the copy goes. It holds password hashes and whispers; only you can read it",
        "备份写到哪里；其中有密码哈希和私聊，只有你自己能读",
    ),
    ("Replace FILE if it is there already", "文件已存在时替换它"),
    ("What they are told", "告诉对方的理由"),
    (
        "For how long: \"30m\", \"3d\", \"2 weeks\"; for ever if left out",
        "封禁多久：\"30m\"、\"3d\"、\"2 weeks\"；不写就是永久",
    ),
    (
        "An address or network in CIDR notation; anything else is a nickname, in which * and ? are wild",
        "地址或 CIDR 网段；其他的都是昵称，可用通配符 * 和 ?",
    ),
    ("It is a nickname, whatever it looks like", "不管看起来像什么，都是昵称"),
    ("It is an account", "是账号"),
    ("It is an address or a network", "是地址或网段"),
    (
        "Only the newest so many lines [default: 50, or all with --since]",
        "只看最新的多少行 [默认: 50，用 --since 时为全部]",
    ),
    (
        "Only what was done since: \"2h\", \"yesterday\", \"2026-11-20 14:30\"",
        "只看此后的操作：\"2h\"、\"yesterday\"、\"2026-11-20 14:30\"",
    ),
    (
        "Make an account; its password is asked for, or read from stdin",
        "创建账号，密码会当场询问，或从标准输入读取",
    ),
    (
        "Make a code with which somebody makes an account, where the server's registration is \"invite\"",
        "生成注册账号用的邀请码，用于服务器的 registration 为 \"invite\" 时",
    ),
    (
        "Give an account another password, which is asked for or read from stdin; its sessions are closed",
        "更改账号的密码，会当场询问或从标准输入读取；该账号的连接会关闭",
    ),
    ("Delete an account; what it said stays said", "删除账号，它说过的话仍保留"),
    ("Which accounts there are", "看有哪些账号"),
    ("All about one account", "查看某个账号"),
    ("The account, which is also the nickname it owns", "账号，同时也是它拥有的昵称"),
    (
        "How long the code can be used: \"12 hours\", \"7d\", \"2 weeks\"",
        "邀请码的有效期：\"12 hours\"、\"7d\"、\"2 weeks\"",
    ),
    ("Which account", "哪个账号"),
    ("Leave those connected who came in with the old password", "用旧密码进来的连接不关闭"),
    (
        "Only these channels, their earlier lives included; the # may be left out",
        "只看这些频道，包括同名的旧频道；可以不写 #",
    ),
    (
        "Only the newest so many messages [default: 100; all with --since; 10 with --follow]",
        "只看最新的多少条 [默认: 100；用 --since 时为全部；用 --follow 时为 10]",
    ),
    (
        "Only what was said since: \"2h\", \"yesterday\", \"2026-11-20 14:30\"",
        "只看此后的消息：\"2h\"、\"yesterday\"、\"2026-11-20 14:30\"",
    ),
    ("Only what was said until then, written like --since", "只看此前的消息，写法同 --since"),
    ("Only what this nickname or account said", "只看这个昵称或账号说的"),
    ("Only messages with this in them, whatever the case", "只看含有这些文字的消息，不分大小写"),
    ("Go on with what is said from now on, until ctrl-c", "继续显示新的消息，直到按 Ctrl-C"),
    (
        "Show direct messages as well; that you did goes into the audit log first",
        "也显示私聊；此举会先记入审计日志",
    ),
    (
        AFTER_HELP,
        "\
退出状态: 0 完成，1 被拒绝（会说明原因），2 用法不对，3 没有服务器。

服务器由 --socket、--data-dir 或 --config 指定，都没有写时在
$XDG_STATE_HOME/chat-server 或 ~/.local/state/chat-server 寻找，
chat-server 没有另外设置时文件就放在那里。",
    ),
    ("LANGUAGE", "语言"),
    ("FILE", "文件"),
    ("PATH", "路径"),
    ("DIR", "目录"),
    ("CHANNEL", "频道"),
    ("N", "数量"),
    ("TIME", "时间"),
    ("NICK", "昵称"),
    ("NAME", "账号"),
    ("REASON", "理由"),
    ("TARGET", "目标"),
    ("TEXT", "内容"),
    ("WHOM", "对象"),
    ("Where the server is", "服务器在哪里"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn all_of_help_is_in_chinese_too() {
        assert_eq!(chat_cli::unlike::<crate::args::Cli>(super::CHINESE), Vec::<String>::new());
    }
}
