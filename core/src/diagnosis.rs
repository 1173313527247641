use serde::Serialize;

/// One step on the way to a vault, and how it went.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DiagnosisStep {
    /// What was tried: `dns`, `tcp`, `tls`, `challenge`, `clock`, `token` or `call`.
    pub name: &'static str,
    /// How it went.
    pub verdict: Verdict,
    /// How long it took, in seconds.
    pub elapsed: f64,
    /// What was found, for a person. Never holds a token or a secret.
    pub detail: String,
    /// The next step for a person, where this one failed.
    pub advice: Option<String>,
}

/// How a step of a diagnosis went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// It went well.
    Ok,
    /// It failed.
    Failed,
    /// It was not tried, because one before it failed or it does not apply.
    #[default]
    Skipped,
}

impl Verdict {
    /// Returns the verdict's name in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}
