//! Calls out of Rust into code of Python's, which may never come back.

use std::{hint::black_box, mem, ptr::null_mut, thread};

use pyo3::{ffi, prelude::*, types::PyTuple};

/// `PyObject_Call`'s, but for the ABI: PyO3's says that nothing unwinds out of it.
type Call = unsafe extern "C-unwind" fn(
    callable: *mut ffi::PyObject,
    arguments: *mut ffi::PyObject,
    keywords: *mut ffi::PyObject,
) -> *mut ffi::PyObject;

/// Calls something that may let go of the GIL, on a thread that the interpreter may end before it has the GIL back.
///
/// Before Python 3.14 that unwinds the thread's stack, which frames of Rust do not survive. The thread stays here instead, as it
/// does from 3.14 on.
pub(crate) fn call_out<'py>(
    callable: &Bound<'py, PyAny>,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error: Into<PyErr>>,
) -> PyResult<Bound<'py, PyAny>> {
    let arguments = arguments.into_pyobject(callable.py()).map_err(Into::into)?;
    let call = ffi::PyObject_Call as unsafe extern "C" fn(_, _, _) -> _;
    // The optimizer must not see which function it is: it would take PyO3's word that nothing unwinds, and drop what handles it.
    // SAFETY: a function may be called by an ABI that permits it to unwind where its own does not.
    let call: Call = black_box(unsafe { mem::transmute::<unsafe extern "C" fn(_, _, _) -> _, Call>(call) });
    let stay = Stay;
    // SAFETY: both are objects that live meanwhile, and the thread is attached, as their lifetimes show.
    let given = unsafe { call(callable.as_ptr(), arguments.as_ptr(), null_mut()) };
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
