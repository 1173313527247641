//! What an operation on many secrets gives: one result per secret, in order.

#[cfg(test)]
mod tests;

use std::{collections::VecDeque, fmt, mem, vec};

use tokio::task::{JoinError, JoinHandle};

use crate::{
    error::{Error, ErrorKind, Result},
    model::{Secret, SecretProperties, Tags},
    operations::{GetSecret, ListSecrets, SetSecret},
    page::Pages,
    request::{Context, Operation, Request},
    value::SecretValue,
};

/// What became of one secret among many.
#[derive(Debug)]
#[non_exhaustive]
pub struct SecretResult {
    /// The secret's name.
    pub name: String,
    /// The secret, or why there is none.
    pub outcome: Result<Secret>,
}

/// How far an operation on many secrets has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many results have been taken.
    pub done: usize,
    /// How many there are in all; absent while the vault's list is still being read.
    pub total: Option<usize>,
}

/// The results of an operation on many secrets, in order, while others are under way.
///
/// Nothing is begun before the first result is asked for. What is under way goes on between two of them; dropping this cancels
/// it, which leaves open whether a set that was under way has been applied.
pub struct Results {
    context: Context,
    orders: Orders,
    under_way: VecDeque<UnderWay>,
    concurrency: usize,
    done: usize,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
    /// Why no more orders come.
    failure: Option<Error>,
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Results").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

impl Results {
    pub(crate) fn new(
        context: &Context,
        orders: Orders,
        concurrency: usize,
        on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
    ) -> Self {
        let (context, under_way) = (context.clone(), VecDeque::new());
        Self { context, orders, under_way, concurrency, done: 0, on_progress, failure: None }
    }

    /// Returns how far it has come.
    pub fn progress(&self) -> Progress {
        let total = self.orders.left().map(|left| self.done + self.under_way.len() + left);
        Progress { done: self.done, total }
    }

    /// Waits for the next result; none behind the last one. One that is not waited for to the end is not lost.
    ///
    /// # Errors
    /// Those of the list of the vault's secrets, after the results of those listed before.
    pub async fn next(&mut self) -> Result<Option<SecretResult>> {
        while self.under_way.len() < self.concurrency && self.failure.is_none() {
            match self.orders.next(&self.context).await {
                Ok(Some(begun)) => self.under_way.push_back(begun),
                Ok(None) => break,
                Err(error) => self.failure = Some(error),
            }
        }
        let Some(first) = self.under_way.front_mut() else {
            return self.failure.take().map_or(Ok(None), Err);
        };
        let outcome = (&mut first.call).await.unwrap_or_else(|lost| Err(given_up(&lost)));
        let name = mem::take(&mut first.name);
        self.under_way.pop_front();
        self.done += 1;
        let progress = self.progress();
        if let Some(tell) = &mut self.on_progress {
            tell(progress);
        }
        Ok(Some(SecretResult { name, outcome }))
    }

    /// Waits for all that is left.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<SecretResult>> {
        let mut results = Vec::new();
        while let Some(result) = self.next().await? {
            results.push(result);
        }
        Ok(results)
    }
}

fn given_up(lost: &JoinError) -> Error {
    if lost.is_cancelled() {
        Error::new(ErrorKind::Cancelled, "the runtime ended before the call did")
    } else {
        Error::new(ErrorKind::Internal, "libkv failed within itself: a panic was caught")
    }
}

/// A call of its own task, so that it goes on while nobody waits for it.
struct UnderWay {
    name: String,
    call: JoinHandle<Result<Secret>>,
}

impl UnderWay {
    fn begin<O: Operation<Output = Secret>>(context: &Context, name: String, operation: O) -> Self {
        let request = Request::new(&context.pipeline, operation).timeout(context.deadline.length());
        Self { name, call: tokio::spawn(request.into_future()) }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.call.abort();
    }
}

/// The secrets that are still to be begun.
pub(crate) enum Orders {
    Get(vec::IntoIter<String>),
    GetListed(Listed),
    Set(vec::IntoIter<(String, SecretValue)>, SetSecret),
}

/// The names that a list of the vault's secrets gives.
pub(crate) struct Listed {
    /// None once a page could not be read.
    pages: Option<Pages<ListSecrets>>,
    is_read: bool,
    names: VecDeque<String>,
    prefix: String,
    tags: Tags,
}

impl Orders {
    pub(crate) fn get(names: Vec<String>) -> Self {
        Self::Get(names.into_iter())
    }

    pub(crate) fn get_listed(pages: Pages<ListSecrets>, prefix: String, tags: Tags) -> Self {
        Self::GetListed(Listed { pages: Some(pages), is_read: false, names: VecDeque::new(), prefix, tags })
    }

    pub(crate) fn set(values: Vec<(String, SecretValue)>, alike: SetSecret) -> Self {
        Self::Set(values.into_iter(), alike)
    }

    /// Returns how many there are, if it is known.
    fn left(&self) -> Option<usize> {
        match self {
            Self::Get(names) => Some(names.len()),
            Self::GetListed(listed) => listed.is_read.then_some(listed.names.len()),
            Self::Set(values, _) => Some(values.len()),
        }
    }

    async fn next(&mut self, context: &Context) -> Result<Option<UnderWay>> {
        let get = |name: String| UnderWay::begin(context, name.clone(), GetSecret::new(name));
        Ok(match self {
            Self::Get(names) => names.next().map(get),
            Self::GetListed(listed) => listed.next().await?.map(get),
            Self::Set(values, alike) => values
                .next()
                .map(|(name, value)| UnderWay::begin(context, name.clone(), alike.of(name, value))),
        })
    }
}

impl Listed {
    async fn next(&mut self) -> Result<Option<String>> {
        while self.names.is_empty() && !self.is_read {
            let Some(pages) = &mut self.pages else { return Ok(None) };
            match pages.next_page().await.inspect_err(|_| self.pages = None)? {
                Some(page) => {
                    self.is_read = page.continuation_token.is_none();
                    let matching = page.items.into_iter().filter(|found| self.matches(found));
                    self.names = matching.map(|found| found.name).collect();
                }
                None => self.is_read = true,
            }
        }
        Ok(self.names.pop_front())
    }

    fn matches(&self, found: &SecretProperties) -> bool {
        let start = found.name.get(..self.prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(&self.prefix))
            && self.tags.iter().all(|(key, value)| found.tags.get(key) == Some(value))
    }
}
