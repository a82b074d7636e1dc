//! The agencies of the country and how many persons each has.

use satu_domain::province::GOVERNMENTS;

/// A government body with its own personnel system.
pub struct Agency {
    pub code: String,
    pub name: String,
    /// Two-digit province code; none for a central body.
    pub province: Option<u8>,
    /// Birthplaces of its people, the commonest first.
    pub places: Vec<String>,
    weight: u64,
}

const CENTRAL: [&str; 30] = [
    "Kementerian Agama",
    "Kementerian Keuangan",
    "Kementerian Hukum dan Hak Asasi Manusia",
    "Kementerian Kesehatan",
    "Kementerian Pendidikan, Kebudayaan, Riset dan Teknologi",
    "Mahkamah Agung RI",
    "Kementerian Perhubungan",
    "Kejaksaan Agung",
    "Kementerian Pertanian",
    "Badan Pusat Statistik",
    "Kementerian Sosial",
    "Kementerian Dalam Negeri",
    "Badan Kepegawaian Negara",
    "Kementerian Perdagangan",
    "Kementerian Perindustrian",
    "Kementerian Luar Negeri",
    "Kementerian Pertahanan",
    "Kementerian Kelautan dan Perikanan",
    "Kementerian Ketenagakerjaan",
    "Kementerian Komunikasi dan Informatika",
    "Badan Meteorologi, Klimatologi dan Geofisika",
    "Badan Pengawas Obat dan Makanan",
    "Lembaga Administrasi Negara",
    "Perpustakaan Nasional RI",
    "Arsip Nasional Republik Indonesia",
    "Badan Standardisasi Nasional",
    "Badan Informasi Geospasial",
    "Ombudsman Republik Indonesia",
    "Badan Narkotika Nasional",
    "Badan Pangan Nasional",
];

/// The agencies of a country of this size, and where the persons of each begin (24 % central).
pub fn agencies(persons: u64) -> (Vec<Agency>, Vec<u64>) {
    let rows: Vec<(&str, String)> = GOVERNMENTS
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(code, name)| (code, name.trim_matches('"').to_owned()))
        .collect();
    let towns = |province: &str| -> Vec<String> {
        let found: Vec<String> = rows
            .iter()
            .filter(|(code, _)| code.len() == 4 && code.starts_with(province))
            .filter_map(|(_, name)| name.splitn(3, ' ').nth(2).map(str::to_owned))
            .collect();
        if found.is_empty() {
            vec![
                "Jakarta".into(),
                "Jayapura".into(),
                "Sorong".into(),
                "Wamena".into(),
            ]
        } else {
            found
        }
    };
    let local = (persons / 1_250).clamp(6, 507) as usize;
    let districts = rows.iter().filter(|(code, _)| code.len() == 4).count();
    let mut list = Vec::new();
    let mut seen = 0;
    for (code, name) in &rows {
        let province = code[..2].parse().unwrap_or(31);
        if code.len() == 4 {
            seen += 1;
            if seen * local / districts == (seen - 1) * local / districts {
                continue;
            }
        }
        let mut places = towns(&code[..2]);
        if let Some(own) = name.splitn(3, ' ').nth(2).filter(|_| code.len() == 4) {
            places.insert(0, own.to_owned());
        }
        let big = matches!(province, 31..=36 | 12 | 73);
        let (letter, weight) = if code.len() == 2 {
            ("p", 40)
        } else {
            ("k", 60)
        };
        list.push(Agency {
            code: format!("simpeg-{letter}{code}"),
            name: name.clone(),
            province: Some(province),
            places,
            weight: weight * if big { 3 } else { 1 },
        });
    }
    let regional: u64 = list.iter().map(|a| a.weight).sum();
    let central = (persons / 1_500).clamp(8, 30);
    let shares: Vec<u64> = (0..central).map(|at| 1_000 / (at + 2)).collect();
    let sum: u64 = shares.iter().sum();
    for agency in &mut list {
        agency.weight = agency.weight * 760_000 / regional;
    }
    for (at, share) in shares.iter().enumerate() {
        list.push(Agency {
            code: format!("simpeg-m{:02}", at + 1),
            name: CENTRAL[at].to_owned(),
            province: None,
            places: [
                "Jakarta",
                "Bandung",
                "Surabaya",
                "Medan",
                "Yogyakarta",
                "Makassar",
                "Semarang",
            ]
            .map(str::to_owned)
            .to_vec(),
            weight: share * 240_000 / sum,
        });
    }
    let whole: u64 = list.iter().map(|a| a.weight).sum();
    let mut bounds = vec![0];
    let mut reached = 0;
    for agency in &list {
        reached += agency.weight;
        bounds.push((u128::from(persons) * u128::from(reached) / u128::from(whole)) as u64);
    }
    (list, bounds)
}
