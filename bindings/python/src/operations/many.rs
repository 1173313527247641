use pyo3::{prelude::*, types::PyDict};

use crate::{
    argument::{Names, OnProgress, Values},
    client::{Answer, CoreClient},
    keyword::Keywords,
    results,
};

#[pymethods]
impl CoreClient {
    #[doc = doc!("SecretClient.set_secrets")]
    #[pyo3(
        signature = (values, *, on_progress=None, **keywords),
        text_signature = "($self, /, values, *, enabled=None, tags=None, content_type=None, not_before=None, expires_on=None, on_conflict=None, if_changed=None, if_absent=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn set_secrets(
        &self,
        py: Python<'_>,
        values: Values,
        on_progress: Option<OnProgress>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let request = keywords.set(self.client(py)?.set_secrets(Vec::from(values)))?;
        let request = keywords.many(request)?;
        results::begin(py, &self.drive, request, on_progress, keywords)
    }

    #[doc = doc!("SecretClient.get_secrets")]
    #[pyo3(
        signature = (names=None, *, on_progress=None, **keywords),
        text_signature = "($self, /, names=None, *, prefix=None, tags=None, concurrency=None, on_progress=None, timeout=None)"
    )]
    fn get_secrets(
        &self,
        py: Python<'_>,
        names: Option<Names>,
        on_progress: Option<OnProgress>,
        keywords: Option<&Bound<'_, PyDict>>,
    ) -> Answer {
        let keywords = Keywords::from(keywords);
        let mut request = keywords.many(keywords.select(self.client(py)?.get_secrets())?)?;
        if let Some(names) = names {
            request = request.names(Vec::from(names));
        }
        results::begin(py, &self.drive, request, on_progress, keywords)
    }
}
