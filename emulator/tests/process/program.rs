//! The program as a test starts and ends it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_kv-emulator");
const PATIENCE: Duration = Duration::from_secs(10);

/// A running program, which ends with the test.
pub struct Program {
    pub child: Child,
    pub ready: Value,
}

impl Program {
    pub fn start(folder: &Path, flags: &[&str]) -> Self {
        Self::start_under("true", folder, flags)
    }

    /// As `start`, under the limits that a shell's command sets.
    pub fn start_under(limits: &str, folder: &Path, flags: &[&str]) -> Self {
        let ready_file = folder.join("ready.json");
        // One that was killed leaves its file behind.
        let _ = fs::remove_file(&ready_file);
        let script = format!("{limits} && exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, PROGRAM, "--ready-file"]).arg(&ready_file).args(flags);
        Self { child: command.spawn().unwrap(), ready: read_ready(&ready_file) }
    }

    /// Returns where the plain listener is.
    pub fn address(&self) -> &str {
        self.ready["http_url"].as_str().unwrap().strip_prefix("http://").unwrap()
    }

    /// Sends a request to the plain listener; returns status and body.
    pub fn call(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        self.try_call(method, path, body).unwrap()
    }

    /// As `call`, from a program that may be gone.
    pub fn try_call(&self, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
        let address = self.address();
        let token = self.ready["token"].as_str().unwrap();
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(
            stream,
            "{method} {path}?api-version=7.4 HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let cut_off = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut_off)?;
        Ok((head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned()))
    }

    pub fn end(mut self, signal: &str) -> ExitStatus {
        send(signal, self.child.id());
        wait(&mut self.child)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where that is what the test is about.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn send(signal: &str, process: u32) {
    assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
}

pub fn wait(child: &mut Child) -> ExitStatus {
    until(|| child.try_wait().unwrap())
}

pub fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "nothing happened for {PATIENCE:?}");
        thread::sleep(Duration::from_millis(10));
    }
}

pub fn read_ready(file: &Path) -> Value {
    until(|| fs::read(file).ok().map(|text| serde_json::from_slice(&text).unwrap()))
}

/// Runs the program with flags that must make it fail; returns what it says.
pub fn refused(flags: &[&str]) -> String {
    let mut child = Command::new(PROGRAM).args(flags).stderr(Stdio::piped()).spawn().unwrap();
    let status = wait(&mut child);
    assert!(!status.success(), "{flags:?}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}
