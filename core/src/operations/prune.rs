use super::{
    PRUNE_SECRET_VERSIONS, get::Versioned, history::GetSecretHistory, set::Properties,
    update::UpdateSecretProperties,
};
use crate::{
    error::{Error, Result},
    model::SecretProperties,
    request::{About, Context, Operation},
};

/// See [`SecretClient::prune_secret_versions`](crate::SecretClient::prune_secret_versions).
#[derive(Clone, Debug)]
pub struct PruneSecretVersions {
    name: String,
    keep: u32,
}

impl PruneSecretVersions {
    pub(crate) fn new(name: String, keep: u32) -> Self {
        Self { name, keep }
    }
}

impl Operation for PruneSecretVersions {
    type Output = Vec<SecretProperties>;
    const ABOUT: &'static About = &PRUNE_SECRET_VERSIONS;

    async fn run(self, context: Context) -> Result<Self::Output> {
        if self.keep == 0 {
            return Err(Error::invalid_argument("keep", "must be at least 1"));
        }
        let history = GetSecretHistory::new(self.name.clone()).run(context.clone()).await?;
        let enabled = history.into_iter().filter(|version| version.properties.enabled);
        let keep = usize::try_from(self.keep).unwrap_or(usize::MAX);
        let mut disabled = Vec::new();
        for old in enabled.skip(keep) {
            let mut update = UpdateSecretProperties::new(self.name.clone());
            *update.version() = old.properties.version;
            update.body().attributes.enabled = Some(false);
            disabled.push(update.run(context.clone()).await?);
        }
        Ok(disabled)
    }
}
