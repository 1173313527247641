//! Who may come in: the challenge, and the tokens that answer it.

pub(crate) mod applications;
mod assertion;
pub(crate) mod caller;
pub(crate) mod challenge;
pub(crate) mod discovery;
pub(crate) mod identity;
pub(crate) mod jwk;
mod jwt;
mod proof;
mod refused;
pub(crate) mod token_endpoint;
pub(crate) mod tokens;

/// The tenant that challenges and tokens name. The token endpoint answers for any.
pub(crate) const TENANT: &str = "6c69626b-7600-4000-8000-6c6f63616c00";

/// Who issues the tokens, as they and the service's refusals tell.
pub(crate) const ISSUER: &str = "https://sts.windows.net/6c69626b-7600-4000-8000-6c6f63616c00/";

/// The id of the service's own application, an audience that every vault takes.
const APPLICATION: &str = "cfa8b339-82a2-471a-a3c9-0fc0be7a4093";
