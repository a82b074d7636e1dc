//! Why a call was in vain: kept as a word of no language, with what the machine said where it said anything.

use std::fmt::{self, Display};

use axum::http::StatusCode;

use crate::Lang;
use crate::outgoing::OutgoingError;

/// Longest fault that is kept, in letters.
const LONGEST: usize = 200;

/// Why a call was in vain.
pub enum Fault {
    /// The program has not the right any more.
    Right,
    /// Its place is none of the changes as they are numbered now.
    Feed,
    /// Its receiver wants no more of them, ever.
    Gone,
    /// It was answered with a status that is no success.
    Answered(StatusCode),
    /// It did not come to an answer.
    Outgoing(OutgoingError),
}

impl Fault {
    /// The fault as it is kept.
    pub fn kept(&self) -> String {
        self.to_string().chars().take(LONGEST).collect()
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Right => write!(f, "right"),
            Fault::Feed => write!(f, "feed"),
            Fault::Gone => write!(f, "gone"),
            Fault::Answered(status) => write!(f, "answered {}", status.as_u16()),
            Fault::Outgoing(error) => match error {
                OutgoingError::Address => write!(f, "address"),
                OutgoingError::Closed => write!(f, "closed"),
                OutgoingError::Connect(said) => write!(f, "connect {said}"),
                OutgoingError::Broken(said) => write!(f, "broken {said}"),
                OutgoingError::Request(said) => write!(f, "request {said}"),
                OutgoingError::Late => write!(f, "late"),
                OutgoingError::Long(most) => write!(f, "long {most}"),
            },
        }
    }
}

/// A fault that was kept, in words; one of before, which was kept in words, as it is.
pub fn told(t: Lang, kept: &str) -> String {
    let (word, said) = kept.split_once(' ').unwrap_or((kept, ""));
    match word {
        "right" => t.fault_right().to_owned(),
        "feed" => t.fault_feed().to_owned(),
        "gone" => t.fault_gone().to_owned(),
        "answered" => t.fault_answered(said),
        "address" => t.fault_address().to_owned(),
        "closed" => t.fault_closed().to_owned(),
        "connect" => t.fault_connect(said),
        "broken" => t.fault_broken(said),
        "request" => t.fault_request(said),
        "late" => t.fault_late().to_owned(),
        "long" => t.fault_long(said),
        _ => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::{Fault, told};
    use crate::Lang;
    use crate::outgoing::OutgoingError;

    #[test]
    fn every_fault_is_told_in_both_languages() {
        let refused = std::io::Error::other("connection refused");
        let request = axum::http::Request::builder().uri(" ").body(());
        for fault in [
            Fault::Right,
            Fault::Feed,
            Fault::Gone,
            Fault::Answered(StatusCode::SERVICE_UNAVAILABLE),
            Fault::Outgoing(OutgoingError::Address),
            Fault::Outgoing(OutgoingError::Closed),
            Fault::Outgoing(refused.into()),
            Fault::Outgoing(request.unwrap_err().into()),
            Fault::Outgoing(OutgoingError::Late),
            Fault::Outgoing(OutgoingError::Long(9)),
        ] {
            let kept = fault.kept();
            let [indonesian, english] = [Lang::Id, Lang::En].map(|t| told(t, &kept));
            assert!(indonesian != kept && indonesian != english, "{kept}");
        }
        let long = std::io::Error::other("x".repeat(300));
        assert!(Fault::Outgoing(long.into()).kept().chars().count() <= 200);
        let before = "no answer in time";
        assert_eq!(told(Lang::Id, before), before);
    }
}
