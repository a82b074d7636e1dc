//! Counting persons by what their golden records say, for statistics.

use rayon::prelude::*;
use satu_domain::Kind;
use sqlx::AssertSqlSafe;

use crate::kept_record::read_values;
use crate::keys::Place;
use crate::{Scope, Store, StoreError};

/// Persons read at a time: some 25 MB of records.
const PAGE: i64 = 20_000;

impl Store {
    /// Passes over every person within reach, but for those of whom payroll alone speaks, and hands
    /// over what the golden record says in some columns of `data_utama` and nothing else of it; empty
    /// where nothing is said. All is of one moment.
    pub async fn tally<const N: usize>(
        &self,
        scope: &Scope,
        columns: [&str; N],
        mut count: impl FnMut(&[&str; N]),
    ) -> Result<(), StoreError> {
        let columns = columns.map(|name| Kind::DataUtama.position(name));
        let sql = format!(
            "SELECT p.person_id, p.record FROM person p WHERE p.ghost = 0 AND p.person_id > $2 AND {} \
             ORDER BY p.person_id LIMIT $3",
            scope.persons("p.person_id", "$1")
        );
        let mut snapshot = self.snapshot().await?;
        let ring = snapshot.keys.ring()?;
        let mut after = 0;
        loop {
            let mut page: Vec<(i64, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(sql.clone()))
                .bind(scope.value())
                .bind(after)
                .bind(PAGE)
                .fetch_all(&mut *snapshot.tx)
                .await?;
            let Some((last, _)) = page.last() else {
                return Ok(());
            };
            after = *last;
            let read: Vec<_> = page
                .par_iter_mut()
                .map(|(person, sealed)| {
                    let text = ring.open(Place::record(*person), sealed)?;
                    read_values(*person, text, &columns)
                })
                .collect();
            for values in read {
                let values = values?;
                count(&values);
            }
        }
    }
}
