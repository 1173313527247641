//! What a language offers, held against the contract.
