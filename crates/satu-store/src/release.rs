//! What was released as open data.

use jiff::Timestamp;
use jiff::civil::Date;
use sqlx::{AnyConnection, Row};

use crate::bulk::{self, Cell};
use crate::entry::Release;
use crate::{Store, StoreError, Writer};

/// One dataset of one release. Anybody may have it: it is the public's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The day of the release.
    pub version: Date,
    /// The dataset's name.
    pub dataset: String,
    /// The hash under which its CSV text is kept.
    pub raw: String,
    /// The ledger number of the release.
    pub entry: i64,
    /// When it was released.
    pub released_at: Timestamp,
}

impl Store {
    /// Every dataset of every release, the newest release first, datasets by name.
    pub async fn releases(&self) -> Result<Vec<Released>, StoreError> {
        let sql = "SELECT version, dataset, raw, entry, released_at FROM released \
                   ORDER BY version DESC, dataset";
        let rows = sqlx::query(sql).fetch_all(&self.pool).await?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let version: String = row.try_get(0)?;
            let version = version
                .parse()
                .map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            let at = Timestamp::from_microsecond(row.try_get(4)?);
            found.push(Released {
                version,
                dataset: row.try_get(1)?,
                raw: row.try_get(2)?,
                entry: row.try_get(3)?,
                released_at: at.map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            });
        }
        Ok(found)
    }

    /// The ledger number of the newest release; 0 before the first.
    pub async fn last_release(&self) -> Result<i64, StoreError> {
        let sql = "SELECT COALESCE(MAX(entry), 0) FROM released";
        Ok(sqlx::query(sql).fetch_one(&self.pool).await?.try_get(0)?)
    }
}

impl Writer {
    /// The day of the newest release.
    pub async fn released_on(&mut self) -> Result<Option<Date>, StoreError> {
        let (day,): (Option<String>,) = sqlx::query_as("SELECT MAX(version) FROM released")
            .fetch_one(&mut *self.tx)
            .await?;
        let read = |day: String| day.parse();
        let day = day.map(read).transpose();
        Ok(day.map_err(|error| sqlx::Error::Decode(Box::new(error)))?)
    }
}

pub(crate) async fn fold(
    connection: &mut AnyConnection,
    seq: i64,
    at: i64,
    release: &Release,
) -> Result<(), StoreError> {
    let rows = release.datasets.iter().flat_map(|(dataset, raw)| {
        [
            Cell::Text(release.version.to_string()),
            Cell::Text(dataset.clone()),
            Cell::Text(raw.clone()),
            Cell::Int(seq),
            Cell::Int(at),
        ]
    });
    let into = "released (version, dataset, raw, entry, released_at)";
    bulk::insert(connection, into, 5, &mut rows.collect()).await
}
