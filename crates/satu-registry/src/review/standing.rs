//! What is still open, as persons and decisions stand.

use std::collections::BTreeMap;

use satu_domain::Kind;
use satu_store::entry::{RecordKey, Verdict};
use satu_store::{StoreError, Writer};

/// A group for each of these persons: those that decisions which stand would make one are of one group.
/// As a rule each is its own, for a run obeys such decisions; until it does, nobody contradicts them.
pub(super) async fn groups(
    writer: &mut Writer,
    persons: &[i64],
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let mut groups = BTreeMap::new();
    for first in persons {
        let mut next = vec![*first];
        while let Some(person) = next.pop() {
            if groups.contains_key(&person) {
                continue;
            }
            groups.insert(person, *first);
            let members = writer.neighbours().members(&[person]).await?.into_iter();
            let records = members.filter(|known| known.kind == Kind::DataUtama);
            let records: Vec<RecordKey> = records.map(|known| known.record()).collect();
            for (_, verdict) in writer.neighbours().rulings_on(&records).await? {
                let Verdict::Same { records } = verdict else {
                    continue;
                };
                for record in records {
                    let versions = writer.neighbours().versions(&record).await?;
                    if let Some(current) = versions.last() {
                        next.extend(writer.person_of(*current).await?);
                    }
                }
            }
        }
    }
    Ok(groups)
}
