//! Runs commands and keeps what the system counted for them.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What one run cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    /// From start to end.
    pub(super) wall: Duration,
    /// Of the processor, in the program and in the system.
    pub(super) processor: Duration,
    /// The largest memory of one process: bytes.
    pub(super) memory: u64,
    /// Whether what came out is what an engine takes.
    pub(super) is_valid: bool,
}

/// Runs commands one after the other as one run; `None` if one of them ends with an exit code that is not `expected`.
pub(super) fn measure(commands: &mut [Command], expected: &[i32]) -> io::Result<Option<Figures>> {
    let mut total = Figures { wall: Duration::ZERO, processor: Duration::ZERO, memory: 0, is_valid: true };
    for command in commands {
        let start = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let ended = child.wait4()?;
        total.wall += start.elapsed();
        total.processor += ended.rusage.utime + ended.rusage.stime;
        total.memory = total.memory.max(ended.rusage.maxrss);
        if ended.status.code().is_none_or(|code| !expected.contains(&code)) {
            return Ok(None);
        }
    }
    Ok(Some(total))
}

impl Figures {
    /// The median of each figure; `None` if a run failed, or there was none.
    pub(super) fn median(runs: &[Option<Self>]) -> Option<Self> {
        let runs: Vec<Self> = runs.iter().copied().collect::<Option<_>>()?;
        let middle = |mut values: Vec<Duration>| {
            values.sort();
            values.get(values.len() / 2).copied()
        };
        let mut memory: Vec<u64> = runs.iter().map(|run| run.memory).collect();
        memory.sort_unstable();
        Some(Self {
            wall: middle(runs.iter().map(|run| run.wall).collect())?,
            processor: middle(runs.iter().map(|run| run.processor).collect())?,
            memory: memory.get(memory.len() / 2).copied()?,
            is_valid: runs.iter().all(|run| run.is_valid),
        })
    }
}
