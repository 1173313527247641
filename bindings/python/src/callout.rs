//! Calls out of Rust into code of Python's, which may never come back.

use std::{mem, ptr::null_mut, thread};

use pyo3::{ffi, prelude::*, types::PyTuple};

unsafe extern "C-unwind" {
    /// As PyO3 has it, but for the ABI: its own says that nothing unwinds out of it.
    fn PyObject_Call(
        callable: *mut ffi::PyObject,
        arguments: *mut ffi::PyObject,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject;
}

/// Calls something that may let go of the GIL, on a thread that the interpreter may end before it has the GIL back.
///
/// Before Python 3.14 that unwinds the thread's stack, which frames of Rust do not survive. The thread stays here instead, as it
/// does from 3.14 on.
pub(crate) fn call_out<'py>(
    callable: &Bound<'py, PyAny>,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error: Into<PyErr>>,
) -> PyResult<Bound<'py, PyAny>> {
    let arguments = arguments.into_pyobject(callable.py()).map_err(Into::into)?;
    let stay = Stay;
    // SAFETY: both are objects that live meanwhile, and the thread is attached, as their lifetimes show.
    let given = unsafe { PyObject_Call(callable.as_ptr(), arguments.as_ptr(), null_mut()) };
    mem::forget(stay);
    // SAFETY: it is a new reference, or null with an exception set.
    unsafe { Bound::from_owned_ptr_or_err(callable.py(), given) }
}

/// Keeps a thread whose stack is unwound.
struct Stay;

impl Drop for Stay {
    fn drop(&mut self) {
        loop {
            thread::park();
        }
    }
}
