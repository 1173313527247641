//! Runs libkv's behaviour scenarios in every language.
//!
//! A [`scenario`] is data. [`run`] sets up a [`vault`] for it, speaks the line [`protocol`] to an [`adapter`] of one
//! [`language`], fills in [`template`]s, and [`compare`]s what came back with its [`matcher`]s. [`surface`] holds
//! what a language offers against the contract.

pub mod adapter;
pub mod compare;
pub mod events;
pub mod header;
pub mod language;
pub mod matcher;
pub mod protocol;
pub mod run;
pub mod scenario;
pub mod surface;
pub mod template;
pub mod vault;
