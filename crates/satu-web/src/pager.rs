//! Long tables, page by page.

/// Which part of a table is shown, and how to come to the others.
pub struct Pager {
    /// The page shown, from 1.
    pub at: i64,
    /// How many there are; at least 1.
    pub pages: i64,
    /// Rows in all.
    pub total: i64,
    /// Rows of a page.
    size: i64,
    /// An address that lacks only the page's number.
    to: String,
}

/// Rows of a page of most tables.
pub const PAGE: i64 = 50;

impl Pager {
    /// For a table of `total` rows. A page that is not there is the nearest one that is.
    pub fn new(total: i64, wanted: i64, path: &str, query: &[(&str, &str)]) -> Pager {
        Pager::sized(PAGE, total, wanted, path, query)
    }

    /// The same with `size` rows a page.
    pub fn sized(size: i64, total: i64, wanted: i64, path: &str, query: &[(&str, &str)]) -> Pager {
        let pages = ((total + size - 1) / size).max(1);
        let mut to = queried(path, query);
        to.push(if to.contains('?') { '&' } else { '?' });
        Pager {
            at: wanted.clamp(1, pages),
            pages,
            total,
            size,
            to: to + "hal=",
        }
    }

    /// Rows before the page.
    pub fn skip(&self) -> i64 {
        (self.at - 1) * self.size
    }

    /// The address of a page.
    pub fn page(&self, at: i64) -> String {
        format!("{}{at}", self.to)
    }
}

/// A path with a query; what is empty is left out.
pub fn queried(path: &str, query: &[(&str, &str)]) -> String {
    let parts: Vec<String> = query
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", crate::page::encoded(value)))
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Pager, queried};

    #[test]
    fn a_page_that_is_not_there_is_the_nearest() {
        for (total, wanted, at, pages) in
            [(0, 0, 1, 1), (50, 2, 1, 1), (51, 9, 2, 2), (101, -3, 1, 3)]
        {
            let pager = Pager::new(total, wanted, "/a", &[]);
            assert_eq!((pager.at, pager.pages), (at, pages));
        }
        let pager = Pager::new(101, 2, "/a", &[("q", "x&y"), ("r", "")]);
        assert_eq!(
            (pager.skip(), pager.page(3).as_str()),
            (50, "/a?q=x%26y&hal=3")
        );
        assert_eq!(queried("/a", &[("r", "")]), "/a");
    }
}
