//! Signing a log, proving what it holds, and holding it to what was signed.
//!
//! Each reads the log from its start, once: about a second for a million entries on one core, in
//! memory that does not grow with the log. No hashes are stored for it but the head's.

use satu_audit::{
    Checkpoint, Consistency, Hash, Inclusion, Reading, SigningKey, consistency, inclusion,
};

use crate::keys::Place;
use crate::ledger::Head;
use crate::log::{Log, bytes, entries_of, head_of, read_log};
use crate::{OPEN, Store, StoreError};

/// Whether a log still begins with what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It does: every entry, in its place, word for word.
    Whole,
    /// An entry was altered, replaced or moved.
    Changed,
    /// The entry of this number is not there.
    Missing(u64),
}

/// Why nothing was signed or proven.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// A checkpoint of something else.
    #[error("{0:?} is no log of a register: its name ends neither in /ledger nor in /access")]
    Origin(String),
    /// The two checkpoints are not of the same log.
    #[error("the checkpoints are of two logs, {0:?} and {1:?}")]
    TwoLogs(String, String),
    /// The checkpoint to start at is the later one.
    #[error("the log had {old} entries at the checkpoint to start at, and {new} at the other")]
    Order {
        /// Entries of the checkpoint to start at.
        old: u64,
        /// Entries of the other.
        new: u64,
    },
    /// The checkpoint does not reach so far.
    #[error("there is no entry {number} among the {size} that were signed")]
    NoEntry {
        /// The entry asked for.
        number: u64,
        /// Entries signed.
        size: u64,
    },
    /// The past was changed since.
    #[error("the database does NOT hold the {size} entries that {origin:?} signed: {}", .held.why())]
    NotHeld {
        /// The log.
        origin: String,
        /// Entries signed.
        size: u64,
        /// In what way.
        held: Held,
    },
    /// The log is not the one that its head was made from.
    #[error(
        "the {} has {} entries with root {}, where its head says {} with {}",
        .log.name(), .found.size, .found.root, .head.size, .head.root
    )]
    Head {
        /// Which log.
        log: Log,
        /// What the entries give.
        found: Head,
        /// What the head says.
        head: Head,
    },
    /// The store said no.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ProofError {
    /// What to do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            ProofError::Origin(_) | ProofError::TwoLogs(..) => {
                "Name a checkpoint that `satu audit checkpoint` wrote for this register."
            }
            ProofError::Order { .. } => "Give the earlier checkpoint as the one to start at.",
            ProofError::NoEntry { .. } => "Entries are numbered from 1; take a later checkpoint.",
            ProofError::NotHeld { .. } | ProofError::Head { .. } => {
                "Nothing is signed or proven: run `satu verify`, keep the database as evidence, and go back to the last good backup."
            }
            ProofError::Store(error) => error.hint(),
        }
    }
}

impl Held {
    /// What is wrong, in words.
    pub fn why(self) -> String {
        match self {
            Held::Whole => "nothing is wrong".to_owned(),
            Held::Changed => "an entry was altered, replaced or moved".to_owned(),
            Held::Missing(number) => format!("entry {number} is missing"),
        }
    }

    /// How a log that was read this far stands to a root that was signed.
    fn of(root: Option<Hash>, signed: &Hash, reading: &Reading) -> Held {
        match root {
            Some(root) if root == *signed => Held::Whole,
            Some(_) => Held::Changed,
            None => Held::Missing(reading.whole().size() + 1),
        }
    }
}

/// The log that a checkpoint is of.
fn log_of(checkpoint: &Checkpoint) -> Result<Log, ProofError> {
    Log::of_origin(&checkpoint.origin).ok_or_else(|| ProofError::Origin(checkpoint.origin.clone()))
}

/// An error where the log does not begin with what each of these checkpoints signed, of which the
/// first stretches of the reading are.
fn all_held(signed: &[&Checkpoint], reading: &Reading) -> Result<(), ProofError> {
    for (checkpoint, root) in signed.iter().zip(reading.roots()) {
        let held = Held::of(root, &checkpoint.root, reading);
        if held != Held::Whole {
            return Err(ProofError::NotHeld {
                origin: checkpoint.origin.clone(),
                size: checkpoint.size,
                held,
            });
        }
    }
    Ok(())
}

impl Store {
    /// Whether the log of each checkpoint still begins with what it signed.
    pub async fn held(&self, signed: &[Checkpoint]) -> Result<Vec<Held>, ProofError> {
        let logs: Vec<Log> = signed.iter().map(log_of).collect::<Result<_, _>>()?;
        let mut snapshot = self.snapshot().await?;
        let mut held = vec![Held::Whole; signed.len()];
        for log in Log::ALL {
            let of_log = || (0..signed.len()).filter(|at| logs[*at] == log);
            let until = of_log().map(|at| signed[at].size).max().unwrap_or(0);
            let mut reading = Reading::of(of_log().map(|at| 0..signed[at].size));
            let until = i64::try_from(until).unwrap_or(OPEN);
            read_log(&mut snapshot.tx, log, until, &mut reading).await?;
            for (at, root) in of_log().zip(reading.roots()) {
                held[at] = Held::of(root, &signed[at].root, &reading);
            }
        }
        Ok(held)
    }

    /// Signs a log as it stands now: a checkpoint, with the name of the key for its origin. Signs
    /// nothing that does not begin with what was signed before, or that its head was not made from.
    pub async fn sign(
        &self,
        log: Log,
        key: &SigningKey,
        before: &[Checkpoint],
    ) -> Result<String, ProofError> {
        let verifier = key.verifier();
        let before: Vec<&Checkpoint> = before
            .iter()
            .filter(|one| one.origin == verifier.name())
            .collect();
        let mut snapshot = self.snapshot().await?;
        let mut reading = Reading::of(before.iter().map(|one| 0..one.size));
        read_log(&mut snapshot.tx, log, OPEN, &mut reading).await?;
        let found = Head::of(reading.whole());
        let head = head_of(&mut snapshot.tx, log).await?;
        if found != head {
            return Err(ProofError::Head { log, found, head });
        }
        all_held(&before, &reading)?;
        let whole = reading.whole();
        Ok(Checkpoint::sign(whole.size(), &whole.root(), key))
    }

    /// What an entry of the ledger says, given its bytes as a proof has them: when, then what.
    pub fn opened(&self, number: u64, entry: &[u8]) -> Result<String, StoreError> {
        let seq = i64::try_from(number).unwrap_or(OPEN);
        let at = entry
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let (at, sealed) = entry.split_at(at);
        let text = self.keys.ring()?.text(Place::entry(seq), sealed.to_vec())?;
        Ok(format!("{}{text}", String::from_utf8_lossy(at)))
    }

    /// Proves that the entry of a number is in a log as a checkpoint (and its signed text) has it.
    pub async fn prove_entry(
        &self,
        number: u64,
        checkpoint: &Checkpoint,
        note: &str,
    ) -> Result<Inclusion, ProofError> {
        let (log, size) = (log_of(checkpoint)?, checkpoint.size);
        let index = number.checked_sub(1);
        let path = index.and_then(|index| Some((index, inclusion(index, size)?)));
        let (index, path) = path.ok_or(ProofError::NoEntry { number, size })?;
        let mut snapshot = self.snapshot().await?;
        let mut reading = Reading::of(std::iter::once(0..size).chain(path));
        read_log(
            &mut snapshot.tx,
            log,
            i64::try_from(size).unwrap_or(OPEN),
            &mut reading,
        )
        .await?;
        all_held(&[checkpoint], &reading)?;
        let entry = entries_of(&mut snapshot.tx, log, index as i64, 1).await?;
        let entry = entry.first().map(|(_, at, body)| bytes(*at, body));
        Ok(Inclusion {
            entry: entry.unwrap_or_default(),
            index,
            path: reading.roots().into_iter().skip(1).flatten().collect(),
            checkpoint: note.to_owned(),
        })
    }

    /// Proves that a log as a checkpoint (and its signed text) has it begins with what an earlier one
    /// signed.
    pub async fn prove_extension(
        &self,
        old: &Checkpoint,
        new: &Checkpoint,
        note: &str,
    ) -> Result<Consistency, ProofError> {
        if old.origin != new.origin {
            let (old, new) = (old.origin.clone(), new.origin.clone());
            return Err(ProofError::TwoLogs(old, new));
        }
        let log = log_of(new)?;
        let path = consistency(old.size, new.size).ok_or(ProofError::Order {
            old: old.size,
            new: new.size,
        })?;
        let mut snapshot = self.snapshot().await?;
        let mut reading = Reading::of([0..old.size, 0..new.size].into_iter().chain(path));
        let until = i64::try_from(new.size).unwrap_or(OPEN);
        read_log(&mut snapshot.tx, log, until, &mut reading).await?;
        all_held(&[old, new], &reading)?;
        Ok(Consistency {
            old: old.size,
            path: reading.roots().into_iter().skip(2).flatten().collect(),
            checkpoint: note.to_owned(),
        })
    }
}
