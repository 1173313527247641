//! The little HTML that the page is made of.

use std::fmt::{self, Display, Formatter, Write};

/// Text that means itself wherever it stands, in an element or in a quoted attribute.
pub(super) struct Text<T>(pub T);

impl<T: Display> Display for Text<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|char| match char {
            '&' => self.0.write_str("&amp;"),
            '<' => self.0.write_str("&lt;"),
            '>' => self.0.write_str("&gt;"),
            '"' => self.0.write_str("&quot;"),
            '\'' => self.0.write_str("&#39;"),
            other => self.0.write_char(other),
        })
    }
}

/// A table that can be scrolled sideways, with the keyboard too. Its cells are text.
pub(super) struct Table<const COLUMNS: usize> {
    pub caption: String,
    pub head: [&'static str; COLUMNS],
    pub rows: Vec<[String; COLUMNS]>,
    /// Stands in place of a table without rows.
    pub empty: &'static str,
}

impl<const COLUMNS: usize> Display for Table<COLUMNS> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            return writeln!(f, "<p>{}</p>", self.empty);
        }
        let caption = Text(&self.caption);
        writeln!(f, "<div class=\"table\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\">")?;
        write!(f, "<table><caption>{caption}</caption>\n<thead><tr>")?;
        self.head.iter().try_for_each(|cell| write!(f, "<th scope=\"col\">{cell}</th>"))?;
        f.write_str("</tr></thead>\n<tbody>\n")?;
        for (first, rest) in self.rows.iter().filter_map(|row| row.split_first()) {
            write!(f, "<tr><th scope=\"row\">{}</th>", Text(first))?;
            rest.iter().try_for_each(|cell| write!(f, "<td>{}</td>", Text(cell)))?;
            f.write_str("</tr>\n")?;
        }
        f.write_str("</tbody></table>\n</div>\n")
    }
}
