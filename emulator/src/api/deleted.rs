//! Delete, get deleted, recover and purge.

use crate::error::ServiceError;
use crate::vault::contents::Contents;
use crate::vault::life::Life;
use crate::vault::secret::{Secret, Version};

use super::{Answer, Call, text};

pub(super) fn delete(call: &Call<'_>, contents: &mut Contents) -> Answer {
    let (secret, id, version) =
        newest(contents.active(call.name), ServiceError::secret_not_found(call.name))?;
    if secret.head.managed {
        return Err(ServiceError::managed("delete"));
    }
    let frame = call.frame(contents);
    let bundle = frame.bundle(secret, id, version);
    if !contents.settings().soft_delete {
        let answer = text(&bundle);
        contents.remove(call.name);
        return answer;
    }
    let answer = text(&frame.deleted(&secret.head.name, call.now, bundle));
    contents.move_to(call.name, Life::Deleting(call.now), call.now);
    answer
}

pub(super) fn get(call: &Call<'_>, contents: &Contents) -> Answer {
    let missing = || ServiceError::deleted_secret_not_found(call.name);
    let (secret, id, version) = newest(contents.secret(call.name), missing())?;
    let since = secret.head.life.deleted_since().ok_or_else(missing)?;
    if !version.enabled {
        return Err(ServiceError::secret_disabled());
    }
    let frame = call.frame(contents);
    text(&frame.deleted(&secret.head.name, since, frame.bundle(secret, id, version)))
}

pub(super) fn recover(call: &Call<'_>, contents: &mut Contents) -> Answer {
    let (secret, id, version) =
        newest(contents.secret(call.name), ServiceError::secret_not_found(call.name))?;
    let frame = call.frame(contents);
    secret.head.life.admit_recover(call.name, &frame.recovery_id(&secret.head.name))?;
    let answer = text(&frame.bundle(secret, id, version));
    contents.move_to(call.name, Life::Recovering(call.now), call.now);
    answer
}

pub(super) fn purge(call: &Call<'_>, contents: &mut Contents) -> Answer {
    if contents.settings().purge_protection {
        return Err(ServiceError::purge_protected(call.vault));
    }
    let missing = ServiceError::deleted_secret_not_found(call.name);
    let (secret, ..) = newest(contents.secret(call.name), missing)?;
    secret.head.life.admit_purge(call.name)?;
    contents.move_to(call.name, Life::Purging(call.now), call.now);
    Ok(Vec::new())
}

fn newest(secret: Option<&Secret>, missing: ServiceError) -> Result<(&Secret, &str, &Version), ServiceError> {
    let found = secret.and_then(|secret| secret.newest().map(|(id, version)| (secret, id, version)));
    found.ok_or(missing)
}
