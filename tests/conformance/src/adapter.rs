//! One adapter process and the conversation with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::matcher::show;
use crate::protocol::{self, Pairs, Reply};

/// How long an adapter may take over one request before it counts as hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long an adapter may take to end after its input was closed.
const FAREWELL: Duration = Duration::from_secs(2);

/// How much of what the adapter wrote to standard error a failure shows.
const STDERR_TAIL: usize = 4000;

/// A running adapter.
pub struct Adapter {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    stderr: Receiver<Vec<u8>>,
    last_id: u64,
}

impl Adapter {
    /// Starts `command` in `folder`; the error says why it could not be started.
    pub fn start(command: &[String], folder: &Path) -> Result<Self, String> {
        let (program, args) = command.split_first().ok_or("the command is empty")?;
        let mut child = Command::new(program)
            .args(args)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let (sender, lines) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            thread::spawn(move || {
                BufReader::new(stdout).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
            });
        }
        let (sender, stderr) = mpsc::channel();
        if let Some(mut pipe) = child.stderr.take() {
            thread::spawn(move || {
                let mut chunk = [0; 1024];
                while let Ok(read @ 1..) = pipe.read(&mut chunk)
                    && sender.send(chunk[..read].to_vec()).is_ok()
                {}
            });
        }
        Ok(Self { stdin: child.stdin.take(), child, lines, stderr, last_id: 0 })
    }

    /// Sends one request and waits for its reply. After an error the adapter is of no more use; the error says what was
    /// sent and what the adapter wrote to standard error.
    pub fn request(&mut self, verb: &str, pairs: &Pairs) -> Result<Reply, String> {
        self.last_id += 1;
        let line = protocol::request_line(self.last_id, verb, pairs);
        let answered = self.exchange(&line).and_then(|reply| {
            protocol::parse_reply(self.last_id, &reply)
                .map_err(|error| format!("answered {}: {error}", show(reply.as_bytes())))
        });
        answered.map_err(|what| {
            let stderr = self.last_words();
            format!(
                "the adapter {what}\n  sent:   {}\n  stderr: {}",
                show(line.as_bytes()),
                stderr.trim_end()
            )
        })
    }

    /// The tail of standard error: all of it once the process has ended, otherwise what has come so far.
    fn last_words(&mut self) -> String {
        let patience = if self.wait(Duration::ZERO).is_some() { FAREWELL } else { Duration::ZERO };
        let mut words = Vec::new();
        while let Ok(chunk) = self.stderr.recv_timeout(patience) {
            words.extend(chunk);
        }
        let tail = words.len().saturating_sub(STDERR_TAIL);
        String::from_utf8_lossy(&words[tail..]).into_owned()
    }

    fn exchange(&mut self, line: &str) -> Result<String, String> {
        let written = self.stdin.as_mut().map(|stdin| writeln!(stdin, "{line}").and_then(|()| stdin.flush()));
        if !matches!(written, Some(Ok(()))) {
            return Err(self.ending());
        }
        match self.lines.recv_timeout(PATIENCE) {
            Ok(reply) => Ok(reply),
            Err(RecvTimeoutError::Timeout) => Err(format!("did not answer within {} s", PATIENCE.as_secs())),
            Err(RecvTimeoutError::Disconnected) => Err(self.ending()),
        }
    }

    fn ending(&mut self) -> String {
        match self.wait(FAREWELL) {
            Some(status) => format!("ended with {status}"),
            None => "closed its standard output".to_owned(),
        }
    }

    fn wait(&mut self, patience: Duration) -> Option<std::process::ExitStatus> {
        let start = Instant::now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if start.elapsed() < patience => thread::sleep(Duration::from_millis(2)),
                _ => return None,
            }
        }
    }
}

impl Drop for Adapter {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if self.wait(FAREWELL).is_none() {
            // The process may end between the look and the kill; then there is nothing left to do.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Adapter {
        let command = ["sh", "-c", script].map(str::to_owned);
        Adapter::start(&command, Path::new("/")).unwrap()
    }

    #[test]
    fn requests_are_numbered_and_answered() {
        let mut adapter = shell("read l; echo 1 OK a=b; read l; echo 2 ERR kind=network");
        assert!(
            matches!(adapter.request("DESCRIBE", &Pairs::new()), Ok(Reply::Ok(fields)) if fields["a"] == b"b")
        );
        assert!(matches!(adapter.request("DESCRIBE", &Pairs::new()), Ok(Reply::Err(_))));
    }

    #[test]
    fn a_death_is_reported_with_the_request_and_the_last_words() {
        let mut adapter = shell("read l; echo oh no >&2; exit 7");
        let error =
            adapter.request("CLOSE", &Pairs::from([("client".to_owned(), b"a".to_vec())])).unwrap_err();
        for part in ["ended with exit status: 7", "1 CLOSE client=a", "oh no"] {
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn nonsense_is_reported() {
        let error = shell("read l; echo hello").request("DESCRIBE", &Pairs::new()).unwrap_err();
        assert!(error.contains("answered \"hello\""), "{error}");
    }

    #[test]
    fn a_missing_program_is_reported() {
        let error = Adapter::start(&["/no/such/program".to_owned()], Path::new("/")).err().unwrap();
        assert!(error.contains("/no/such/program"), "{error}");
    }
}
