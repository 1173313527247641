//! Sources from options and variables, against scripted endpoints.

use std::time::SystemTime;

use super::*;
use crate::{
    auth::TokenRequest,
    model::Timestamp,
    pipeline::script::{Act, Script, answer},
};

fn source(
    kind: &str,
    variables: &[(&str, &str)],
    acts: Vec<Act>,
) -> (Result<Arc<dyn TokenSource>>, Arc<Script>) {
    let config = CredentialConfig { kind: kind.to_owned(), ..CredentialConfig::default() };
    let (environment, script) = (Environment::of(variables), Arc::new(Script::of(acts)));
    let made = Credentials::new(&config, &environment, "kv.vault.azure.cn", script.clone());
    (made.and_then(|made| made.source()), script)
}

fn token() -> Act {
    answer(200, r#"{"access_token":"t0k3n","expires_in":3599,"token_type":"Bearer"}"#)
}

fn request() -> TokenRequest {
    TokenRequest::for_scope("https://vault.azure.cn/.default".to_owned())
}

fn names(selection: Option<&str>) -> Vec<&'static str> {
    chosen(selection).unwrap().into_iter().map(|(name, ..)| *name).collect()
}

#[test]
fn a_variable_chooses_among_the_links() {
    assert_eq!(names(None).len(), 6);
    assert_eq!(names(Some("prod")), ["environment", "workload_identity", "managed_identity"]);
    assert_eq!(names(Some(" DEV ")), ["azure_cli", "azure_powershell", "azure_developer_cli"]);
    assert_eq!(names(Some("azureclicredential")), ["azure_cli"]);
    let error = chosen(Some("VisualStudioCodeCredential")).unwrap_err();
    assert!(
        error.message().starts_with("AZURE_TOKEN_CREDENTIALS: must be dev, prod or one of Env"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_environment_s_application_asks_the_cloud_s_authority() {
    let application = [("AZURE_TENANT_ID", "tenant"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
    let (made, script) = source("default", &application, vec![token()]);
    assert_eq!(made.unwrap().token(request()).await.unwrap().token.expose(), "t0k3n");
    assert_eq!(
        script.seen.lock().unwrap()[0].url().as_str(),
        "https://login.chinacloudapi.cn/tenant/oauth2/v2.0/token"
    );
    let elsewhere = [&application[..], &[("AZURE_AUTHORITY_HOST", "https://login.example/")]].concat();
    let (made, script) = source("environment", &elsewhere, vec![token()]);
    made.unwrap().token(request()).await.unwrap();
    assert_eq!(
        script.seen.lock().unwrap()[0].url().as_str(),
        "https://login.example/tenant/oauth2/v2.0/token"
    );
}

#[tokio::test(start_paused = true)]
async fn an_authority_says_when_it_wants_to_be_asked_again() {
    let application = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
    let body = r#"{"access_token":"t0k3n","expires_in":86399,"refresh_in":43199,"token_type":"Bearer"}"#;
    for (body, refresh_s) in [(answer(200, body), Some(43_199)), (token(), None)] {
        let given =
            source("environment", &application, vec![body]).0.unwrap().token(request()).await.unwrap();
        let now = Timestamp::from(SystemTime::now()).as_unix_seconds();
        let left = given.refresh_on.map(|at| at.as_unix_seconds() - now);
        assert!(left == refresh_s || left == refresh_s.map(|left| left - 1), "{left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_authority_that_hangs_is_asked_again() {
    let application = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c"), ("AZURE_CLIENT_SECRET", "s")];
    let (made, script) = source("environment", &application, vec![Act::Hang, token()]);
    assert_eq!(made.unwrap().token(request()).await.unwrap().token.expose(), "t0k3n");
    assert_eq!(script.seen.lock().unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_environment_s_certificate_is_unlocked_with_its_password() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/auth/certificate/testdata/openssl-3.pfx");
    let application = [
        ("AZURE_TENANT_ID", "tenant"),
        ("AZURE_CLIENT_ID", "c"),
        ("AZURE_CLIENT_CERTIFICATE_PATH", file),
        ("AZURE_CLIENT_CERTIFICATE_PASSWORD", "hunter2"),
    ];
    let (made, script) = source("environment", &application, vec![token()]);
    assert_eq!(made.unwrap().token(request()).await.unwrap().token.expose(), "t0k3n");
    let form = String::from_utf8(script.body(0).to_vec()).unwrap();
    assert!(form.contains("client_assertion=") && !form.contains("hunter2"), "{form}");
    let error = source("environment", &application[..3], vec![]).0.unwrap_err();
    assert!(error.message().contains("its password is wrong or missing"), "{error}");
}

#[test]
fn what_is_missing_is_named() {
    let missing = |kind, variables: &[_]| source(kind, variables, vec![]).0.unwrap_err().message().to_owned();
    assert_eq!(missing("environment", &[]), "credential: AZURE_TENANT_ID is not set");
    let application = [("AZURE_TENANT_ID", "t"), ("AZURE_CLIENT_ID", "c")];
    assert!(missing("environment", &application).contains("neither AZURE_CLIENT_SECRET nor"));
    let said = missing("workload_identity", &application);
    assert_eq!(
        said,
        "credential.federated_token_file: is not set, and neither is AZURE_FEDERATED_TOKEN_FILE"
    );
    assert_eq!(
        missing("client_secret", &[]),
        "credential.tenant_id: is required by credential=client_secret"
    );
    assert!(missing("default", &[("AZURE_AUTHORITY_HOST", "http://login.example")]).contains("https"));
    assert!(missing("default", &[("AZURE_TOKEN_CREDENTIALS", "none")]).contains("must be dev, prod or"));
}

#[tokio::test(start_paused = true)]
async fn the_whole_chain_says_what_each_of_its_links_lacks() {
    let (made, _) = source("default", &[("AZURE_TOKEN_CREDENTIALS", "prod")], vec![Act::Hang]);
    let error = made.unwrap().token(request()).await.unwrap_err();
    let said = "no credential gave a token: environment: AZURE_TENANT_ID is not set; \
        workload_identity: credential.tenant_id: is not set, and neither is AZURE_TENANT_ID; \
        managed_identity: no endpoint answered within 1 second";
    assert_eq!(error.message(), said);
}
