//! The program itself: its files, its flags, and how it ends.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, reason = "this is how a test fails")]

mod crowd;
mod data;
#[cfg(target_os = "linux")]
mod disk_full;
mod flags;
mod life;
mod program;
mod state;
