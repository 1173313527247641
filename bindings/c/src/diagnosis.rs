use std::ffi::c_void;

use libkv::DiagnosisStep;

use crate::{
    error::libkv_error,
    memory::{Store, View, take_back},
    text::libkv_str,
};

/// One step on the way to a vault, and how it went; freed with the diagnosis.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_diagnosis_step {
    /// What was tried: "dns", "tcp", "tls", "challenge", "clock", "token" or "call".
    pub name: libkv_str,
    /// How it went: "ok", "failed", or "skipped" where it does not apply or one before it failed.
    pub verdict: libkv_str,
    /// How long it took, in seconds.
    pub elapsed: f64,
    /// What was found, for a person. It never holds a secret's value or a token.
    pub detail: libkv_str,
    /// The next step for a person, if the step failed and libkv knows one.
    pub advice: libkv_str,
}

/// The steps on the way to a vault, in order.
///
/// Functions: `libkv_diagnose`, `libkv_diagnosis_free`.
#[repr(C)]
#[derive(Debug)]
pub struct libkv_diagnosis {
    /// The steps; freed with the diagnosis.
    pub items: *const *const libkv_diagnosis_step,
    /// The number of steps.
    pub count: usize,
}

/// Is told a diagnosis or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
pub type libkv_diagnosis_callback =
    Option<unsafe extern "C" fn(data: *mut c_void, diagnosis: *mut libkv_diagnosis, error: *mut libkv_error)>;

impl View for libkv_diagnosis_step {
    type Source = DiagnosisStep;

    fn new(step: &DiagnosisStep, store: &mut Store) -> Self {
        Self {
            name: store.text(step.name),
            verdict: store.text(step.verdict.name()),
            elapsed: step.elapsed,
            detail: store.text(&step.detail),
            advice: store.optional_text(step.advice.as_deref()),
        }
    }
}

impl View for libkv_diagnosis {
    type Source = Vec<DiagnosisStep>;

    fn new(steps: &Vec<DiagnosisStep>, store: &mut Store) -> Self {
        Self { items: store.parts(steps), count: steps.len() }
    }
}

/// Frees a diagnosis with its steps; NULL is allowed.
///
/// Threads: any, once.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn libkv_diagnosis_free(diagnosis: *mut libkv_diagnosis) {
    // SAFETY: the caller passes what a function gave, once.
    unsafe { take_back(diagnosis) }
}
