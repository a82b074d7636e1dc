//! Documents: decrees, certificates, photographs; their bytes are kept as those of deliveries are.

use satu_domain::Kind;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use crate::entry::Document;
use crate::keys::{Place, Ring};
use crate::place::key;
use crate::{Entry, OPEN, Scope, Store, StoreError};

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDocument {
    /// The ledger number.
    pub id: i64,
    /// Its file's name, as its sender gave it.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub blob: String,
    /// The code of what sort of document it is; empty where nobody says.
    pub sort: String,
}

const COLUMNS: &str = "d.id, d.told, d.media, d.sort";

fn kept(ring: &Ring, row: &sqlx::any::AnyRow) -> Result<KeptDocument, StoreError> {
    let id = row.try_get(0)?;
    let (name, blob) = told(ring, id, row.try_get(1)?)?;
    Ok(KeptDocument {
        id,
        name,
        media: row.try_get(2)?,
        blob,
        sort: row.try_get(3)?,
    })
}

/// A document's name and the hash of its bytes, of which a file's name may hold a NIK and the hash of a
/// small file tell what it says.
pub(crate) fn told(
    ring: &Ring,
    id: i64,
    mut sealed: Vec<u8>,
) -> Result<(String, String), StoreError> {
    let plain = ring.open(Place::document(id), &mut sealed)?;
    serde_json::from_slice(plain).map_err(|source| StoreError::Entry { seq: id, source })
}

impl Store {
    /// A document that the asker's agency handed in, or that bears out a statement about a person
    /// within reach; with the kind of each statement that it bears out, within reach or not, ended or
    /// not, and the person of whom one stands.
    pub async fn document(
        &self,
        scope: &Scope,
        id: i64,
    ) -> Result<Option<(KeptDocument, Vec<(Kind, Option<i64>)>)>, StoreError> {
        // A statement that was made anew has the documents of those before it.
        let sql = format!(
            "SELECT {COLUMNS} FROM document d WHERE d.id = $2 AND ({} OR EXISTS \
             (SELECT 1 FROM document_statement a JOIN statement o ON o.seq = a.statement \
             JOIN statement s ON s.source = o.source AND s.kind = o.kind AND s.fact = o.fact \
             JOIN member m ON m.statement = s.seq AND m.until = {OPEN} \
             WHERE a.document = d.id AND {}))",
            scope.agencies("d.agency", "$1"),
            scope.persons("m.person_id", "$1")
        );
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let ring = self.keys.ring()?;
        let document = kept(&ring, &row)?;
        let sql = format!(
            "SELECT DISTINCT o.kind, m.person_id FROM document_statement a \
             JOIN statement o ON o.seq = a.statement \
             JOIN statement s ON s.source = o.source AND s.kind = o.kind AND s.fact = o.fact \
             LEFT JOIN member m ON m.statement = s.seq AND m.until = {OPEN} WHERE a.document = $1"
        );
        let rows: Vec<(String, Option<i64>)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(id)
            .fetch_all(&self.pool)
            .await?;
        let about = rows.into_iter();
        let about = about.filter_map(|(kind, person)| Some((Kind::from_name(&kind)?, person)));
        Ok(Some((document, about.collect())))
    }

    /// The documents that bear out a person's statements, each with the number of the statement
    /// that stands; the oldest first.
    pub async fn documents_of(
        &self,
        scope: &Scope,
        person: i64,
    ) -> Result<Vec<(i64, KeptDocument)>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, s.seq FROM member m JOIN statement s ON s.seq = m.statement \
             JOIN statement o ON o.source = s.source AND o.kind = s.kind AND o.fact = s.fact \
             JOIN document_statement a ON a.statement = o.seq JOIN document d ON d.id = a.document \
             WHERE m.person_id = $2 AND m.until = {OPEN} AND {} ORDER BY d.id",
            scope.persons("m.person_id", "$1")
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(person)
            .fetch_all(&self.pool)
            .await?;
        let ring = self.keys.ring()?;
        let found = rows
            .iter()
            .map(|row| Ok((row.try_get(4)?, kept(&ring, row)?)));
        found.collect()
    }

    /// The documents of a sort that the asker's agency handed in, as it did, each with its number; the
    /// oldest first.
    pub async fn documents_of_sort(
        &self,
        scope: &Scope,
        sort: &str,
    ) -> Result<Vec<(i64, Document)>, StoreError> {
        let sql = format!(
            "SELECT d.id, l.body FROM document d JOIN ledger l ON l.seq = d.id \
             WHERE d.sort = $2 AND {} ORDER BY d.id",
            scope.agencies("d.agency", "$1")
        );
        let ring = self.keys.ring()?;
        let rows: Vec<(i64, Vec<u8>)> = sqlx::query_as(AssertSqlSafe(sql))
            .bind(scope.value())
            .bind(sort.to_owned())
            .fetch_all(&self.pool)
            .await?;
        let mut found = Vec::with_capacity(rows.len());
        for (id, body) in rows {
            if let Entry::Document(document) = ring.entry(id, body)? {
                found.push((id, document));
            }
        }
        Ok(found)
    }
}

/// Writes a document's row.
pub(crate) async fn keep(
    connection: &mut AnyConnection,
    ring: &Ring,
    seq: i64,
    document: &Document,
) -> Result<(), StoreError> {
    let told = (&document.name, &document.blob);
    let told = serde_json::to_vec(&told).map_err(StoreError::Encode)?;
    let sql = "INSERT INTO document (id, told, media, sort, agency) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(seq)
        .bind(ring.seal(Place::document(seq), &told)?)
        .bind(document.media.clone())
        .bind(document.sort.clone())
        .bind(key(&document.instansi, ""))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes that a document bears a statement out.
pub(crate) async fn attach(
    connection: &mut AnyConnection,
    document: i64,
    statement: i64,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO document_statement (document, statement) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    sqlx::query(sql)
        .bind(document)
        .bind(statement)
        .execute(connection)
        .await?;
    Ok(())
}
