//! The program `kv-emulator`.

mod cli;
#[cfg(unix)]
mod descriptors;
mod end;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use libkv_emulator::{Emulator, publish};

use cli::Flags;
use end::End;

#[tokio::main]
async fn main() -> ExitCode {
    match run(Flags::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "kv-emulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(flags: Flags) -> Result<(), Box<dyn Error>> {
    // Armed before anything is served: a signal that comes with the ready file must not be missed.
    let end = End::armed(flags.with_parent)?;
    if let Some(path) = &flags.ready_file {
        // A file left over from a former run would tell where nothing is.
        let _ = std::fs::remove_file(path);
    }
    #[cfg(unix)]
    descriptors::raise_limit();
    let running = Emulator::start(flags.config()).await?;
    let published = publish(&running, flags.ready_file.as_deref())
        .map_err(|error| format!("the ready file or the certificate cannot be written: {error}"))?;
    if flags.ready_file.is_none() {
        let mut line = published.to_json()?;
        line.push(b'\n');
        std::io::stdout().write_all(&line)?;
    }
    end.reached().await;
    drop(published);
    Ok(running.stop().await.map_err(|error| format!("the state file cannot be written: {error}"))?)
}
