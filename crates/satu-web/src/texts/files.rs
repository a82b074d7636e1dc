//! What is wrong with a file that is sent, and what to do about it.

use std::fmt::Display;

use super::Lang;

texts! {
    file_empty: "Berkas ini kosong.", "The file is empty.";
    file_no_table(looks_like): "Berkas ini bukan tabel; isinya tampak seperti {looks_like}.", "The file is not a table; it looks like {looks_like}.";
    looks_pdf: "dokumen PDF", "a PDF document";
    looks_old_office: "berkas Excel atau Word model lama", "an old Excel or Word file";
    looks_picture: "gambar", "a picture";
    looks_web_page: "halaman web", "a web page";
    looks_binary: "data biner", "binary data";
    file_damaged(reason): "Berkas ini rusak atau bukan jenis yang disebut namanya. Rincian teknis: {reason}", "The file is damaged or not what its name says: {reason}";
    file_unpacks(part): "Isi berkas ini terlalu besar setelah dibuka: {part}", "The file unpacks to too much: {part}";
    file_no_header(first): "Tidak ada kolom yang dikenali. Baris pertamanya: {first}", "No column is recognised. Its first line reads: {first}";
    file_lacks(kind, columns): "Berkas ini terbaca sebagai {kind}, tetapi kolom wajib ini tidak ada: {columns}", "Read as {kind}, the file lacks the required columns: {columns}";
    file_two_headers(first, second, column): "Dua kolom berarti data yang sama ({column}): {first} dan {second}", "Two headers mean the same column ({column}): {first} and {second}";
    file_map_header(header, column): "Peta menyebut kolom {header} untuk {column}, tetapi kolom itu tidak ada dalam berkas.", "The map takes the column {header} for {column}, but the file has no such column.";
    file_never_closed(row): "Tanda kutip yang dibuka di baris {row} tidak pernah ditutup.", "A quotation mark opens in row {row} and is never closed.";
    file_too_long(row): "Baris {row} terlalu panjang dan tidak ada akhirnya.", "Row {row} is too long and never ends.";
    export_again: "Ekspor ulang berkas dari aplikasi asalnya, lalu kirim lagi.", "Export the file again from its source and send it again.";
    save_as: "Simpan sebagai XLSX, CSV (UTF-8), Parquet, atau JSON per baris, lalu kirim lagi.", "Save it as XLSX, CSV (UTF-8), Parquet or JSON lines and send it again.";
    save_again: "Buka dengan aplikasinya, simpan ulang, lalu kirim lagi.", "Open it in its program, save it again and send it again.";
    split_it: "Pecah berkasnya, atau simpan sebagai CSV.", "Split the file, or save it as CSV.";
    put_a_header: "Letakkan baris kepala berisi nama kolom seperti nip, nik, nama, tanggal_lahir di baris pertama, atau sertakan berkas peta.",
        "Put a header row with names such as nip, nik, nama, tanggal_lahir first, or send a map file along.";
    add_columns: "Tambahkan kolomnya, atau sebutkan dalam berkas peta kolom mana yang memuatnya.", "Add the columns, or say in a map file which columns hold them.";
    rename_one: "Ganti nama atau hapus salah satu kolom, atau sebutkan dalam berkas peta mana yang benar.", "Rename or remove one of the two, or say in a map file which one is right.";
    correct_the_map: "Betulkan berkas petanya, lalu kirim lagi.", "Correct the map file and send it again.";
    find_the_mark: "Cari tanda kutip yang tidak ditutup.", "Look for a quotation mark that is never closed.";
    file_no_sheet: "Berkas ini tidak berisi lembar kerja.", "The file has no sheet.";
    file_not_read(reason): "Berkas tidak dapat dibaca. Rincian teknis: {reason}", "The file cannot be read: {reason}";
    map_not_toml(reason): "Berkas peta bukan TOML yang benar. Rincian teknis: {reason}", "The map file is not well formed: {reason}";
    map_no_kind(name, kinds): "Berkas peta menyebut jenis {name}; yang ada hanya {kinds}.", "The map file names the kind {name}, which is none of {kinds}.";
    map_no_column(section, column, kind): "Bagian [{section}] berkas peta menyebut {column}, yang bukan kolom {kind}.", "The map file's [{section}] names {column}, which is no column of {kind}.";
    map_date_format(format): "Bentuk tanggal {format} dalam berkas peta harus terdiri atas DD, MM atau MMM, dan YY atau YYYY, masing-masing satu kali.",
        "The map file's date_format {format} is not made of DD, MM or MMM, and YY or YYYY, once each.";
}
