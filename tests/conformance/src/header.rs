//! What a C or C++ header declares: enough of it to hold the header against the contract.

use regex_lite::Regex;

/// A header without its comments.
pub struct Header(String);

impl Header {
    /// Reads a header's text.
    pub fn new(text: &str) -> Result<Self, String> {
        Ok(Self(regex(r"(?s)/\*.*?\*/|//[^\n]*")?.replace_all(text, " ").into_owned()))
    }

    /// What the first group of `pattern` matches, wherever it does.
    pub fn names(&self, pattern: &str) -> Result<Vec<&str>, String> {
        Ok(captures(&regex(pattern)?, &self.0))
    }

    /// The data members of a struct or class, and its const functions without arguments; the error says that there is none
    /// of this name.
    pub fn members(&self, name: &str) -> Result<Vec<&str>, String> {
        let opening = regex(&format!(r"\b(?:struct|class)\s+{name}\b[^;{{]*\{{"))?;
        let start = opening.find(&self.0).ok_or_else(|| format!("the header has no struct {name}"))?.end();
        let body = balanced(&self.0[start..]).ok_or_else(|| format!("struct {name} does not end"))?;
        let member = regex(r"(\w+)\s*(?:\[\w*\]|=[^;]*|\{[^;]*\})?$")?;
        let accessor = regex(r"(\w+)\s*\(\s*\)\s*const\b")?;
        let kind = |declaration: &str| if declaration.contains('(') { &accessor } else { &member };
        Ok(body.split(';').flat_map(|part| captures(kind(part), part.trim())).collect())
    }
}

fn regex(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| format!("{pattern}: {error}"))
}

fn captures<'t>(regex: &Regex, text: &'t str) -> Vec<&'t str> {
    regex.captures_iter(text).filter_map(|captures| captures.get(1)).map(|part| part.as_str()).collect()
}

/// What stands before the brace that closes the one before `text`.
fn balanced(text: &str) -> Option<&str> {
    let mut depth = 1;
    for (at, character) in text.char_indices() {
        depth += match character {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return Some(&text[..at]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "
        /* libkv_in_comment(); LIBKV_ERROR_COMMENT */
        #define LIBKV_ERROR_NOT_FOUND 20 // LIBKV_ERROR_ALSO_COMMENT
        typedef struct libkv_error {
          /** The kind; not a { brace. */
          libkv_status kind;
          struct libkv_str message;
          int32_t codes[4];
        } libkv_error;
        class Error : public std::exception {
        public:
          std::optional<std::map<std::string, int>> tags;
          bool managed = false;
          int64_t size{0};
          const char *what() const noexcept override { return message.c_str(); }
          void clear();
        };
        libkv_status libkv_get_secret(const libkv_client *client);
        typedef void (*libkv_callback)(void *);
    ";

    #[test]
    fn declarations_are_found_and_comments_are_not() {
        let header = Header::new(HEADER).unwrap();
        assert_eq!(header.names(r"\blibkv_(\w+)\s*\("), Ok(vec!["get_secret"]));
        assert_eq!(header.names(r"\bLIBKV_ERROR_(\w+)"), Ok(vec!["NOT_FOUND"]));
        assert!(header.names("(").is_err());
    }

    #[test]
    fn members_are_found_and_what_gives_them() {
        let header = Header::new(HEADER).unwrap();
        assert_eq!(header.members("libkv_error"), Ok(vec!["kind", "message", "codes"]));
        assert_eq!(header.members("Error"), Ok(vec!["tags", "managed", "size", "what"]));
        assert_eq!(header.members("libkv_str"), Err("the header has no struct libkv_str".to_owned()));
        assert!(Header::new("struct a { int b;").unwrap().members("a").is_err());
    }
}
