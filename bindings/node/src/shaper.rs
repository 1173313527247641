use std::{cell::RefCell, ptr::null_mut};

use napi::{
    Env, Error, JsValue, Result, Unknown,
    bindgen_prelude::{FromNapiValue, Function},
    sys,
};
use napi_derive::napi;

thread_local! {
    /// The function that shapes secrets in each environment of this thread, which has one as a rule.
    static SHAPERS: RefCell<Vec<(sys::napi_env, sys::napi_ref)>> = const { RefCell::new(Vec::new()) };
}

/// Has a function make secrets of their fields from here on. JavaScript makes an object in less time than it takes to put one
/// together from here, or to read one from JSON.
#[napi]
pub fn shape_secrets_by(env: Env, shaper: Function<'_, (), ()>) -> Result<()> {
    let mut reference = null_mut();
    // SAFETY: both are of this environment, and the reference goes with it.
    check(unsafe { sys::napi_create_reference(env.raw(), shaper.raw(), 1, &raw mut reference) })?;
    SHAPERS.with_borrow_mut(|shapers| {
        // An environment that has ended may have had the same address.
        shapers.retain(|(of, _)| *of != env.raw());
        shapers.push((env.raw(), reference));
    });
    Ok(())
}

/// Makes a secret of its fields.
///
/// # Safety
/// The fields have to be values of the environment.
pub unsafe fn shape(env: sys::napi_env, fields: &[sys::napi_value]) -> Result<sys::napi_value> {
    let known = |shapers: &Vec<_>| shapers.iter().find_map(|(of, shaper)| (*of == env).then_some(*shaper));
    let shaper = SHAPERS.with_borrow(known).unwrap_or(null_mut());
    let (mut this, mut function, mut secret) = (null_mut(), null_mut(), null_mut());
    // SAFETY: the reference is of this environment, as the caller vouches for the fields to be.
    unsafe {
        check(sys::napi_get_reference_value(env, shaper, &raw mut function))?;
        check(sys::napi_get_undefined(env, &raw mut this))?;
        let called =
            sys::napi_call_function(env, this, function, fields.len(), fields.as_ptr(), &raw mut secret);
        if called == sys::Status::napi_pending_exception {
            let mut thrown = null_mut();
            check(sys::napi_get_and_clear_last_exception(env, &raw mut thrown))?;
            return Err(Unknown::from_napi_value(env, thrown)?.into());
        }
        check(called)?;
    }
    Ok(secret)
}

fn check(status: sys::napi_status) -> Result<()> {
    match status {
        sys::Status::napi_ok => Ok(()),
        failure => Err(Error::from_status(failure.into())),
    }
}
