//! The line protocol's words: numbered requests, numbered replies, percent-encoded pairs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'_').remove(b'-');

/// The fields of one request or reply, by key. A value is bytes because a backup is.
pub type Pairs = BTreeMap<String, Vec<u8>>;

/// A request as an adapter reads it.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    /// The number its reply repeats.
    pub id: u64,
    /// `OPEN`, `CALL`, `CLOSE` or `DESCRIBE`.
    pub verb: String,
    /// What follows the verb.
    pub pairs: Pairs,
}

/// What an adapter answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Reply {
    /// The operation's fields.
    Ok(Pairs),
    /// The error's fields.
    Err(Pairs),
}

/// Writes a request's line, without the line break.
pub fn request_line(id: u64, verb: &str, pairs: &Pairs) -> String {
    line(id, verb, pairs)
}

/// Writes a reply's line, without the line break.
pub fn reply_line(id: u64, reply: &Reply) -> String {
    match reply {
        Reply::Ok(pairs) => line(id, "OK", pairs),
        Reply::Err(pairs) => line(id, "ERR", pairs),
    }
}

/// Reads a request's line; the error says what is wrong with it.
pub fn parse_request(line: &str) -> Result<Request, String> {
    let (id, verb, pairs) = parse(line)?;
    Ok(Request { id, verb: verb.to_owned(), pairs })
}

/// Reads the reply to request `id`; the error says what is wrong with it.
pub fn parse_reply(id: u64, line: &str) -> Result<Reply, String> {
    let (replied, verb, pairs) = parse(line)?;
    if replied != id {
        return Err(format!("the reply is numbered {replied}, the request was {id}"));
    }
    match verb {
        "OK" => Ok(Reply::Ok(pairs)),
        "ERR" => Ok(Reply::Err(pairs)),
        other => Err(format!("`{other}` is neither OK nor ERR")),
    }
}

fn line(id: u64, verb: &str, pairs: &Pairs) -> String {
    let mut line = format!("{id} {verb}");
    for (key, value) in pairs {
        // Writing to a String cannot fail.
        let _ =
            write!(line, " {}={}", percent_encode(key.as_bytes(), ESCAPED), percent_encode(value, ESCAPED));
    }
    line
}

fn parse(line: &str) -> Result<(u64, &str, Pairs), String> {
    let mut words = line.split(' ');
    let number = words.next().unwrap_or_default();
    let id = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
    let verb = words.next().ok_or("the line has no second word")?;
    let mut pairs = Pairs::new();
    for word in words {
        let (key, value) = word.split_once('=').ok_or_else(|| format!("`{word}` is not a pair"))?;
        let key = String::from_utf8(decode(key)?).map_err(|_| format!("the key `{key}` is not UTF-8"))?;
        if pairs.insert(key.clone(), decode(value)?).is_some() {
            return Err(format!("`{key}` is there twice"));
        }
    }
    Ok((id, verb, pairs))
}

/// Decodes strictly: only what [`line`] could have written is accepted, so that no adapter gets by with a lax encoder.
/// The case of hex digits is free.
fn decode(text: &str) -> Result<Vec<u8>, String> {
    let bytes: Vec<u8> = percent_decode_str(text).collect();
    if percent_encode(&bytes, ESCAPED).to_string().eq_ignore_ascii_case(text) {
        Ok(bytes)
    } else {
        Err(format!("`{text}` is not percent-encoded as agreed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(items: &[(&str, &[u8])]) -> Pairs {
        items.iter().map(|(key, value)| ((*key).to_owned(), value.to_vec())).collect()
    }

    #[test]
    fn every_byte_survives_the_line() {
        let all: Vec<u8> = (0..=255).collect();
        let sent = pairs(&[("a.value", &all), ("a.tags.x=y z%", "käse\n".as_bytes()), ("a.empty", b"")]);
        let line = request_line(7, "CALL", &sent);
        assert!(line.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' '), "{line}");
        assert_eq!(parse_request(&line), Ok(Request { id: 7, verb: "CALL".to_owned(), pairs: sent }));
    }

    #[test]
    fn only_the_agreed_bytes_stay_unescaped() {
        let line = request_line(1, "CALL", &pairs(&[("k", b"aZ09._-~/+")]));
        assert_eq!(line, "1 CALL k=aZ09._-%7E%2F%2B");
    }

    #[test]
    fn replies_are_read() {
        assert_eq!(parse_reply(3, "3 OK"), Ok(Reply::Ok(Pairs::new())));
        assert_eq!(parse_reply(3, "3 ERR kind=not_found"), Ok(Reply::Err(pairs(&[("kind", b"not_found")]))));
        assert_eq!(parse_reply(3, "3 OK a=%2f"), Ok(Reply::Ok(pairs(&[("a", b"/")]))));
    }

    #[test]
    fn bad_replies_are_refused_with_the_reason() {
        for (line, reason) in [
            ("4 OK", "numbered 4"),
            ("x OK", "not a number"),
            ("3", "no second word"),
            ("3 YES", "neither OK nor ERR"),
            ("3 OK  a=1", "not a pair"),
            ("3 OK a", "not a pair"),
            ("3 OK a=1 a=2", "twice"),
            ("3 OK a=%4", "percent-encoded"),
            ("3 OK a=%41", "percent-encoded"),
            ("3 OK a=x/y", "percent-encoded"),
            ("3 OK %FF=1", "not UTF-8"),
        ] {
            let error = parse_reply(3, line).expect_err(line);
            assert!(error.contains(reason), "{line}: {error}");
        }
    }
}
