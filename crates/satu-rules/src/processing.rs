//! What is done with personal data, what for, on which ground and for how long: the record of
//! processing that UU 27/2022 art. 31 asks for, in Indonesian and English.

/// One use of personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Processing {
    /// The word by which it is named elsewhere: as the purpose of a look at masked data, too.
    pub id: &'static str,
    /// Its name.
    pub name: [&'static str; 2],
    /// What it is for (UU 27/2022 art. 28: nothing else is done with the data).
    pub purpose: [&'static str; 2],
    /// Which data.
    pub data: [&'static str; 2],
    /// Who gets to see it.
    pub recipients: [&'static str; 2],
    /// How long it is kept.
    pub retention: [&'static str; 2],
    /// The law that allows or demands it.
    pub basis: &'static str,
}

const ARCHIVE: [&str; 2] = [
    "Selama menjadi ASN, sesudahnya menurut jadwal retensi arsip instansi (UU 43/2009 pasal 48)",
    "While in service, then by the agency's archive retention schedule (UU 43/2009 art. 48)",
];
const OFFICERS: [&str; 2] = [
    "Walidata pusat dan petugas data instansi yang bersangkutan; pegawai itu sendiri",
    "The central data officer and the data officers of the agency concerned; the civil servant",
];
const MASKED: [&str; 2] = [
    "NIK, nama ibu kandung, kontak, alamat, NPWP, nomor BPJS, agama, keluarga, dan hukuman disiplin",
    "NIK, mother's name, contact, address, NPWP, BPJS number, religion, family and discipline",
];

/// Every use of personal data.
pub const PROCESSING: [Processing; 10] = [
    Processing {
        id: "data-induk",
        name: ["Menyusun data induk", "Making the golden record"],
        purpose: [
            "Satu catatan tepercaya tentang setiap pegawai ASN, dengan asal setiap nilainya",
            "One trusted record of every civil servant, with the origin of each value",
        ],
        data: [
            "Semua kolom standar data yang dikirim sumber",
            "All columns of the data standard that sources send",
        ],
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "UU 20/2023; Perpres 39/2019; UU 27/2022 pasal 20 ayat (2) huruf c dan e",
    },
    Processing {
        id: "penautan",
        name: ["Menautkan baris", "Linking records"],
        purpose: [
            "Mengenali baris dari sumber berlainan sebagai orang yang sama; yang ragu diputuskan petugas",
            "Telling which rows of different sources are one person; an officer decides where in doubt",
        ],
        data: [
            "NIP, NIK, nama, tempat dan tanggal lahir, nama ibu kandung, kontak, NPWP",
            "NIP, NIK, name, place and date of birth, mother's name, contact, NPWP",
        ],
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "Perpres 39/2019; UU 27/2022 pasal 20 ayat (2) huruf e dan pasal 29",
    },
    Processing {
        id: "tinjau",
        name: ["Memeriksa data ganda", "Reviewing duplicates"],
        purpose: [
            "Petugas membandingkan baris yang diragukan dan memutuskan apakah satu orang",
            "An officer compares doubtful rows and decides whether they are one person",
        ],
        data: MASKED,
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "Perpres 39/2019; UU 27/2022 pasal 29",
    },
    Processing {
        id: "verifikasi",
        name: ["Verifikasi data", "Verification"],
        purpose: [
            "Memastikan nilai yang benar dari dokumen aslinya",
            "Making sure of the right value from the original document",
        ],
        data: MASKED,
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "UU 27/2022 pasal 29",
    },
    Processing {
        id: "perbaikan",
        name: ["Perbaikan data", "Correction"],
        purpose: [
            "Membetulkan data yang salah atau belum lengkap, juga atas permintaan pegawai",
            "Correcting what is wrong or lacking, also when the civil servant asks",
        ],
        data: MASKED,
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "UU 27/2022 pasal 6 dan 30",
    },
    Processing {
        id: "layanan",
        name: ["Layanan kepegawaian", "Personnel service"],
        purpose: [
            "Menyelesaikan layanan yang diajukan pegawai atau diwajibkan aturan",
            "Completing a service that the civil servant applied for or a regulation demands",
        ],
        data: MASKED,
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "UU 20/2023; UU 27/2022 pasal 20 ayat (2) huruf c",
    },
    Processing {
        id: "pengaduan",
        name: ["Penanganan pengaduan", "Handling of a complaint"],
        purpose: [
            "Menjawab pengaduan tentang data atau layanan",
            "Answering a complaint about data or a service",
        ],
        data: MASKED,
        recipients: OFFICERS,
        retention: ARCHIVE,
        basis: "UU 25/2009; UU 27/2022 pasal 20 ayat (2) huruf e",
    },
    Processing {
        id: "pertukaran",
        name: [
            "Pertukaran dengan sistem instansi",
            "Exchange with agencies' systems",
        ],
        purpose: [
            "Menjaga SIMPEG instansi dan data induk tetap sama",
            "Keeping an agency's personnel system and the register in step",
        ],
        data: [
            "Semua kolom standar data; yang disamarkan hanya bila hak aplikasinya mengizinkan",
            "All columns of the data standard; masked ones only where the program's rights allow",
        ],
        recipients: [
            "Aplikasi yang didaftarkan walidata, untuk pegawai instansinya",
            "Programs that the central data officer registered, for their agency's staff",
        ],
        retention: ARCHIVE,
        basis: "Perpres 39/2019; UU 27/2022 pasal 20 ayat (2) huruf e",
    },
    Processing {
        id: "akun",
        name: [
            "Akun dan catatan akses",
            "Accounts and the record of access",
        ],
        purpose: [
            "Memastikan siapa yang masuk, dan membuktikan siapa melihat apa",
            "Knowing who signs in, and proving who saw what",
        ],
        data: [
            "Nama pengguna, nama, peran, sandi dalam bentuk hash, pengenal di penyedia identitas, alamat jaringan sesi yang terbuka, catatan akses",
            "User name, name, role, password as a hash, identifier at the identity provider, network address of open sessions, record of access",
        ],
        recipients: [
            "Administrator akun; pegawai melihat siapa yang membuka datanya",
            "Who administers accounts; a civil servant sees who opened their data",
        ],
        retention: [
            "Akun: sampai ditutup. Sesi: paling lama 12 jam. Catatan akses: bagian dari arsip",
            "Accounts: until closed. Sessions: 12 hours at most. The record of access: part of the archive",
        ],
        basis: "PP 71/2019; UU 27/2022 pasal 31, 35, dan 39",
    },
    Processing {
        id: "statistik",
        name: ["Statistik", "Statistics"],
        purpose: [
            "Jumlah pegawai menurut instansi dan ciri lain; sel kecil tidak ditampilkan",
            "Counts of civil servants by agency and other traits; small cells are not shown",
        ],
        data: [
            "Jumlah saja, tanpa data perorangan",
            "Counts alone, of nobody in particular",
        ],
        recipients: ["Siapa saja", "Everyone"],
        retention: ["Tetap", "Permanent"],
        basis: "Perpres 39/2019; UU 14/2008",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::PROCESSING;

    #[test]
    fn every_use_says_everything_in_both_languages() {
        let ids: BTreeSet<_> = PROCESSING.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), PROCESSING.len());
        for one in PROCESSING {
            let texts = [
                one.name,
                one.purpose,
                one.data,
                one.recipients,
                one.retention,
            ];
            for text in texts.into_iter().flatten().chain([one.basis]) {
                assert!(!text.is_empty(), "{}", one.id);
            }
        }
    }
}
