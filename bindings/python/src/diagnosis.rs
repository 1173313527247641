use pyo3::prelude::*;

#[doc = doc!("DiagnosisStep")]
#[pyclass(frozen, get_all, module = "libkv")]
pub(crate) struct DiagnosisStep {
    name: &'static str,
    verdict: &'static str,
    elapsed: f64,
    detail: String,
    advice: Option<String>,
}

impl From<libkv::DiagnosisStep> for DiagnosisStep {
    fn from(step: libkv::DiagnosisStep) -> Self {
        Self {
            name: step.name,
            verdict: step.verdict.name(),
            elapsed: step.elapsed,
            detail: step.detail,
            advice: step.advice,
        }
    }
}

#[pymethods]
impl DiagnosisStep {
    fn __repr__(&self) -> String {
        format!("<DiagnosisStep [{} {}]>", self.name, self.verdict)
    }
}
