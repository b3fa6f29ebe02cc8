//! `backup FILE`: a copy of the database that is there as a whole or not at all.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use chat_model::{phrase, sentence};
use serde::Serialize;
use tempfile::NamedTempFile;

use crate::console::Console;
use crate::failure::Failure;
use crate::find::Location;
use crate::language::language;
use crate::record;

/// What the copy is called before it is whole.
const UNFINISHED: &str = ".chat-backup-";

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the copy goes. It holds password hashes and whispers; only you can read it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Replace FILE if it is there already
    #[arg(long)]
    force: bool,
}

/// What was done, as `--json` prints it.
#[derive(Debug, Serialize)]
struct Done<'a> {
    done: bool,
    count: usize,
    file: &'a str,
    bytes: u64,
}

pub(crate) fn run(args: &Args, location: &Location, console: &mut Console) -> Result<(), Failure> {
    let database = location.database()?;
    // What is wrong with either file is said before anything is done.
    location.reader()?;
    check_target(args, &database)?;
    let folder = folder_of(&args.file);
    // Private from the start. It goes away by itself unless it gets its name.
    let unfinished = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .tempfile_in(folder)
        .map_err(|error| not_written(&args.file, &error))?;
    let name = std::path::absolute(&args.file)?;
    let name = name.to_string_lossy();
    record::write(location, ["backup", &name, ""], console)?;
    let made = chat_store::backup(&database, unfinished.path()).map_err(Failure::from);
    let made = made.and_then(|()| finish(unfinished, args, folder));
    let bytes = made.inspect_err(|failure| {
        // Nobody has the copy that the audit log says was made. What went wrong is told in any case.
        let _ = record::write(location, ["backup failed", &name, &failure.to_string()], console);
    })?;
    if console.json {
        return console.object(&Done { done: true, count: 1, file: &name, bytes });
    }
    let text = sentence!(
        language(),
        en = "everything up to now is in {file} ({bytes} bytes)",
        zh = "到现在为止的全部内容已存入 {file}（{bytes} 字节）",
        file = args.file.display(),
    );
    console.done(&text, 1)
}

/// Nothing else is in the way, and it is none of the server's own files.
fn check_target(args: &Args, database: &Path) -> Result<(), Failure> {
    let folder = fs::canonicalize(folder_of(&args.file)).map_err(|error| not_written(&args.file, &error))?;
    let own_folder = fs::canonicalize(folder_of(database))?;
    let own_name = database.file_name().unwrap_or_default();
    if args.file.as_os_str() == "-" {
        let reason = phrase!(
            language(),
            en = "a backup is made in a file, and not on standard output; name one",
            zh = "备份要写到文件里，不能写到标准输出，请给一个文件名",
        );
        return Err(Failure::Usage(reason.into()));
    }
    let Some(name) = args.file.file_name() else {
        let file = args.file.display();
        let text = sentence!(language(), en = "{file} is no name of a file", zh = "{file} 不是文件名");
        return Err(Failure::Usage(text));
    };
    // chat.db, and chat.db-wal and its like, which would be read as a part of it.
    if folder == own_folder && name.as_encoded_bytes().starts_with(own_name.as_encoded_bytes()) {
        let reason = sentence!(
            language(),
            en = "{file} is the server's own; choose another name or folder",
            zh = "{file} 是服务器自己的文件，请换个名字或文件夹",
            file = args.file.display(),
        );
        return Err(Failure::refused("FILE_IN_USE", reason));
    }
    match fs::symlink_metadata(&args.file) {
        // Giving the copy its name would put a file in the place of /dev/null, and not write into it.
        Ok(there) if !there.is_file() => Err(no_file(&args.file)),
        Ok(_) if !args.force => Err(exists(&args.file)),
        _ => Ok(()),
    }
}

/// Makes the copy safe on the disk and gives it its name. How many bytes it has.
fn finish(unfinished: NamedTempFile, args: &Args, folder: &Path) -> Result<u64, Failure> {
    let failed = |error: io::Error| not_written(&args.file, &error);
    unfinished.as_file().sync_all().map_err(failed)?;
    let bytes = unfinished.as_file().metadata().map_err(failed)?.len();
    let named =
        if args.force { unfinished.persist(&args.file) } else { unfinished.persist_noclobber(&args.file) };
    named.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(&args.file),
        _ => failed(error.error),
    })?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(bytes)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn exists(file: &Path) -> Failure {
    let file = file.display();
    let reason = sentence!(
        language(),
        en = "{file} is there already; nothing was done",
        zh = "{file} 已存在，什么也没有做"
    );
    Failure::refused("FILE_EXISTS", reason)
}

fn no_file(file: &Path) -> Failure {
    let reason = sentence!(
        language(),
        en = "{file} is there and is no ordinary file, so it is not replaced; nothing was done",
        zh = "{file} 已存在，而且不是普通文件，不能替换，什么也没有做",
        file = file.display(),
    );
    Failure::refused("NOT_A_FILE", reason)
}

fn not_written(file: &Path, error: &io::Error) -> Failure {
    let file = file.display();
    let reason = sentence!(language(), en = "cannot write {file}: {error}", zh = "无法写入 {file}：{error}");
    Failure::refused("FILE_NOT_WRITTEN", reason)
}
