//! THE table of help on the command line: each text in both languages, a row each.

use chat_cli::Row;

/// English as it stands at the arguments, and Chinese.
pub(crate) const CHINESE: &[Row] = &[
    ("Read the configuration from this file", "从此文件读取配置"),
    ("Keep the database and the admin socket in this directory", "把数据库和管理套接字放在此目录"),
    ("Only say whether the configuration is right", "只检查配置是否正确"),
    (
        "Print a configuration file with every key, its default and what it is for",
        "打印一份配置文件，列出全部设置、默认值和用途",
    ),
    (
        "Read a password from standard input and print its hash, for password_hash under [[operator]]",
        "从标准输入读取密码并打印其哈希，填入 [[operator]] 下的 password_hash",
    ),
    (
        "A community room for people who live in a terminal: IRC, plain text and JSON over one SQLite file",
        "终端用户的聊天室：IRC、纯文本和 JSON，数据都在一个 SQLite 文件里",
    ),
    (
        "A community room for people who live in a terminal: IRC, plain text and JSON over one SQLite file.\n\n\
         Without any option it serves IRC on 127.0.0.1:6667 and plain text on 127.0.0.1:2323.",
        "终端用户的聊天室：IRC、纯文本和 JSON，数据都在一个 SQLite 文件里。\n\n\
         不带选项时，在 127.0.0.1:6667 提供 IRC，在 127.0.0.1:2323 提供纯文本。",
    ),
    ("FILE", "文件"),
    ("DIR", "目录"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn all_of_help_is_in_chinese_too() {
        assert_eq!(chat_cli::unlike::<crate::cli::Cli>(super::CHINESE), Vec::<String>::new());
    }
}
