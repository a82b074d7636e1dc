//! What is told of a person beside the histories: the main record, the family, retirement.

use satu_domain::Kind;
use serde_json::{Value, json};

use crate::answers as a;
use crate::codes::Codes;
use crate::histories::{HISTORIES, History};
use crate::record::{Row, Subject, answer};

impl Subject {
    /// The main record as the service shows it.
    pub fn main_told(&self, codes: &Codes) -> Value {
        let mut told = answer(a::DATA_UTAMA, self, &self.main, codes);
        // Years and months in one text, as the service has it beside the two numbers.
        let (years, months) = (
            self.main.cell("masa_kerja_tahun"),
            self.main.cell("masa_kerja_bulan"),
        );
        if !years.is_empty() {
            told["masaKerja"] = format!(
                "{years} Tahun {} Bulan",
                if months.is_empty() { "0" } else { months }
            )
            .into();
        }
        told
    }

    fn family_of(&self, data: Value) -> Value {
        let mut told = json!({
            "idPns": self.id,
            "nipBaru": self.main.cell("nip"),
            "nipLama": self.main.cell("nip_lama"),
        });
        if let (Value::Object(told), Value::Object(data)) = (&mut told, data) {
            told.extend(data);
        }
        told
    }

    /// `pns.DataAnak`.
    pub fn children(&self, rows: &[Row], codes: &Codes) -> Value {
        let list = HISTORIES.iter().filter(|one| one.name == "anak");
        let list: Vec<Value> = list.flat_map(|one| one.all(self, rows, codes)).collect();
        self.family_of(json!({ "listAnak": list }))
    }

    /// `pns.DataPasangan`.
    pub fn spouses(&self, rows: &[Row], codes: &Codes) -> Value {
        let Some(history) = History::named("pasangan") else {
            return Value::Null;
        };
        let own = rows.iter().filter(|row| history.has(row, codes));
        let list: Vec<Value> = own
            .map(|row| {
                let marriage = answer(a::PERNIKAHAN, self, row, codes);
                json!({
                    "statusNikah": marriage["status"],
                    "dataPernikahan": marriage,
                    "orang": history.told(self, row, codes),
                })
            })
            .collect();
        self.family_of(json!({ "listPasangan": list }))
    }

    /// `pns.DataOrtu`. Where nobody states the mother as a relative, the main record names her.
    pub fn parents(&self, rows: &[Row], codes: &Codes) -> Value {
        let parent = |name: &str, key: &str, known: &str| {
            let found = History::named(name).and_then(|history| {
                let row = rows.iter().find(|row| history.has(row, codes))?;
                Some(history.told(self, row, codes))
            });
            let mut told = found.unwrap_or_else(|| {
                let empty = Row {
                    id: String::new(),
                    kind: Kind::Keluarga,
                    cells: Vec::new(),
                    unknown: Vec::new(),
                    papers: Vec::new(),
                    made_at: None,
                    changed_at: None,
                };
                let mut told = answer(a::ORANG_TUA, self, &empty, codes);
                told["id"] = Value::Null;
                if !known.is_empty() {
                    told["nama"] = known.into();
                }
                told
            });
            told[key] = told["id"].clone();
            told
        };
        self.family_of(json!({
            "ayah": parent("ayah", "ayahId", ""),
            "ibu": parent("ibu", "ibuId", self.main.cell("nama_ibu_kandung")),
        }))
    }

    /// `pns.NilaiIpAsn`: the register holds no index, so every value is empty.
    pub fn indices(&self, codes: &Codes) -> Value {
        let mut told = answer(a::IP_ASN, self, &self.main, codes);
        told["instansiKerjaId"] = codes
            .id("instansi", self.main.cell("instansi_kerja"))
            .into();
        told
    }

    /// A row of `list-pensiun-instansi`.
    pub fn pension(&self, due: jiff::civil::Date, codes: &Codes) -> Value {
        let mut told = answer(a::PENSION, self, &self.main, codes);
        told["tglLahir"] = crate::format::day(self.main.cell("tanggal_lahir")).into();
        told["tmtPensiun"] = format!("{due}T00:00:00+07:00").into();
        told["golonganId"] = codes.id("golongan", self.main.cell("golongan")).into();
        told["instansiId"] = codes
            .id("instansi", self.main.cell("instansi_kerja"))
            .into();
        told["detailLayananNama"] = "BUP".into();
        told
    }
}
