//! The identity that is signed in to Azure PowerShell.

use std::{ffi::OsStr, io, process::Output};

use azure_identity::new_executor;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;

use crate::{
    auth::{AccessToken, BoxFuture, TokenRequest, TokenSource},
    error::{Error, ErrorKind, Result},
    model::Timestamp,
    value::SecretValue,
};

/// Asks the Az.Accounts module for a token. Its later versions give the token as a secure string.
const SCRIPT: &str = r"
$ErrorActionPreference = 'Stop'
if (-not (Get-Module -ListAvailable Az.Accounts)) { [Console]::Error.Write('the module Az.Accounts is not installed'); exit 3 }
$token = Get-AzAccessToken -ResourceUrl 'RESOURCE' TENANT -WarningAction SilentlyContinue
$text = $token.Token
if ($text -is [System.Security.SecureString]) { $text = [System.Net.NetworkCredential]::new('', $text).Password }
@{ token = $text; expires_on = $token.ExpiresOn.ToUnixTimeSeconds() } | ConvertTo-Json -Compress
";

/// The program's names: that of PowerShell 7, and on Windows the one that comes with the system.
const PROGRAMS: &[&str] = if cfg!(windows) { &["pwsh", "powershell"] } else { &["pwsh"] };

/// Runs PowerShell for each token.
#[derive(Debug)]
pub(super) struct PowerShell {
    tenant_id: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    token: SecretValue,
    expires_on: Timestamp,
}

impl PowerShell {
    /// Makes a source that asks for tokens of this tenant, or of the one that a vault names.
    pub(super) fn new(tenant_id: Option<String>) -> Self {
        Self { tenant_id }
    }

    async fn ask(&self, request: &TokenRequest) -> Result<AccessToken> {
        let tenant = self.tenant_id.as_ref().or(request.tenant_id.as_ref());
        let script = script(request.resource(), tenant.map(String::as_str))?;
        let output = run(&script).await.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => failed("PowerShell is not installed, or not in PATH".to_owned()),
            _ => failed(format!("PowerShell could not be run: {e}")),
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            return Err(failed(format!("Azure PowerShell gave no token: {}", first_line(&said))));
        }
        let answer: Answer = serde_json::from_slice(output.stdout.trim_ascii())
            .map_err(|_| failed("Azure PowerShell answered something that is not a token".to_owned()))?;
        Ok(AccessToken { token: answer.token, expires_on: Some(answer.expires_on), refresh_on: None })
    }
}

impl TokenSource for PowerShell {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        Box::pin(async move { self.ask(&request).await })
    }
}

/// Fills the script in. What goes between its quotes must not end them.
fn script(resource: &str, tenant: Option<&str>) -> Result<String> {
    let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-._:/".contains(c));
    if !is_plain(resource) || !tenant.is_none_or(is_plain) {
        return Err(failed("the scope or the tenant has characters that do not belong there".to_owned()));
    }
    let tenant = tenant.map(|tenant| format!("-TenantId '{tenant}'")).unwrap_or_default();
    Ok(SCRIPT.replace("RESOURCE", resource).replace("TENANT", &tenant))
}

async fn run(script: &str) -> io::Result<Output> {
    let utf16: Vec<u8> = script.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encoded = STANDARD.encode(utf16);
    let arguments = ["-NoProfile", "-NonInteractive", "-EncodedCommand", &encoded].map(OsStr::new);
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for program in PROGRAMS {
        outcome = new_executor().run(OsStr::new(program), &arguments).await;
        if !matches!(&outcome, Err(e) if e.kind() == io::ErrorKind::NotFound) {
            break;
        }
    }
    outcome
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it did not say why").trim()
}

fn failed(message: String) -> Error {
    Error::new(ErrorKind::Authentication, message)
        .with_advice("install the module Az.Accounts and sign in with Connect-AzAccount".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_the_script_s_quotes() {
        assert!(
            script("https://vault.azure.net", Some("contoso.example"))
                .unwrap()
                .contains("-TenantId 'contoso.example'")
        );
        assert!(!script("https://vault.azure.net", None).unwrap().contains("TENANT"));
        for wrong in ["'; rm", "a b", "$x", "\u{2019}"] {
            assert!(script(wrong, None).is_err() && script("r", Some(wrong)).is_err(), "{wrong}");
        }
    }
}
