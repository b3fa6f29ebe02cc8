//! The figures of a run, for people and as JSON.

use serde_json::{Value, json};
use std::fmt::Write as _;
use std::time::Duration;

/// What a load found.
pub(crate) enum Report {
    Messages(Messages),
    Idle(Idle),
    Beside(Beside),
}

/// Figures of a message load.
pub(crate) struct Messages {
    pub(crate) load: &'static str,
    pub(crate) messages: usize,
    pub(crate) deliveries: usize,
    /// From the first message to the last delivery.
    pub(crate) elapsed: Duration,
    /// What the server used meanwhile, where its process id is known.
    pub(crate) cpu: Option<Duration>,
    pub(crate) latency: Option<Latency>,
}

/// Figures of the idle load; memory in bytes.
pub(crate) struct Idle {
    pub(crate) clients: usize,
    pub(crate) elapsed: Duration,
    pub(crate) before: u64,
    pub(crate) after: u64,
}

/// Figures of a paced load, alone and beside those who ask for long lists.
pub(crate) struct Beside {
    pub(crate) alone: Latency,
    pub(crate) beside: Latency,
    /// Answers that came meanwhile, whole.
    pub(crate) answers: usize,
    /// Lines of them, or of what a program printed.
    pub(crate) lines: usize,
}

/// Time from sending to arrival.
#[derive(Clone, Copy)]
pub(crate) struct Latency {
    p50: Duration,
    p99: Duration,
    longest: Duration,
}

impl Latency {
    /// Nothing where nothing was measured.
    pub(crate) fn of(mut samples: Vec<Duration>) -> Option<Self> {
        samples.sort_unstable();
        let longest = *samples.last()?;
        let at = |percent: usize| samples[(samples.len() - 1) * percent / 100];
        Some(Self { p50: at(50), p99: at(99), longest })
    }
}

impl Report {
    /// By which runs of the same load are compared: CPU time of the server, else time, or memory, or p99.
    pub(crate) fn cost(&self) -> f64 {
        match self {
            Self::Messages(messages) => messages.cpu.unwrap_or(messages.elapsed).as_secs_f64(),
            Self::Idle(idle) => idle.bytes_per_client(),
            Self::Beside(beside) => beside.beside.p99.as_secs_f64(),
        }
    }

    /// A few aligned lines.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (label, value) in self.rows() {
            writeln!(text, "{label:<28}{value:>16}").expect("a String takes every character");
        }
        text
    }

    /// One object; times in the unit that the key ends in.
    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Messages(messages) => messages.json(),
            Self::Idle(idle) => idle.json(),
            Self::Beside(beside) => beside.json(),
        }
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Messages(messages) => messages.rows(),
            Self::Idle(idle) => idle.rows(),
            Self::Beside(beside) => beside.rows(),
        }
    }
}

impl Messages {
    fn per_second(&self, count: usize) -> f64 {
        count as f64 / self.elapsed.as_secs_f64()
    }

    fn cpu_ns_per_delivery(&self) -> Option<f64> {
        self.cpu.map(|cpu| cpu.as_nanos() as f64 / self.deliveries as f64)
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let mut rows = vec![
            ("load", self.load.to_owned()),
            ("messages", grouped(self.messages as f64)),
            ("deliveries", grouped(self.deliveries as f64)),
            ("seconds", format!("{:.3}", self.elapsed.as_secs_f64())),
            ("messages/s", grouped(self.per_second(self.messages))),
            ("deliveries/s", grouped(self.per_second(self.deliveries))),
        ];
        if let (Some(cpu), Some(each)) = (self.cpu, self.cpu_ns_per_delivery()) {
            rows.push(("server CPU seconds", format!("{:.2}", cpu.as_secs_f64())));
            rows.push(("server CPU ns a delivery", grouped(each)));
        }
        if let Some(latency) = &self.latency {
            rows.push(("latency p50 ms", milliseconds(latency.p50)));
            rows.push(("latency p99 ms", milliseconds(latency.p99)));
            rows.push(("latency longest ms", milliseconds(latency.longest)));
        }
        rows
    }

    fn json(&self) -> Value {
        let latency = self.latency.as_ref();
        json!({
            "load": self.load,
            "messages": self.messages,
            "deliveries": self.deliveries,
            "seconds": self.elapsed.as_secs_f64(),
            "messages_per_second": self.per_second(self.messages).round(),
            "deliveries_per_second": self.per_second(self.deliveries).round(),
            "server_cpu_seconds": self.cpu.map(|cpu| cpu.as_secs_f64()),
            "server_cpu_ns_per_delivery": self.cpu_ns_per_delivery().map(f64::round),
            "latency_p50_us": latency.map(|latency| latency.p50.as_micros()),
            "latency_p99_us": latency.map(|latency| latency.p99.as_micros()),
            "latency_longest_us": latency.map(|latency| latency.longest.as_micros()),
        })
    }
}

impl Idle {
    fn bytes_per_client(&self) -> f64 {
        self.after.saturating_sub(self.before) as f64 / self.clients as f64
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        vec![
            ("load", "idle".to_owned()),
            ("clients", grouped(self.clients as f64)),
            ("seconds until all joined", format!("{:.3}", self.elapsed.as_secs_f64())),
            ("server memory before, KiB", grouped((self.before / 1024) as f64)),
            ("server memory after, KiB", grouped((self.after / 1024) as f64)),
            ("bytes a client", grouped(self.bytes_per_client())),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "load": "idle",
            "clients": self.clients,
            "seconds": self.elapsed.as_secs_f64(),
            "server_bytes_before": self.before,
            "server_bytes_after": self.after,
            "server_bytes_per_client": self.bytes_per_client().round(),
        })
    }
}

impl Beside {
    /// How many times as long the slowest hundredth takes because of the lists.
    fn times_p99(&self) -> f64 {
        self.beside.p99.as_secs_f64() / self.alone.p99.as_secs_f64()
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        vec![
            ("load", "beside".to_owned()),
            ("answers", grouped(self.answers as f64)),
            ("lines of them", grouped(self.lines as f64)),
            ("latency p50 ms, alone", milliseconds(self.alone.p50)),
            ("latency p50 ms, beside", milliseconds(self.beside.p50)),
            ("latency p99 ms, alone", milliseconds(self.alone.p99)),
            ("latency p99 ms, beside", milliseconds(self.beside.p99)),
            ("times p99", format!("{:.2}", self.times_p99())),
        ]
    }

    fn json(&self) -> Value {
        json!({
            "load": "beside",
            "answers": self.answers,
            "answer_lines": self.lines,
            "alone_latency_p50_us": self.alone.p50.as_micros(),
            "alone_latency_p99_us": self.alone.p99.as_micros(),
            "beside_latency_p50_us": self.beside.p50.as_micros(),
            "beside_latency_p99_us": self.beside.p99.as_micros(),
            "times_p99": (self.times_p99() * 100.0).round() / 100.0,
        })
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

/// A whole number with a comma after every third digit.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0.0, "0"), (999.4, "999"), (1_000.0, "1,000"), (4_312_345.0, "4,312,345")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn percentiles_are_taken_from_the_sorted_samples() {
        let samples = (1..=100).rev().map(Duration::from_millis).collect();
        let latency = Latency::of(samples).expect("there are samples");
        assert_eq!(
            (latency.p50, latency.p99, latency.longest),
            (Duration::from_millis(50), Duration::from_millis(99), Duration::from_millis(100))
        );
        assert!(Latency::of(Vec::new()).is_none());
    }

    #[test]
    fn a_report_says_the_cost_of_a_delivery_in_both_forms() {
        let report = Report::Messages(Messages {
            load: "room",
            messages: 1_000,
            deliveries: 100_000,
            elapsed: Duration::from_millis(500),
            cpu: Some(Duration::from_millis(20)),
            latency: None,
        });
        assert!(report.text().contains("server CPU ns a delivery                 200\n"));
        assert_eq!(report.json()["server_cpu_ns_per_delivery"], 200.0);
        assert_eq!(report.json()["deliveries_per_second"], 200_000.0);
    }
}
