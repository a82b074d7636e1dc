//! The words of the pages about decisions that need a second person.

use std::fmt::Display;

use super::Lang;

texts! {
    proposals: "Usulan", "Proposals";
    proposals_lead: "Keputusan penting baru berlaku setelah disetujui orang kedua, yang menjangkau semua yang disentuhnya.",
        "Decisions that matter take effect once a second person approves them, who reaches all that they touch.";
    no_proposals: "Belum ada usulan.", "No proposal yet.";
    proposal(id): "Usulan {id}", "Proposal {id}";
    proposed_by: "Diusulkan oleh", "Proposed by";
    what_proposed: "Yang diusulkan", "What is proposed";
    answers_for_it: "Penanggung jawab", "Answers for it";
    effect: "Akibat", "Effect";
    effect_counts(persons, records): "{persons} orang, {records} catatan", "{persons} persons, {records} records";
    effect_none: "Tidak mengubah data pegawai", "Changes no civil servant's data";
    persons_touched: "Pegawai yang tersentuh", "Civil servants whom it touches";
    act_merge(count): "Gabungkan {count} baris menjadi satu orang", "Join {count} records into one person";
    act_undo(ruling): "Batalkan keputusan {ruling}", "Take decision {ruling} back";
    act_value(field, value): "{field} menjadi {value}", "{field} becomes {value}";
    act_grant_new(login, role, places): "Buat akun {login}: {role} {places}", "Make the account {login}: {role} {places}";
    act_grant(login, role, places): "Ubah akun {login} menjadi {role} {places}", "Make the account {login} {role} {places}";
    act_program(name, rights): "Buat program {name} untuk semua instansi: {rights}", "Make the program {name} for all agencies: {rights}";
    act_link(login): "Kata sandi baru untuk akun {login} melalui tautan", "A new password for the account {login} by a link";
    act_secret(name, key): "Rahasia baru untuk program {name} ({key}), yang ditampilkan kepada pengusulnya", "A new secret for the program {name} ({key}), shown to whoever proposes it";
    too_few_left: "Perubahan ini menyisakan kurang dari dua akun pusat milik dua orang yang dapat masuk. Undang akun pusat lain dahulu.",
        "This would leave fewer than two central accounts of two persons that can sign in. Invite another central account first.";
    act_program_of(name, places, rights): "Buat program {name} untuk {places}: {rights}", "Make the program {name} for {places}: {rights}";
    act_eyes_on(records): "Minta orang kedua untuk keputusan penting dan untuk lebih dari {records} catatan", "Ask a second person for decisions that matter and for more than {records} records";
    act_eyes_off: "Tidak lagi minta orang kedua", "Ask no second person any more";
    proposal_waits: "Menunggu orang kedua", "Waiting for a second person";
    was_approved: "Disetujui", "Approved";
    was_refused: "Ditolak", "Refused";
    was_withdrawn: "Ditarik", "Withdrawn";
    was_stale: "Tidak dijalankan: keadaannya sudah berubah", "Not done: what it is about has changed";
    answer_proposal: "Jawab usulan", "Answer the proposal";
    approve: "Setujui dan jalankan", "Approve and do it";
    refuse_proposal: "Tolak", "Refuse";
    withdraw: "Tarik usulan saya", "Withdraw my proposal";
    answer_reason: "Alasan", "Reason";
    own_proposal: "Anda yang mengusulkan, atau usulan ini tentang data, akun, atau program Anda. Orang lain yang menyetujui.",
        "You proposed this, or it is about your record, account or program. Somebody else approves it.";
    not_own_proposal: "Hanya pengusulnya yang dapat menarik usulan ini.", "Only who proposed this can withdraw it.";
    reason_for_second: "Alasan, bila perubahan ini memerlukan orang kedua", "Reason, where this needs a second person";
    open_doubt: "Lihat baris yang diragukan", "See the records in doubt";
}
