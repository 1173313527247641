//! The one interpreter of a process that can use libkv.

use std::sync::atomic::{
    AtomicI64,
    Ordering::{AcqRel, Acquire},
};

use pyo3::{exceptions::PyImportError, ffi, prelude::*};

/// The id of the interpreter that imported libkv first; -1 before that.
static FIRST: AtomicI64 = AtomicI64::new(-1);

/// Refuses every interpreter but the first: classes, and what is kept from one call to the next, are objects of that one.
pub(crate) fn claim(_: Python<'_>) -> PyResult<()> {
    // SAFETY: the token stands for a thread that is attached to an interpreter.
    let current = unsafe { ffi::PyInterpreterState_GetID(ffi::PyInterpreterState_Get()) };
    match FIRST.compare_exchange(-1, current, AcqRel, Acquire) {
        Err(first) if first != current => Err(PyImportError::new_err(
            "libkv works in one interpreter of a process, and another one has imported it already",
        )),
        _ => Ok(()),
    }
}
