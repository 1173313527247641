//! Applications registered from outside the authority's interface.

use http::{Method, StatusCode};

use super::{document, wrong, wrong_method};
use crate::app::App;
use crate::auth::applications::{Application, Registration};
use crate::body::RequestBody;
use crate::reply::{self, Reply};

/// Answers a request about an application.
pub(super) async fn answer(app: &App, client_id: &str, method: Method, body: RequestBody) -> Reply {
    match method {
        Method::PUT => match registration(body).await {
            Ok(application) => app.applications.register(client_id, application),
            Err(refusal) => return refusal,
        },
        Method::DELETE => app.applications.forget(client_id),
        method => return wrong_method(&method),
    }
    reply::bare(StatusCode::NO_CONTENT)
}

async fn registration(body: RequestBody) -> Result<Application, Reply> {
    let registration: Registration = document(body).await?;
    Application::try_from(registration).map_err(|rule| wrong(StatusCode::BAD_REQUEST, &rule))
}
