//! Opening a database of either engine.

use std::net::IpAddr;
use std::sync::{Arc, Once};
use std::time::Duration;

use sha2::{Digest, Sha256};
use sqlx::any::AnyPoolOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Connection, Executor};
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::ask::Golden;
use crate::keys::{KeyPlace, Keys, Ring};
use crate::together::Together;
use crate::{StoreError, hex};

/// A database that holds a ledger and its projections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: AnyPool,
    pub(crate) keys: Keys,
    pub(crate) records: Together<Golden>,
    /// Connections that read beside another's ([`crate::neighbours`]).
    pub(crate) beside: Arc<Mutex<Vec<AnyConnection>>>,
    /// Whoever of this process writes; the others wait without a connection, which reads need.
    pub(crate) turns: Arc<Mutex<()>>,
}

static DRIVERS: Once = Once::new();

/// How long a pool tries to connect before it is asked why.
const TRIES: Duration = Duration::from_secs(1);

/// Pages that a connection to SQLite keeps, 16 MB: those above the rows are among them, and the machine
/// keeps the others for all.
const CACHE: &str = "PRAGMA cache_size=-16384";

impl Store {
    /// Opens a database that must be there: a file's name that is mistyped is no empty register.
    pub async fn open_existing(address: &str, key: &KeyPlace) -> Result<Store, StoreError> {
        there(address)?;
        Store::open(address, key).await
    }

    /// Opens a database that must be there for what needs no key: accounts, and the logs as they are
    /// stored.
    pub async fn open_sealed(address: &str) -> Result<Store, StoreError> {
        there(address)?;
        Ok(Store::over(laid(address).await?, Keys::none()))
    }

    /// Opens a database and lays its tables where they are missing. Where nothing is in it, it gets
    /// its keys too, and the key file is made if there is none.
    ///
    /// `address` is a file's path, `sqlite:FILE`, or `postgres://...`.
    pub async fn open(address: &str, key: &KeyPlace) -> Result<Store, StoreError> {
        let mut store = Store::open_to_fill(address, key).await?;
        if store.keys.ring().is_err() {
            let mut tx = store.pool.begin().await?;
            store.keys.make(&mut tx).await?;
            tx.commit().await?;
        }
        Ok(store)
    }

    /// Opens a database that a register is to be brought into, with its keys; an empty one gets none
    /// before.
    pub async fn open_to_fill(address: &str, key: &KeyPlace) -> Result<Store, StoreError> {
        let pool = laid(address).await?;
        let mut keys = Keys::at(key);
        keys.load(&mut *pool.acquire().await?).await?;
        Ok(Store::over(pool, keys))
    }

    /// Closes the connections. A process that ends before them leaves, of an embedded database, its log
    /// beside the file; and a file that is then moved alone lacks what stands in the log.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Opens a database for a copy of what another holds, sealed by the same keys.
    pub(crate) async fn open_beside(address: &str, ring: Arc<Ring>) -> Result<Store, StoreError> {
        Ok(Store::over(laid(address).await?, Keys::of(ring)))
    }

    fn over(pool: AnyPool, keys: Keys) -> Store {
        Store {
            pool,
            keys,
            records: Together::default(),
            beside: Arc::default(),
            turns: Arc::default(),
        }
    }
}

fn there(address: &str) -> Result<(), StoreError> {
    let file = address.strip_prefix("sqlite:").unwrap_or(address);
    if file.contains("://") || std::path::Path::new(file).exists() {
        return Ok(());
    }
    Err(StoreError::Missing(address.to_owned()))
}

/// The address of a PostgreSQL server, with whether the connection is encrypted, where that is not said.
/// On another machine it must be, and the server's certificate be trusted and its own: the driver's own
/// way is to go on in the open where the server, or somebody between, says that it cannot. On this
/// machine nobody is between, and each connection would take a tenth of a second longer to open.
fn guarded(address: &str) -> Result<String, StoreError> {
    let options: PgConnectOptions = address.parse()?;
    let host = options.get_host().trim_matches(['[', ']']);
    let here = options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback());
    let query = address.split_once('?').map(|(_, query)| query);
    let said = query.is_some_and(|query| {
        let mut names = query.split('&').filter_map(|pair| pair.split('=').next());
        names.any(|name| ["sslmode", "ssl-mode"].contains(&name))
    });
    if said || !matches!(options.get_ssl_mode(), PgSslMode::Prefer) {
        return Ok(address.to_owned());
    }
    let join = if query.is_some() { '&' } else { '?' };
    let mode = if here { "disable" } else { "verify-full" };
    Ok(format!("{address}{join}sslmode={mode}"))
}

/// Tells apart that a connection could not be encrypted.
fn unencrypted(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Tls(_) => StoreError::Tls(error),
        sqlx::Error::Io(ref why) if why.kind() == std::io::ErrorKind::InvalidData => {
            StoreError::Tls(error)
        }
        error => error.into(),
    }
}

/// Connects to a database and lays the tables that are missing.
async fn laid(address: &str) -> Result<AnyPool, StoreError> {
    DRIVERS.call_once(sqlx::any::install_default_drivers);
    let postgres = address.starts_with("postgres://") || address.starts_with("postgresql://");
    let url = if postgres {
        guarded(address)?
    } else {
        let file = address.strip_prefix("sqlite:").unwrap_or(address);
        if file.is_empty() || file.contains("://") {
            return Err(StoreError::Address(address.to_owned()));
        }
        // What the address syntax gives a meaning to is written as the file name's bytes.
        let file = file
            .replace('%', "%25")
            .replace('?', "%3f")
            .replace('#', "%23");
        format!("sqlite:{file}?mode=rwc")
    };
    let pool = AnyPoolOptions::new()
        .max_connections(8)
        // Longer than a connection may wait for whoever writes (`busy_timeout`).
        .acquire_timeout(Duration::from_mins(2))
        // A server may have gone away meanwhile; a file is there.
        .test_before_acquire(postgres)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                if !postgres {
                    settle(connection).await?;
                }
                Ok(())
            })
        })
        .after_release(move |connection, _| {
            Box::pin(async move {
                if !postgres {
                    // Whoever wrote had more.
                    connection.execute(CACHE).await?;
                }
                Ok(true)
            })
        })
        .connect_lazy(&url)?;
    let mut connection = if let Ok(connection) = timeout(TRIES, pool.acquire()).await {
        connection.map_err(unencrypted)?
    } else {
        told(&url, postgres).await?;
        pool.acquire().await?
    };
    lay(&mut connection, postgres).await?;
    Ok(pool)
}

/// Says how a connection to SQLite works. Pages of 8 KiB, where the file is new: a large write takes a twelfth
/// less time. FULL: a commit has reached the disk before it is acknowledged.
async fn settle(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let sql = "PRAGMA busy_timeout=60000; PRAGMA page_size=8192; PRAGMA journal_mode=WAL; \
               PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY";
    connection.execute(sql).await?;
    connection.execute(CACHE).await?;
    Ok(())
}

/// Why a pool gets no connection, where that will not pass by itself. A pool tries again for minutes, and
/// says in the end that it took too long.
async fn told(url: &str, postgres: bool) -> Result<(), StoreError> {
    let mut connection = match AnyConnection::connect(url).await {
        // As of a server that starts.
        Err(sqlx::Error::Database(error)) if error.is_transient_in_connect_phase() => return Ok(()),
        connection => connection.map_err(unencrypted)?,
    };
    if !postgres {
        settle(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// Lays the tables that are missing.
async fn lay(connection: &mut AnyConnection, postgres: bool) -> Result<(), StoreError> {
    let words = if postgres {
        ["BYTEA", "TEXT COLLATE \"C\"", "''::bytea", "BIGINT", ""]
    } else {
        ["BLOB", "TEXT", "x''", "INTEGER", " WITHOUT ROWID"]
    };
    let schema = ["{blob}", "{key}", "{empty}", "{id}", "{lean}"]
        .iter()
        .zip(words)
        .fold(
            include_str!("schema.sql").to_owned(),
            |text, (hole, word)| text.replace(hole, word),
        );
    // Laying them where they are would wait for whoever writes, and could hold them up in turn.
    let wanted = hex(&Sha256::digest(schema.as_bytes()));
    let laid = sqlx::query_scalar("SELECT hash FROM layout").fetch_all(&mut *connection);
    // An error is that of a database without that table, or it comes again below.
    let laid: Vec<String> = laid.await.unwrap_or_default();
    if laid.contains(&wanted) {
        return Ok(());
    }
    if !laid.is_empty() {
        return Err(StoreError::Layout);
    }
    // Not read first and written then: another that opens it meanwhile would have to fail.
    let mut tx = if postgres {
        connection.begin().await?
    } else {
        connection.begin_with("BEGIN IMMEDIATE").await?
    };
    if postgres {
        // Two processes that open an empty database at once would both lay the tables.
        sqlx::query("SELECT pg_advisory_xact_lock(5600000)")
            .execute(&mut *tx)
            .await?;
    }
    for text in schema.lines().filter(|line| !line.starts_with("--")) {
        sqlx::query(AssertSqlSafe(text)).execute(&mut *tx).await?;
    }
    sqlx::query("INSERT INTO layout (hash) VALUES ($1) ON CONFLICT DO NOTHING")
        .bind(wanted)
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn a_connection_that_leaves_this_machine_is_encrypted_unless_it_is_said_otherwise() {
        let kept = |address: &str| guarded(address).unwrap() == address;
        let here = |address: &str| guarded(address).unwrap().ends_with("sslmode=disable");
        assert!(here("postgres://satu@localhost/satu"));
        assert!(here("postgres://satu@127.0.0.1:5432/satu"));
        assert!(here("postgres://satu@[::1]/satu"));
        assert!(here("postgres:///satu?host=/run/postgresql"));
        assert!(kept("postgres://satu@localhost/satu?sslmode=require"));
        assert!(kept("postgres://satu@db.example/satu?sslmode=disable"));
        assert!(kept("postgres://satu@db.example/satu?a=b&ssl-mode=require"));
        for (address, told) in [
            (
                "postgres://satu@db.example/satu",
                "postgres://satu@db.example/satu?sslmode=verify-full",
            ),
            (
                "postgresql://satu@192.0.2.7/satu?sslrootcert=/etc/ca.pem",
                "postgresql://satu@192.0.2.7/satu?sslrootcert=/etc/ca.pem&sslmode=verify-full",
            ),
        ] {
            assert_eq!(guarded(address).unwrap(), told);
        }
    }
}
