//! What a vault was asked.

use std::collections::{BTreeMap, HashMap, VecDeque};

use http::{Method, StatusCode};
use serde::{Serialize, Serializer};

use crate::operation::Operation;

/// How many requests are kept one by one; the counts go on.
const KEPT: usize = 10_000;

/// One request.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    #[serde(serialize_with = "method_text")]
    pub method: Method,
    /// Path and query as they were sent.
    pub path: String,
    pub operation: Option<Operation>,
    pub name: Option<String>,
    pub status: Option<u16>,
    pub authenticated: bool,
    /// What the fault that hit the request does.
    pub fault: Option<&'static str>,
}

/// Names an entry until its answer is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<Entry>,
    /// How many entries have been dropped from the front.
    dropped: u64,
    probes: u64,
    by_operation: HashMap<&'static str, Count>,
    throttled: u64,
}

#[derive(Debug, Default)]
struct Count {
    all: u64,
    by_name: HashMap<String, u64>,
}

/// The log as the control endpoint shows it.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    requests: &'a VecDeque<Entry>,
    counts: BTreeMap<String, u64>,
    throttled: u64,
}

impl RequestLog {
    /// Notes a request down, before it is answered.
    pub fn arrive(&mut self, entry: Entry) -> Ticket {
        self.count(&entry);
        if self.entries.len() == KEPT {
            self.entries.pop_front();
            self.dropped += 1;
        }
        self.entries.push_back(entry);
        Ticket(self.dropped + self.entries.len() as u64 - 1)
    }

    fn count(&mut self, entry: &Entry) {
        let Some(operation) = entry.operation else { return };
        if !entry.authenticated && operation != Operation::Token {
            self.probes += 1;
            return;
        }
        let count = self.by_operation.entry(operation.name()).or_default();
        count.all += 1;
        let Some(name) = &entry.name else { return };
        match count.by_name.get_mut(name) {
            Some(times) => *times += 1,
            None => {
                count.by_name.insert(name.clone(), 1);
            }
        }
    }

    /// Notes down how a request was answered.
    pub fn answered(&mut self, ticket: Ticket, status: StatusCode) {
        let position = ticket.0.checked_sub(self.dropped).and_then(|position| usize::try_from(position).ok());
        if let Some(entry) = position.and_then(|position| self.entries.get_mut(position)) {
            entry.status = Some(status.as_u16());
        }
    }

    /// Counts a refusal for want of quota.
    pub fn throttled(&mut self) {
        self.throttled += 1;
    }

    /// Forgets all requests; a ticket from before names none of the later ones.
    pub fn clear(&mut self) {
        let dropped = self.dropped + self.entries.len() as u64;
        *self = Self { dropped, ..Self::default() };
    }

    /// Returns the requests that are kept, from the newest one on.
    pub fn newest_first(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev()
    }

    pub fn report(&self) -> Report<'_> {
        let mut counts = BTreeMap::new();
        if self.probes > 0 {
            counts.insert("probe".to_owned(), self.probes);
        }
        for (operation, count) in &self.by_operation {
            counts.insert((*operation).to_owned(), count.all);
            counts.extend(count.by_name.iter().map(|(name, times)| (format!("{operation} {name}"), *times)));
        }
        Report { requests: &self.entries, counts, throttled: self.throttled }
    }
}

fn method_text<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(operation: Option<Operation>, name: &str, authenticated: bool) -> Entry {
        Entry {
            method: Method::GET,
            path: format!("/secrets/{name}"),
            operation,
            name: (!name.is_empty()).then(|| name.to_owned()),
            status: None,
            authenticated,
            fault: None,
        }
    }

    #[test]
    fn requests_are_counted_by_operation_and_by_name() {
        let mut log = RequestLog::default();
        log.arrive(entry(Some(Operation::GetSecret), "db", false));
        log.arrive(entry(Some(Operation::GetSecret), "db", true));
        log.arrive(entry(Some(Operation::GetSecret), "web", true));
        log.arrive(entry(Some(Operation::Token), "", false));
        let counts = log.report().counts;
        let expected =
            [("get_secret", 2), ("get_secret db", 1), ("get_secret web", 1), ("probe", 1), ("token", 1)];
        assert_eq!(counts, expected.map(|(key, count)| (key.to_owned(), count)).into());
    }

    #[test]
    fn a_late_answer_finds_its_own_request_or_none() {
        let mut log = RequestLog::default();
        let first = log.arrive(entry(None, "a", true));
        log.clear();
        let second = log.arrive(entry(None, "b", true));
        log.answered(first, StatusCode::OK);
        assert_eq!(log.entries[0].status, None);
        log.answered(second, StatusCode::NOT_FOUND);
        assert_eq!(log.entries[0].status, Some(404));
    }

    #[test]
    fn old_requests_make_room_and_stay_counted() {
        let mut log = RequestLog::default();
        for _ in 0..=KEPT {
            log.arrive(entry(Some(Operation::GetSecret), "db", true));
        }
        assert_eq!(log.entries.len(), KEPT);
        assert_eq!(log.report().counts["get_secret"], KEPT as u64 + 1);
    }
}
