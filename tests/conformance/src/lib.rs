//! Runs libkv's behaviour scenarios in every language.
