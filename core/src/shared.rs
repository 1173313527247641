use crate::{governor::Governors, tls::Verifiers};

/// What clients share that are given it: what they learn from throttling, by vault, and what they have read of whom to trust.
#[derive(Debug, Default)]
pub struct Shared {
    pub(crate) governors: Governors,
    pub(crate) verifiers: Verifiers,
}
