//! Who is signed in, in which browser.

use jiff::{SignedDuration, Timestamp};
use sqlx::{Any, Executor, Row, Transaction};

use super::personal::end_given;
use super::{Account, Accounts, How, Means, account, end_all, hashed, moment};
use crate::StoreError;

/// How long a session lasts at most.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// How long a session lasts without a request.
pub const IDLE: SignedDuration = SignedDuration::from_hours(1);
/// How long a sign-in waits for its second factor.
pub const AWAITS: SignedDuration = SignedDuration::from_mins(10);
/// How long a browser is known after its last sign-in.
pub const KNOWN: SignedDuration = SignedDuration::from_hours(24 * 180);
/// A session that was seen this recently is not written again.
const SEEN: SignedDuration = SignedDuration::from_mins(1);
/// Most characters kept of what a browser says it is.
const AGENT: usize = 300;

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Names the session; its token cannot be told from it.
    pub id: String,
    /// Since when.
    pub opened_at: Timestamp,
    /// The last request, to the minute.
    pub seen_at: Timestamp,
    /// What the browser says it is.
    pub agent: String,
    /// The address it signed in from; empty where it is not known.
    pub address: String,
}

/// The browser of which a session is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Browser<'a> {
    /// What it says it is.
    pub agent: &'a str,
    /// The address it asks from.
    pub address: &'a str,
}

impl Accounts {
    /// Opens a session under a token, of which only the SHA-256 is kept, and forgets those that
    /// have run out. One that `awaits` a second factor signs nobody in.
    pub async fn open_session(
        &self,
        account: i64,
        token: &str,
        browser: Browser<'_>,
        awaits: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let how = Means::Password.into();
        self.open_session_by(account, token, browser, &how, awaits, now)
            .await
    }

    /// The same, by other means than a password, with what a provider says of its own session.
    pub async fn open_session_by(
        &self,
        account: i64,
        token: &str,
        browser: Browser<'_>,
        how: &How,
        awaits: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let at = now.as_microsecond();
        let [longest, idle, _] = earliest(now);
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM sign_in WHERE opened_at <= $1 OR seen_at <= $2")
            .bind(longest)
            .bind(idle)
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO sign_in (hash, account, opened_at, seen_at, agent, address, awaits, means) \
                   VALUES ($1, $2, $3, $3, $4, $5, $6, $7)";
        let short = |text: &str| -> String {
            let shown = text.chars().filter(|c| !c.is_control());
            shown.take(AGENT).collect()
        };
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(account)
            .bind(at)
            .bind(short(browser.agent))
            .bind(short(browser.address))
            .bind(i64::from(awaits))
            .bind(how.means.number())
            .execute(&mut *tx)
            .await?;
        if how.sid.is_some() || how.asked_at.is_some() {
            sqlx::query(
                "DELETE FROM sign_in_provider WHERE hash NOT IN (SELECT hash FROM sign_in)",
            )
            .execute(&mut *tx)
            .await?;
            sqlx::query("INSERT INTO sign_in_provider (hash, sid, asked_at) VALUES ($1, $2, $3)")
                .bind(hashed(token))
                .bind(how.sid.clone().unwrap_or_default())
                .bind(how.asked_at.map_or(0, Timestamp::as_microsecond))
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Whose session a token opens at a moment; a session that is used stays awake.
    pub async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip, s.seen_at \
                   FROM sign_in s JOIN account a ON a.id = s.account \
                   WHERE s.hash = $1 AND s.opened_at > $2 AND s.seen_at > $3 AND s.awaits = 0";
        let (hash, [longest, idle, _]) = (hashed(token), earliest(now));
        let Some(row) = sqlx::query(sql)
            .bind(hash.clone())
            .bind(longest)
            .bind(idle)
            .fetch_optional(&self.pool)
            .await?
        else {
            return Ok(None);
        };
        if row.try_get::<i64, _>(6)? + SEEN.as_micros() as i64 <= now.as_microsecond() {
            self.seen(hash, now).await?;
        }
        Ok(account(&row)?)
    }

    /// Whose sign-in a token names that still lacks its second factor.
    pub async fn awaiting(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let sql = "SELECT a.id, a.login, a.name, a.role, a.instansi, a.nip \
                   FROM sign_in s JOIN account a ON a.id = s.account \
                   WHERE s.hash = $1 AND s.opened_at > $2 AND s.awaits = 1";
        let [_, _, awaits] = earliest(now);
        let row = sqlx::query(sql)
            .bind(hashed(token))
            .bind(awaits)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| account(&row)).transpose()?.flatten())
    }

    /// Notes that a session is used. While SQLite is busy with a long write nobody waits for that:
    /// it is left for a later request.
    async fn seen(&self, hash: String, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sign_in SET seen_at = $1 WHERE hash = $2";
        let noted = sqlx::query(sql).bind(now.as_microsecond()).bind(hash);
        let mut connection = self.pool.acquire().await?;
        let sqlite = connection.backend_name() == "SQLite";
        if sqlite {
            connection.close_on_drop(); // its impatience is not for others
            connection.execute("PRAGMA busy_timeout=0").await?;
        }
        let noted = noted.execute(&mut *connection).await.map(|_| ());
        if sqlite { Ok(()) } else { Ok(noted?) }
    }

    /// The open sessions of an account, the last used first.
    pub async fn sessions(&self, account: i64, now: Timestamp) -> Result<Vec<Session>, StoreError> {
        let sql = "SELECT hash, opened_at, seen_at, agent, address FROM sign_in \
                   WHERE account = $1 AND opened_at > $2 AND seen_at > $3 AND awaits = 0 \
                   ORDER BY seen_at DESC, hash";
        let [longest, idle, _] = earliest(now);
        let rows = sqlx::query(sql)
            .bind(account)
            .bind(longest)
            .bind(idle)
            .fetch_all(&self.pool)
            .await?;
        let mut found = Vec::new();
        for row in rows {
            found.push(Session {
                id: row.try_get(0)?,
                opened_at: moment(&row, 1)?,
                seen_at: moment(&row, 2)?,
                agent: row.try_get(3)?,
                address: row.try_get(4)?,
            });
        }
        Ok(found)
    }

    /// Ends the session of a token.
    pub async fn close_session(&self, token: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM sign_in WHERE hash = $1")
            .bind(hashed(token))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session of an account; whether it was one.
    pub async fn end_session(&self, account: i64, id: &str) -> Result<bool, StoreError> {
        let ended = sqlx::query("DELETE FROM sign_in WHERE hash = $1 AND account = $2")
            .bind(id.to_owned())
            .bind(account)
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected() > 0)
    }

    /// Ends every session of an account but the one of a token, and the tokens that its password gave; how
    /// many sessions there were.
    pub async fn end_other_sessions(&self, account: i64, token: &str) -> Result<u64, StoreError> {
        let mut tx = self.pool.begin().await?;
        let ended = end_others(&mut tx, account, token).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Ends every session of an account, or of all, and the tokens that passwords gave; how many sessions
    /// there were.
    pub async fn end_sessions(&self, account: Option<i64>) -> Result<u64, StoreError> {
        let mut tx = self.pool.begin().await?;
        let ended = end_all(&mut tx, account).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// How the session of a token was opened, and when.
    pub async fn how(&self, token: &str) -> Result<Option<(How, Timestamp)>, StoreError> {
        let sql = "SELECT s.opened_at, s.means, COALESCE(p.sid, ''), COALESCE(p.asked_at, 0) \
                   FROM sign_in s LEFT JOIN sign_in_provider p ON p.hash = s.hash WHERE s.hash = $1";
        let row = sqlx::query(sql)
            .bind(hashed(token))
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (sid, asked): (String, i64) = (row.try_get(2)?, row.try_get(3)?);
        let how = How {
            means: Means::of(row.try_get(1)?),
            sid: (!sid.is_empty()).then_some(sid),
            asked_at: (asked != 0).then(|| moment(&row, 3)).transpose()?,
        };
        Ok(Some((how, moment(&row, 0)?)))
    }

    /// Ends what a provider says has ended: of a session of its, those opened in it; of an account
    /// without one, all; of both, those of the account opened in it or in no session that it named. How
    /// many there were.
    pub async fn end_provider_sessions(
        &self,
        account: Option<i64>,
        sid: Option<&str>,
    ) -> Result<u64, StoreError> {
        let Some(sid) = sid else {
            return match account {
                Some(account) => self.end_sessions(Some(account)).await,
                None => Ok(0),
            };
        };
        let sql = "DELETE FROM sign_in WHERE ($1 OR account = $2) AND (hash IN (SELECT hash FROM sign_in_provider WHERE sid = $3 AND sid <> '') \
                   OR (account = $2 AND means <> $4 AND hash NOT IN (SELECT hash FROM sign_in_provider WHERE sid <> '')))";
        let ended = sqlx::query(sql)
            .bind(account.is_none())
            .bind(account.unwrap_or_default())
            .bind(sid.to_owned())
            .bind(Means::Password.number())
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected())
    }

    /// Knows a browser from now on by a token of its own, of which only the SHA-256 is kept.
    pub async fn know_browser(
        &self,
        account: i64,
        token: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("DELETE FROM known_browser WHERE seen_at <= $1")
            .bind((now - KNOWN).as_microsecond())
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO known_browser (hash, account, seen_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (hash) DO UPDATE SET account = $2, seen_at = $3";
        sqlx::query(sql)
            .bind(hashed(token))
            .bind(account)
            .bind(now.as_microsecond())
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Whether a login has signed in from the browser with this token.
    pub async fn knows_browser(
        &self,
        login: &str,
        token: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM known_browser b JOIN account a ON a.id = b.account \
                   WHERE b.hash = $1 AND a.login = $2 AND b.seen_at > $3";
        let row = sqlx::query(sql)
            .bind(hashed(token))
            .bind(super::written(login))
            .bind((now - KNOWN).as_microsecond())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }
}

/// Ends every session of an account but the one of a token, with the tokens that its password gave; how many
/// sessions there were.
pub(super) async fn end_others(
    tx: &mut Transaction<'static, Any>,
    account: i64,
    token: &str,
) -> Result<u64, sqlx::Error> {
    end_given(tx, Some(account)).await?;
    let ended = sqlx::query("DELETE FROM sign_in WHERE account = $1 AND hash <> $2")
        .bind(account)
        .bind(hashed(token))
        .execute(&mut **tx)
        .await?;
    Ok(ended.rows_affected())
}

/// Sessions opened, or last seen, at these moments have just run out, and so has the wait for a
/// second factor.
fn earliest(now: Timestamp) -> [i64; 3] {
    [LONGEST, IDLE, AWAITS].map(|ago| now.as_microsecond() - ago.as_micros() as i64)
}
