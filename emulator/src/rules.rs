//! The service's limits on names and on what a secret carries.

use std::collections::BTreeMap;

use crate::error::ServiceError;

pub(crate) const MAX_VALUE_CHARS: usize = 25_600;
const MAX_NAME_CHARS: usize = 127;
const MAX_CONTENT_TYPE_CHARS: usize = 255;
const MAX_TAGS: usize = 15;
const MAX_TAG_CHARS: usize = 512;

/// Explains what a vault may be called.
pub(crate) const VAULT_NAME_RULE: &str = "a vault's name has 3 to 24 letters, digits and single hyphens, starts with a \
                                          letter and ends with a letter or digit";

/// Says whether a vault may be called so.
pub(crate) fn is_vault_name(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (3..=24).contains(&name.len())
        && name.bytes().all(legal)
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && !name.ends_with('-')
        && !name.contains("--")
}

/// Refuses what no secret may be called.
pub(crate) fn check_name(name: &str) -> Result<(), ServiceError> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if name.is_empty() || name.len() > MAX_NAME_CHARS || !name.bytes().all(legal) {
        return Err(ServiceError::invalid_name(name));
    }
    Ok(())
}

/// Refuses a value over the limit. An empty value is legal.
pub(crate) fn check_value(value: &str) -> Result<(), ServiceError> {
    if longer_than(value, MAX_VALUE_CHARS) {
        return Err(ServiceError::secret_too_large(MAX_VALUE_CHARS));
    }
    Ok(())
}

pub(crate) fn check_content_type(content_type: Option<&str>) -> Result<(), ServiceError> {
    if content_type.is_some_and(|text| longer_than(text, MAX_CONTENT_TYPE_CHARS)) {
        return Err(ServiceError::invalid_property());
    }
    Ok(())
}

pub(crate) fn check_tags(tags: Option<&BTreeMap<String, String>>) -> Result<(), ServiceError> {
    let Some(tags) = tags else { return Ok(()) };
    let too_long = |text: &str| longer_than(text, MAX_TAG_CHARS);
    if tags.len() > MAX_TAGS || tags.iter().any(|(key, value)| too_long(key) || too_long(value)) {
        return Err(ServiceError::invalid_property());
    }
    Ok(())
}

/// Counts characters, and only where the bytes leave a doubt.
fn longer_than(text: &str, limit: usize) -> bool {
    text.len() > limit && text.chars().count() > limit
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vault_names_follow_the_rule() {
        for good in ["abc", "a-b", "vault-01", "a23456789012345678901234", "VAULT"] {
            assert!(is_vault_name(good), "{good}");
        }
        for bad in ["", "ab", "1ab", "-ab", "ab-", "a--b", "a_b", "a.b", "a234567890123456789012345", "käse"]
        {
            assert!(!is_vault_name(bad), "{bad}");
        }
    }

    #[test]
    fn secret_names_follow_the_rule() {
        for good in ["a", "0", "-", "a-B-9", &"x".repeat(127)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "a_b", "a.b", "a b", "ä", "a/b", &"x".repeat(128)] {
            assert_eq!(check_name(bad), Err(ServiceError::invalid_name(bad)), "{bad}");
        }
    }

    #[test]
    fn the_value_limit_counts_characters() {
        assert!(check_value(&"é".repeat(MAX_VALUE_CHARS)).is_ok());
        assert!(check_value(&"é".repeat(MAX_VALUE_CHARS + 1)).is_err());
        assert!(check_value("").is_ok());
    }

    #[test]
    fn tags_and_content_type_have_limits() {
        let tags = |count: usize, chars: usize| -> BTreeMap<String, String> {
            (0..count).map(|n| (format!("{n:0chars$}"), "v".repeat(chars))).collect()
        };
        assert!(check_tags(Some(&tags(15, 512))).is_ok());
        assert!(check_tags(Some(&tags(16, 2))).is_err());
        assert!(check_tags(Some(&tags(1, 513))).is_err());
        assert!(check_content_type(Some(&"c".repeat(255))).is_ok());
        assert!(check_content_type(Some(&"c".repeat(256))).is_err());
    }
}
