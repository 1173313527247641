//! A local Azure Key Vault for secrets.
