//! How an application proves that it is who it says.

use crate::auth::applications::Application;
use crate::auth::assertion::{self, Occasion};
use crate::auth::refused::Refused;

/// The one client secret that an application which is not registered cannot have.
const WRONG_SECRET: &str = "wrong";

/// What an application brings.
pub(crate) enum Proof<'a> {
    Secret(&'a str),
    Assertion(&'a str),
}

impl Proof<'_> {
    /// Checks the proof against what is registered. Where nothing is, all but the secret `wrong` are good.
    pub fn check(
        &self,
        client_id: &str,
        registered: Option<&Application>,
        occasion: &Occasion<'_>,
    ) -> Result<(), Refused> {
        let good = match (self, registered) {
            (Self::Assertion(text), Some(application)) => {
                return assertion::check(application, client_id, text, occasion);
            }
            (Self::Assertion(_), None) => true,
            (Self::Secret(secret), Some(application)) => {
                application.client_secrets.iter().any(|known| known == secret)
            }
            (Self::Secret(secret), None) => *secret != WRONG_SECRET,
        };
        if good { Ok(()) } else { Err(Refused::invalid_client(7_000_215, "Invalid client secret provided.")) }
    }
}
