//! A client for Azure Key Vault secrets.
