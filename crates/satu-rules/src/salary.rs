//! What a salary costs at least.

use satu_domain::Golongan;

/// The lowest monthly base salary (gaji pokok, no years of service, no allowances) of a rank's
/// golongan, in rupiah: PNS by the annex of PP 5/2024, PPPK by the annex of Perpres 11/2024.
///
/// A floor, not an estimate: PPPK grades are told by the first of their band (I, V, IX), so no
/// rank is paid less than this. The PPPK figures are believed, not yet confirmed from the text.
pub fn lowest_base_salary(rank: Golongan) -> u64 {
    match rank {
        Golongan::Pns { golongan: 1, .. } => 1_685_700,
        Golongan::Pns { golongan: 2, .. } => 2_184_000,
        Golongan::Pns { golongan: 3, .. } => 2_785_700,
        Golongan::Pns { .. } => 3_287_800,
        Golongan::Pppk(..5) => 1_938_500,
        Golongan::Pppk(..9) => 2_511_500,
        Golongan::Pppk(_) => 3_203_600,
    }
}
