//! The one way into the library: arguments are read, results and errors handed over, panics stopped.

use std::{
    borrow::Cow,
    ffi::{CStr, c_char},
    panic::{AssertUnwindSafe, catch_unwind},
    ptr::null_mut,
    slice, str,
};

use libkv::{Error, ErrorKind, Result, Tags};

use crate::{
    error::{LIBKV_OK, libkv_error, libkv_status},
    memory::{Gift, View, lend},
    text::{libkv_str, libkv_tag},
    uncancelled::Uncancelled,
};

/// Stands for the C program behind a call. Having one means that its pointers are what the header asks for, so that reading
/// through them is sound.
pub(crate) struct Caller(());

/// Runs what an exported function does, and makes its failure a status and an error.
///
/// # Safety
/// `call` reads only pointers that the C program passed, which keep the header's rules for as long as the call takes.
pub(crate) unsafe fn guard(
    error: *mut *mut libkv_error,
    call: impl FnOnce(&Caller) -> Result<()>,
) -> libkv_status {
    let _uncancelled = Uncancelled::new();
    let caller = Caller(());
    let error = caller.optional_out(error);
    let outcome = catch_unwind(AssertUnwindSafe(|| call(&caller)));
    let panicked = |_| Err(Error::new(ErrorKind::Internal, "libkv failed within itself: a panic was caught"));
    match outcome.unwrap_or_else(panicked) {
        Ok(()) => LIBKV_OK,
        Err(failure) => {
            error.lend(&failure);
            failure.kind().code()
        }
    }
}

/// Runs an exported function that cannot fail; a NULL argument or a panic gives `otherwise`.
///
/// # Safety
/// As for [`guard`].
pub(crate) unsafe fn guard_value<T>(otherwise: T, call: impl FnOnce(&Caller) -> Result<T>) -> T {
    let _uncancelled = Uncancelled::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| call(&Caller(()))));
    outcome.ok().and_then(Result::ok).unwrap_or(otherwise)
}

impl Caller {
    /// Reads what a pointer leads to, a handle or a structure.
    pub(crate) fn read<T>(&self, argument: &str, pointer: *const T) -> Result<&T> {
        // SAFETY: a caller's pointer is NULL or valid while the call lasts.
        unsafe { pointer.as_ref() }.ok_or_else(|| is_null(argument))
    }

    /// Reads the address of a function.
    pub(crate) fn function<F>(&self, argument: &str, function: Option<F>) -> Result<F> {
        function.ok_or_else(|| is_null(argument))
    }

    /// Reads a text that ends with a NUL.
    pub(crate) fn text(&self, argument: &str, text: *const c_char) -> Result<&str> {
        self.optional_text(argument, text)?.ok_or_else(|| is_null(argument))
    }

    /// Reads a text that ends with a NUL, or none for NULL.
    pub(crate) fn optional_text(&self, argument: &str, text: *const c_char) -> Result<Option<&str>> {
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: a caller's text is valid while the call lasts, and ends with a NUL.
        utf8(argument, unsafe { CStr::from_ptr(text) }.to_bytes()).map(Some)
    }

    /// Reads a text that is for a person alone; what is not UTF-8 of it is replaced.
    pub(crate) fn lossy_text(&self, argument: &str, text: *const c_char) -> Result<Cow<'_, str>> {
        if text.is_null() {
            return Err(is_null(argument));
        }
        // SAFETY: a caller's text is valid while the call lasts, and ends with a NUL.
        Ok(unsafe { CStr::from_ptr(text) }.to_string_lossy())
    }

    /// Reads a text of a given length.
    pub(crate) fn sized_text(&self, argument: &str, text: libkv_str) -> Result<&str> {
        utf8(argument, self.list(argument, text.data.cast(), text.len)?)
    }

    /// Reads a list of a given length; NULL is not even allowed for an empty one.
    pub(crate) fn list<T>(&self, argument: &str, first: *const T, count: usize) -> Result<&[T]> {
        if first.is_null() {
            return Err(is_null(argument));
        }
        if count > isize::MAX as usize / size_of::<T>().max(1) {
            return Err(Error::invalid_argument(argument, "is longer than any memory"));
        }
        // SAFETY: a caller's list has as many items as it says, and is valid while the call lasts.
        Ok(unsafe { slice::from_raw_parts(first, count) })
    }

    /// Reads tags, or none for NULL.
    pub(crate) fn optional_tags(&self, tags: *const libkv_tag, count: usize) -> Result<Option<Tags>> {
        if tags.is_null() && count == 0 {
            return Ok(None);
        }
        let text = |part: &str, number: usize, text: libkv_str| {
            Ok(self.sized_text(&format!("tags[{number}].{part}"), text)?.to_owned())
        };
        let tags = self.list("tags", tags, count)?.iter().enumerate();
        let tag = |(n, tag): (_, &libkv_tag)| Ok((text("key", n, tag.key)?, text("value", n, tag.value)?));
        tags.map(tag).collect::<Result<_>>().map(Some)
    }

    /// Prepares a place for a result, which is empty until the call succeeds.
    pub(crate) fn out<T: Default>(&self, argument: &str, place: *mut T) -> Result<Out<T>> {
        if place.is_null() { Err(is_null(argument)) } else { Ok(self.optional_out(place)) }
    }

    /// Prepares a place for a result that the caller may not want.
    pub(crate) fn optional_out<T: Default>(&self, place: *mut T) -> Out<T> {
        let out = Out(place);
        out.put(T::default());
        out
    }
}

/// Where a call leaves its result.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    pub(crate) fn put(&self, value: T) {
        if !self.0.is_null() {
            // SAFETY: a caller's place is NULL or can be written to; it may hold nothing yet.
            unsafe { self.0.write(value) }
        }
    }
}

impl<V: View + 'static> Out<*mut V> {
    /// Lends the result to the caller, who frees it; makes none if it is not wanted.
    pub(crate) fn lend(&self, source: &V::Source) {
        if !self.0.is_null() {
            self.put(lend(source));
        }
    }
}

impl<T> Out<*mut T> {
    /// Gives a result or handle to the caller, who frees it; drops it if it is not wanted.
    pub(crate) fn give(&self, gift: Gift<T>) {
        if !self.0.is_null() {
            self.put(gift.into_raw());
        }
    }

    /// Takes back what was given, and empties the place.
    pub(crate) fn take(&self) -> *mut T {
        if self.0.is_null() {
            return null_mut();
        }
        // SAFETY: a caller's place that is not NULL can be read once it has been written to.
        unsafe { self.0.replace(null_mut()) }
    }
}

fn is_null(argument: &str) -> Error {
    Error::invalid_argument(argument, "must not be NULL")
}

fn utf8<'a>(argument: &str, bytes: &'a [u8]) -> Result<&'a str> {
    str::from_utf8(bytes).map_err(|e| {
        Error::invalid_argument(argument, format!("must be UTF-8, and byte {} is not", e.valid_up_to()))
    })
}

#[cfg(test)]
mod tests {
    use std::ptr::null;

    use super::*;
    use crate::error::libkv_error_free;

    fn panics(_: &Caller) -> Result<()> {
        panic!("a defect")
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let mut error = null_mut();
        // SAFETY: nothing is read, and the place for the error is this test's.
        assert_eq!(unsafe { guard(&raw mut error, panics) }, ErrorKind::Internal.code());
        // SAFETY: the failure left an error, which is freed once.
        unsafe {
            assert_eq!((*error).kind, ErrorKind::Internal.code());
            libkv_error_free(error);
        }
    }

    #[test]
    fn a_panic_without_a_status_becomes_the_other_value() {
        // SAFETY: nothing is read.
        assert_eq!(unsafe { guard_value(7, |caller| panics(caller).map(|()| 1)) }, 7);
    }

    #[test]
    fn a_place_is_emptied_before_the_call() {
        let mut place = 7;
        // SAFETY: the place is this test's.
        let status = unsafe {
            guard(null_mut(), |caller| {
                let out = caller.out("place", &raw mut place)?;
                caller.text("name", null())?;
                out.put(8);
                Ok(())
            })
        };
        assert_eq!((status, place), (ErrorKind::InvalidArgument.code(), 0));
    }
}
