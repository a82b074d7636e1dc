//! Whose each statement is.

use rustc_hash::FxHashMap;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::{AT_ONCE, Projector};
use crate::bulk::{self, Cell};
use crate::entry::Linked;
use crate::listed::{in_numbers, listed};
use crate::{OPEN, StoreError};

impl Projector {
    /// Ends the membership of `old` and begins that of `new` with the same person.
    pub(super) async fn move_member(
        &mut self,
        connection: &mut AnyConnection,
        old: i64,
        new: i64,
        person: Option<i64>,
    ) -> Result<(), StoreError> {
        let row = sqlx::query("SELECT person_id FROM member WHERE statement = $1 AND until = $2")
            .bind(old)
            .bind(OPEN)
            .fetch_optional(&mut *connection)
            .await?;
        let before: Option<i64> = row.map(|row| row.try_get(0)).transpose()?;
        if before.is_some() {
            sqlx::query("UPDATE member SET until = $2 WHERE statement = $1 AND until = $3")
                .bind(old)
                .bind(new)
                .bind(OPEN)
                .execute(&mut *connection)
                .await?;
        }
        let Some(person) = person.or(before) else {
            return Ok(());
        };
        sqlx::query(
            "INSERT INTO member (person_id, statement, since, until) VALUES ($1, $2, $3, $4)",
        )
        .bind(person)
        .bind(new)
        .bind(new)
        .bind(OPEN)
        .execute(connection)
        .await?;
        if before.is_some() {
            self.keys.remove(old);
        }
        self.keys.add(new);
        self.stale.extend(before);
        self.stale.insert(person);
        Ok(())
    }

    /// Ends a statement that stands; its person's golden record is made without it.
    pub(super) async fn end(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        statement: i64,
    ) -> Result<(), StoreError> {
        let sql = "SELECT person_id FROM member WHERE statement = $1 AND until = $2";
        let row = sqlx::query(sql)
            .bind(statement)
            .bind(OPEN)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(row) = row {
            self.stale.insert(row.try_get(0)?);
            self.keys.remove(statement);
        }
        sqlx::query("DELETE FROM unjudged WHERE statement = $1")
            .bind(statement)
            .execute(&mut *connection)
            .await?;
        for sql in [
            "UPDATE member SET until = $2 WHERE statement = $1 AND until = $3",
            "UPDATE statement SET superseded_by = $2 WHERE seq = $1 AND superseded_by = $3",
        ] {
            sqlx::query(sql)
                .bind(statement)
                .bind(seq)
                .bind(OPEN)
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn link(
        &mut self,
        connection: &mut AnyConnection,
        seq: i64,
        linked: &Linked,
    ) -> Result<(), StoreError> {
        for chunk in linked.moved.chunks(AT_ONCE) {
            let among = in_numbers(connection, 1);
            let statements = listed(chunk.iter().map(|(statement, _)| *statement));
            let sql = format!(
                "SELECT statement, person_id FROM member WHERE statement {among} AND until = {OPEN}"
            );
            let before = sqlx::query_as::<_, (i64, i64)>(AssertSqlSafe(sql))
                .bind(statements.clone())
                .fetch_all(&mut *connection)
                .await?;
            let before: FxHashMap<i64, i64> = before.into_iter().collect();
            if !before.is_empty() {
                for (statement, to) in chunk {
                    if let Some(from) = before.get(statement) {
                        self.stale.insert(*from);
                        self.changes.moved(*from, *to);
                    }
                }
                let sql = format!(
                    "UPDATE member SET until = $2 WHERE statement {among} AND until = {OPEN}"
                );
                sqlx::query(AssertSqlSafe(sql))
                    .bind(statements.clone())
                    .bind(seq)
                    .execute(&mut *connection)
                    .await?;
            }
            let mut cells = Vec::with_capacity(4 * chunk.len());
            for (statement, person) in chunk {
                cells.extend([
                    Cell::Int(*person),
                    Cell::Int(*statement),
                    Cell::Int(seq),
                    Cell::Int(OPEN),
                ]);
                self.stale.insert(*person);
                if !before.contains_key(statement) {
                    self.keys.add(*statement);
                }
            }
            let sql = format!("DELETE FROM unjudged WHERE statement {among}");
            sqlx::query(AssertSqlSafe(sql))
                .bind(statements)
                .execute(&mut *connection)
                .await?;
            bulk::insert(
                connection,
                "member (person_id, statement, since, until)",
                4,
                &mut cells,
            )
            .await?;
        }
        Ok(())
    }
}
