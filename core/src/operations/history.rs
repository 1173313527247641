//! A secret's versions in the order in which they were made.

use std::cmp::Reverse;

use http::Method;

use super::{
    GET_SECRET, GET_SECRET_HISTORY,
    list::{ListSecretVersions, read_all},
};
use crate::{
    error::{ErrorKind, Result},
    identifier::SecretName,
    interval::Interval,
    model::{Secret, SecretProperties, SecretVersion},
    pipeline::Call,
    request::{About, Context, Operation},
};

/// See [`SecretClient::get_secret_history`](crate::SecretClient::get_secret_history).
#[derive(Clone, Debug)]
pub struct GetSecretHistory {
    name: String,
}

impl GetSecretHistory {
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }
}

/// What a read of the newest version tells about which one it is.
enum Newest {
    Version(Option<String>),
    Disabled,
}

impl Operation for GetSecretHistory {
    type Output = Vec<SecretVersion>;
    const ABOUT: &'static About = &GET_SECRET_HISTORY;

    async fn run(self, context: Context) -> Result<Self::Output> {
        let mut interval = Interval::new(context.pipeline.config.poll_interval);
        loop {
            let versions = read_all(ListSecretVersions::new(self.name.clone()), &context).await?;
            let newest = self.newest(&context).await?;
            if let Some(history) = in_order(versions, &newest) {
                return Ok(history);
            }
            // Another caller has written in between, and the list does not have it yet.
            interval.pause_for_vault(context.deadline).await?;
        }
    }
}

impl GetSecretHistory {
    async fn newest(&self, context: &Context) -> Result<Newest> {
        let name = SecretName::new(&self.name)?;
        let url = context.pipeline.url(&["secrets", name.as_str()]);
        let call = Call::new(&GET_SECRET, Method::GET, url, context.deadline);
        match context.pipeline.send::<Secret>(&call).await {
            Ok(secret) => Ok(Newest::Version(secret.properties.version)),
            Err(error) if error.kind() == ErrorKind::SecretDisabled => Ok(Newest::Disabled),
            Err(error) => Err(error),
        }
    }
}

/// Orders versions from the newest to the oldest; none if the newest is not among them.
///
/// The service's times are whole seconds. Within one, the newest version comes first, and the others stand in the order of their ids.
/// A disabled newest version cannot be read: it is the disabled one of the latest second, and where several are, the one that changed last.
fn in_order(mut versions: Vec<SecretProperties>, newest: &Newest) -> Option<Vec<SecretVersion>> {
    let latest = versions.iter().map(|version| version.created_on).max()?;
    let is_newest = |found: &SecretProperties| match newest {
        Newest::Version(version) => found.version == *version,
        Newest::Disabled => !found.enabled && found.created_on == latest,
    };
    versions.sort_by_key(|found| {
        let newest = is_newest(found);
        Reverse((newest, found.created_on, found.updated_on.filter(|_| newest)))
    });
    if !is_newest(versions.first()?) {
        return None;
    }
    let mark = |(place, properties)| SecretVersion { properties, current: place == 0 };
    Some(versions.into_iter().enumerate().map(mark).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    fn version(id: &str, created: i64, updated: i64, enabled: bool) -> SecretProperties {
        SecretProperties {
            version: Some(id.to_owned()),
            created_on: Some(Timestamp::from_unix_seconds(created)),
            updated_on: Some(Timestamp::from_unix_seconds(updated)),
            enabled,
            ..SecretProperties::default()
        }
    }

    fn order(versions: Vec<SecretProperties>, newest: &Newest) -> Option<Vec<(String, bool)>> {
        let shown = |found: SecretVersion| (found.properties.version.unwrap_or_default(), found.current);
        in_order(versions, newest).map(|history| history.into_iter().map(shown).collect())
    }

    fn shown(ids: &[&str]) -> Option<Vec<(String, bool)>> {
        Some(ids.iter().enumerate().map(|(place, id)| ((*id).to_owned(), place == 0)).collect())
    }

    #[test]
    fn the_newest_comes_first_within_its_second() {
        let versions = vec![version("0a", 5, 5, true), version("0b", 9, 9, true), version("0c", 9, 9, true)];
        let newest = |id: &str| Newest::Version(Some(id.to_owned()));
        assert_eq!(order(versions.clone(), &newest("0b")), shown(&["0b", "0c", "0a"]));
        assert_eq!(order(versions.clone(), &newest("0c")), shown(&["0c", "0b", "0a"]));
        assert_eq!(order(versions, &newest("0d")), None);
    }

    #[test]
    fn a_disabled_newest_version_is_found_by_its_time() {
        let versions = vec![
            version("0a", 9, 9, true),
            version("0b", 9, 9, false),
            version("0c", 9, 12, false),
            version("0d", 5, 20, false),
        ];
        assert_eq!(order(versions, &Newest::Disabled), shown(&["0c", "0b", "0a", "0d"]));
    }

    #[test]
    fn a_newest_version_that_is_not_listed_yet_is_waited_for() {
        assert_eq!(order(vec![], &Newest::Disabled), None);
        assert_eq!(order(vec![version("0a", 9, 9, true)], &Newest::Disabled), None);
    }
}
