//! Tokens from the C program.

use std::{
    ffi::{c_char, c_void},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use libkv::{AccessToken, BoxFuture, Error, ErrorKind, Result, Timestamp, TokenRequest, TokenSource};
use libkv_bridge::{SameProcess, spawn};
use tokio::sync::oneshot;

use crate::{
    call_options::given,
    caller::{Caller, guard},
    error::{libkv_error, libkv_status},
    memory::{Gift, Store, View, end},
    text::libkv_str,
    user_data::{UserData, libkv_release},
};

/// What a token is wanted for. It lives until the callback returns.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_token_request {
    /// The scope, such as "https://vault.azure.net/.default".
    pub scope: libkv_str,
    /// The tenant that the vault's challenge names, if it has been asked.
    pub tenant_id: libkv_str,
    /// Claims that the token must satisfy (continuous access evaluation), as JSON, if the vault asks for some.
    pub claims: libkv_str,
}

/// Where the answer to one request for a token goes. It may be answered after the callback has returned, by any thread, and
/// outlives the client. In the child of a fork it is refused.
///
/// Functions: `libkv_token_reply_send`, `libkv_token_reply_fail`, `libkv_token_reply_free`.
pub struct libkv_token_reply(SameProcess<Mutex<Option<oneshot::Sender<Result<AccessToken>>>>>);

/// Is asked for a token; see `libkv_options_set_token_callback`. `data` is what was given there. `reply` is the callback's own, to
/// free with `libkv_token_reply_free`.
///
///     static void give_token(void *data, const libkv_token_request *request, libkv_token_reply *reply) {
///       struct login *login = data;
///       libkv_token_reply_send(reply, login->token, strlen(login->token), login->expires_on, LIBKV_UNSET, NULL);
///       libkv_token_reply_free(reply);
///     }
pub type libkv_token_callback = Option<
    unsafe extern "C" fn(
        data: *mut c_void,
        request: *const libkv_token_request,
        reply: *mut libkv_token_reply,
    ),
>;

impl View for libkv_token_request {
    type Source = TokenRequest;

    fn new(request: &TokenRequest, store: &mut Store) -> Self {
        Self {
            scope: store.text(&request.scope),
            tenant_id: store.optional_text(request.tenant_id.as_deref()),
            claims: store.optional_text(request.claims.as_deref()),
        }
    }
}

impl libkv_token_reply {
    fn new(answer: oneshot::Sender<Result<AccessToken>>) -> Self {
        Self(SameProcess::new(Mutex::new(Some(answer))))
    }

    fn answer(&self, outcome: Result<AccessToken>) -> Result<()> {
        let waiting = self.0.get()?.lock().unwrap_or_else(PoisonError::into_inner).take();
        let given =
            || Error::new(ErrorKind::InvalidState, "the request for a token has been answered already");
        // A call whose deadline has passed waits no more, which is not the callback's fault.
        let _ = waiting.ok_or_else(given)?.send(outcome);
        Ok(())
    }
}

/// A callback as the core asks for tokens.
#[derive(Clone, Debug)]
pub(crate) struct TokenCallback {
    function: unsafe extern "C" fn(*mut c_void, *const libkv_token_request, *mut libkv_token_reply),
    data: Arc<UserData>,
}

impl TokenCallback {
    pub(crate) fn new(caller: &Caller, function: libkv_token_callback, data: UserData) -> Result<Self> {
        Ok(Self { function: caller.function("callback", function)?, data: Arc::new(data) })
    }

    fn call(&self, request: &TokenRequest, answer: oneshot::Sender<Result<AccessToken>>) {
        let mut store = Store::default();
        let request = libkv_token_request::new(request, &mut store);
        let reply = Gift::handle(libkv_token_reply::new(answer)).into_raw();
        // SAFETY: the C program vouches for the function and its data until `data` is released.
        unsafe { (self.function)(self.data.pointer(), &raw const request, reply) }
    }
}

impl TokenSource for TokenCallback {
    fn token(&self, request: TokenRequest) -> BoxFuture<'_, Result<AccessToken>> {
        let (callback, (answer, answered)) = (self.clone(), oneshot::channel());
        Box::pin(async move {
            // On a thread of its own the callback can block, and make blocking calls of other clients.
            spawn("libkv-token", move || callback.call(&request, answer)).map_err(|e| {
                Error::new(
                    ErrorKind::Internal,
                    format!("no thread could be started for the token callback: {e}"),
                )
            })?;
            answered.await.unwrap_or_else(|_| Err(failure("it freed the request without an answer")))
        })
    }
}

fn failure(why: &str) -> Error {
    Error::new(ErrorKind::Authentication, format!("the token callback failed: {why}"))
}

/// What the callback itself says of its failure.
#[derive(Clone, Debug)]
pub(crate) struct Cause(Arc<UserData>);

impl Cause {
    /// Returns the C program's pointer, valid as long as this or a clone of it.
    pub(crate) fn pointer(&self) -> *const c_void {
        self.0.pointer()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the token callback's own error")
    }
}

impl std::error::Error for Cause {}

/// Answers a request with a token. Where nobody waits for it any more, it is dropped.
///
/// `token` has `len` bytes. `expires_on` is the Unix time in seconds at which it stops being accepted, and `refresh_on` the one
/// from which libkv asks for another, both or either `LIBKV_UNSET`: a token without an end is used until the vault refuses it, and
/// one without a time to refresh is replaced 5 minutes ahead of its end.
///
/// Ownership: the token is copied; the copies are zeroed. The reply remains to be freed.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_STATE` when it has been answered, and in the child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`,
/// which leaves it to be answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_token_reply_send(
    reply: *const libkv_token_reply,
    token: *const c_char,
    len: usize,
    expires_on: i64,
    refresh_on: i64,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let reply = caller.read("reply", reply)?;
        let token = caller.sized_text("token", libkv_str { data: token, len })?;
        if token.is_empty() {
            return Err(Error::invalid_argument("token", "must not be empty"));
        }
        let moment = |seconds| given(seconds).map(Timestamp::from_unix_seconds);
        let (expires_on, refresh_on) = (moment(expires_on), moment(refresh_on));
        reply.answer(Ok(AccessToken { token: token.into(), expires_on, refresh_on }))
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Answers a request with a failure: the calls that wait for the token fail with `LIBKV_ERROR_AUTHENTICATION`, and the next one
/// asks again.
///
/// `message` says why, for a person, without a secret in it; what is not UTF-8 of it is replaced. `cause` may be NULL; the errors
/// of those calls have it as their `cause`, for the program to find there what it knows about the failure.
///
/// Ownership: the message is copied. `cause` is handed over in any case, and `release`, which may be NULL, is called with it once,
/// when those errors are freed and the client has asked again or is gone. The reply remains to be freed.
/// Threads: any.
/// Errors: `LIBKV_ERROR_INVALID_STATE` when it has been answered, and in the child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`,
/// which leaves it to be answered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_token_reply_fail(
    reply: *const libkv_token_reply,
    message: *const c_char,
    cause: *mut c_void,
    release: libkv_release,
    error: *mut *mut libkv_error,
) -> libkv_status {
    let call = |caller: &Caller| {
        let cause = Cause(Arc::new(UserData::new(cause, release)));
        let reply = caller.read("reply", reply)?;
        let message = caller.lossy_text("message", message)?;
        reply.answer(Err(failure(&message).with_source(cause)))
    };
    // SAFETY: these are the C program's pointers.
    unsafe { guard(error, call) }
}

/// Frees a reply; NULL is allowed. One that has not been answered is a failure, whose message says so.
///
/// Threads: any, once, when no other function uses the reply.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_token_reply_free(reply: *mut libkv_token_reply) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { end(reply) }
}
