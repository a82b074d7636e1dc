//! The registers that UU 27/2022 on personal data asks for: what civil servants ask about their
//! own data ([`asked`]), and failures to protect it ([`breaches`]). Each act is an entry of the
//! ledger, written in the transaction that does it; its number and its moment are those of the
//! entry. The tables say only which entries there are, and are computed from them.

mod asked;
mod breaches;
mod touched;

use jiff::SignedDuration;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::bulk::{self, Cell};
use crate::entry::{Privacy, PrivacyAct};
use crate::{Entry, OPEN, StoreError, Writer};

pub use asked::{About, Asked, Verdict};
pub use breaches::{Adding, Affected, Breach, Told};

/// Three times 24 hours: within it a request is answered (UU 27/2022 art. 30, 32, 41) and a failure
/// is told to the persons and to the authority (art. 46).
pub const CLOCK: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Folds an act into the tables.
pub(crate) async fn keep(
    connection: &mut AnyConnection,
    seq: i64,
    at: i64,
    act: &PrivacyAct,
) -> Result<(), StoreError> {
    let query = match act {
        PrivacyAct::Requested { nip, .. } => {
            let sql = "INSERT INTO privacy_request (id, nip, answered_by) VALUES ($1, $2, $3)";
            sqlx::query(sql).bind(seq).bind(nip.clone()).bind(OPEN)
        }
        PrivacyAct::RequestAnswered { request, .. } => {
            let sql = "UPDATE privacy_request SET answered_by = $2 WHERE id = $1";
            sqlx::query(sql).bind(*request).bind(seq)
        }
        PrivacyAct::BreachNoted { found, .. } => {
            let sql = "INSERT INTO breach \
                       (id, found_at, words, told_persons, told_authority, told_public) \
                       VALUES ($1, $2, $1, 0, 0, 0)";
            sqlx::query(sql).bind(seq).bind(found.as_microsecond())
        }
        PrivacyAct::BreachRetold { breach, .. } => {
            sqlx::query("UPDATE breach SET words = $2 WHERE id = $1")
                .bind(*breach)
                .bind(seq)
        }
        PrivacyAct::BreachTold { breach, whom } => {
            let sql = format!("UPDATE breach SET {} = $2 WHERE id = $1", whom.column());
            sqlx::query(AssertSqlSafe(sql)).bind(*breach).bind(at)
        }
        PrivacyAct::BreachTouches { breach, persons } => {
            let persons = persons.iter();
            let mut cells: Vec<Cell> = persons
                .flat_map(|(person, nip)| {
                    [
                        Cell::Int(*breach),
                        Cell::Int(*person),
                        Cell::Text(nip.clone()),
                    ]
                })
                .collect();
            let into = "breach_person (breach, person_id, nip)";
            return bulk::insert(connection, into, 3, &mut cells).await;
        }
    };
    query.execute(connection).await?;
    Ok(())
}

impl Writer {
    /// Appends an act under the law on personal data.
    async fn act(&mut self, act: PrivacyAct, by: &str) -> Result<i64, StoreError> {
        let by = by.to_owned();
        self.append(&Entry::Privacy(Privacy { act, by })).await
    }
}
