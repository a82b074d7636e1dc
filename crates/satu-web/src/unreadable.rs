//! Why a file cannot be read, for people who have a browser and no command line.

use std::path::Path;

use satu_intake::IntakeError;

use crate::Lang;

/// What is wrong, and what to do about it. `folder`: where the file stands, which is nobody's
/// business.
pub fn told(t: Lang, error: &IntakeError, folder: &Path) -> (String, String) {
    let (text, hint) = match error {
        IntakeError::Empty(_) => (t.file_empty().to_owned(), t.export_again()),
        IntakeError::NotATable { looks_like, .. } => (t.file_no_table(looks_like), t.save_as()),
        IntakeError::Damaged { reason, .. } => (t.file_damaged(reason), t.save_again()),
        IntakeError::TooLarge { part, .. } => (t.file_unpacks(part), t.split_it()),
        IntakeError::NoHeader { first, .. } => (t.file_no_header(first), t.put_a_header()),
        IntakeError::MissingColumns { kind, columns, .. } => {
            let kind = satu_domain::Kind::from_name(kind).map_or(*kind, |kind| t.kind_named(kind));
            (t.file_lacks(kind, columns.join(", ")), t.add_columns())
        }
        IntakeError::TwoHeaders {
            column,
            first,
            second,
            ..
        } => (t.file_two_headers(first, second, column), t.rename_one()),
        IntakeError::MapHeader { header, column, .. } => {
            (t.file_map_header(header, column), t.correct_the_map())
        }
        IntakeError::NeverClosed { row, .. } => (t.file_never_closed(row), t.find_the_mark()),
        IntakeError::TooLong { row, .. } => (t.file_too_long(row), t.find_the_mark()),
        IntakeError::Map(error) => (error.to_string(), t.correct_the_map()),
        other => (other.to_string(), t.export_again()),
    };
    let inside = format!("{}/", folder.display());
    (text.replace(&inside, ""), hint.to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use satu_intake::{Options, open};

    use crate::Lang;

    #[test]
    fn the_folder_is_not_told() {
        let folder = Path::new("/no/such/folder");
        let Err(error) = open(&folder.join("a.csv"), &Options::default()) else {
            panic!("there is no such file");
        };
        let (text, hint) = super::told(Lang::Id, &error, folder);
        assert!(text.starts_with("a.csv ") && !hint.is_empty(), "{text}");
    }
}
