//! Changes as they are told: in the feed, in a stream, and as events.

use jiff::Timestamp;
use satu_store::StoreError;
use satu_store::changes::{Change, ChangeKind};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::api::answers::shown;
use crate::mask::is_sensitive;
use crate::settings::{Settings, SiteAddress};

/// A change.
#[derive(Serialize, ToSchema)]
#[schema(as = Change)]
pub struct Told<'a> {
    /// Its number and its mark: the reader's place after it, and no other change's, after a restore either.
    pub(super) id: String,
    /// What happened: `person.created`, `person.entered`, `person.split`, `person.changed`,
    /// `person.merged`, `person.withdrawn`, `doubt.opened` or `doubt.closed`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// The ledger number up to which the entries that made it go.
    ledger: i64,
    /// The person's number in this register.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<i64>,
    /// The person's NIP as it stands now.
    #[serde(skip_serializing_if = "str::is_empty")]
    nip: &'a str,
    /// The fields whose golden value is another one now.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>)]
    fields: &'a [&'static str],
    /// Whom a merged person became; who came of a split one.
    #[serde(skip_serializing_if = "Option::is_none")]
    into: Option<i64>,
    /// Of whom a new person came.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    /// The number of the doubt.
    #[serde(skip_serializing_if = "Option::is_none")]
    doubt: Option<i64>,
    /// Golden values as they stand now, where they were asked for: of a change those that changed,
    /// null where nobody states one any more; else all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    values: Option<Values<'a>>,
}

/// The golden values that come with a change, as they stand now: of a change those that changed, else
/// all. One that nobody states any more is null.
pub struct Values<'a> {
    change: &'a Change,
    standing: Vec<(&'static str, &'a str)>,
    open: bool,
}

impl Values<'_> {
    /// Those of a change, if they were asked for; what is sensitive is masked if not `open`.
    pub fn of(change: &Change, open: bool) -> Result<Option<Values<'_>>, StoreError> {
        let values = |standing| Values {
            change,
            standing,
            open,
        };
        Ok(change.values()?.map(values))
    }

    fn of_fields(&self) -> bool {
        matches!(self.change.kind, ChangeKind::Changed | ChangeKind::Split)
    }

    /// Whether sensitive ones among them are seen.
    pub fn show_sensitive(&self) -> bool {
        let mut columns = self.standing.iter().map(|(field, _)| field);
        self.open
            && if self.of_fields() {
                self.change.fields.iter().any(|field| is_sensitive(field))
            } else {
                columns.any(|field| is_sensitive(field))
            }
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let shown = |field, value| shown(field, value, self.open);
        if self.of_fields() {
            let one = |field: &&'static str| {
                let value = self.standing.iter().find(|(name, _)| name == field);
                (*field, value.map(|(_, value)| shown(field, value)))
            };
            return to.collect_map(self.change.fields.iter().map(one));
        }
        let standing = self.standing.iter();
        to.collect_map(standing.map(|(field, value)| (*field, shown(field, value))))
    }
}

/// Changes, and where to go on.
#[derive(Serialize, ToSchema)]
#[schema(as = Changes)]
pub struct Listed<'a> {
    /// The changes, in the order of the ledger.
    pub changes: Vec<Told<'a>>,
    /// What to give as `after` for the next page. A page may be short or empty although there are
    /// more.
    pub cursor: String,
    /// Whether there are more already.
    pub more: bool,
}

/// What a change is told by, as CloudEvents 1.0 have it: structured, as JSON.
pub const EVENT: &str = "application/cloudevents+json; charset=utf-8";

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
struct Event<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: Timestamp,
    datacontenttype: &'static str,
    data: Told<'a>,
}

/// A change as an event; its data are what the feed says, without values.
pub fn event(settings: &Settings, change: &Change) -> Result<String, serde_json::Error> {
    let base = settings.site.as_ref().map(SiteAddress::base);
    serde_json::to_string(&Event {
        specversion: "1.0",
        id: change.cursor().to_string(),
        source: format!("{}/api/v1/changes", base.unwrap_or_default()),
        kind: change.kind.name(),
        subject: change.person.map(|person| person.to_string()),
        time: change.at,
        datacontenttype: "application/json",
        data: told(change, None),
    })
}

/// A change as it is told, with values or without.
pub fn told<'a>(change: &'a Change, values: Option<Values<'a>>) -> Told<'a> {
    let of = |kinds: &[ChangeKind]| change.other.filter(|_| kinds.contains(&change.kind));
    Told {
        id: change.cursor().to_string(),
        kind: change.kind.name(),
        time: change.at,
        ledger: change.seq,
        person: change.person,
        nip: &change.nip,
        fields: &change.fields,
        into: of(&[ChangeKind::Merged, ChangeKind::Split]),
        from: of(&[ChangeKind::Created]),
        doubt: of(&[ChangeKind::DoubtOpened, ChangeKind::DoubtClosed]),
        values,
    }
}
