//! What the kernel tells of the server under load, and the limit on our own sockets.

use anyhow::{Context as _, anyhow};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs;
use std::time::Duration;

/// A measured server: its CPU time and memory, from `/proc`.
#[derive(Clone, Copy)]
pub(crate) struct Process(u32);

impl Process {
    /// Checks at once that the process is there, rather than after a long load.
    pub(crate) fn new(pid: u32) -> anyhow::Result<Self> {
        let process = Self(pid);
        process.cpu_time()?;
        Ok(process)
    }

    /// User and system time of all threads so far. The kernel counts in ticks of 10 ms, so a load should
    /// last long enough for that not to matter.
    pub(crate) fn cpu_time(self) -> anyhow::Result<Duration> {
        let stat = self.read("stat")?;
        let ticks = cpu_ticks(&stat).ok_or_else(|| anyhow!("/proc/{}/stat has an unknown form", self.0))?;
        Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
    }

    /// Resident memory in bytes.
    pub(crate) fn resident_bytes(self) -> anyhow::Result<u64> {
        let status = self.read("status")?;
        resident_kib(&status)
            .map(|kib| kib * 1024)
            .ok_or_else(|| anyhow!("/proc/{}/status has no VmRSS", self.0))
    }

    fn read(self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.0);
        fs::read_to_string(&path).with_context(|| format!("cannot read {path}; is --pid the server's?"))
    }
}

/// Fields 14 and 15 of `/proc/PID/stat` (proc(5)). The second field is the program's name in parentheses and
/// may itself have spaces and parentheses in it, so counting starts after the last one.
fn cpu_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn resident_kib(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// Thousands of clients need thousands of descriptors; the soft limit is often 1024. A refusal does no harm
/// here: connecting fails later with the system's own words.
pub(crate) fn raise_open_files_limit() {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_read_past_a_name_with_parentheses() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 2 0 1234 99 88";
        assert_eq!(cpu_ticks(stat), Some(300));
        assert_eq!(cpu_ticks("7 (cut) S 1 7"), None);
    }

    #[test]
    fn memory_is_read_in_kib() {
        assert_eq!(resident_kib("Name:\tx\nVmRSS:\t   12345 kB\nThreads:\t1\n"), Some(12_345));
        assert_eq!(resident_kib("Name:\tx\n"), None);
    }
}
