-- One text for both engines. {blob} is the engine's type for bytes; every other type exists in both.
-- The ledger is the truth; ledger_head is its Merkle frontier. What follows them is computed from it.
CREATE TABLE IF NOT EXISTS ledger (seq BIGINT PRIMARY KEY, recorded_at BIGINT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ledger_head (id BIGINT PRIMARY KEY, size BIGINT NOT NULL, peaks {blob} NOT NULL, root TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS raw_part (hash TEXT NOT NULL, part BIGINT NOT NULL, packed {blob} NOT NULL, PRIMARY KEY (hash, part));
CREATE TABLE IF NOT EXISTS source (code TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, instansi TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS code_list (name TEXT PRIMARY KEY, raw TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submission (id BIGINT PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL, raw TEXT NOT NULL, stated_on TEXT NOT NULL, received_at BIGINT NOT NULL, row_count BIGINT NOT NULL, accepted BIGINT NOT NULL, warned BIGINT NOT NULL, rejected BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS submission_raw ON submission (source, raw);
CREATE TABLE IF NOT EXISTS finding (submission BIGINT NOT NULL, row_number BIGINT NOT NULL, number BIGINT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (submission, row_number, number));
CREATE TABLE IF NOT EXISTS statement (seq BIGINT PRIMARY KEY, submission BIGINT NOT NULL, row_number BIGINT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, fact TEXT NOT NULL, superseded_by BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS statement_fact ON statement (source, kind, fact);
CREATE TABLE IF NOT EXISTS member (person_id BIGINT NOT NULL, statement BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (person_id, statement, since));
CREATE INDEX IF NOT EXISTS member_statement ON member (statement);
CREATE TABLE IF NOT EXISTS person (person_id BIGINT PRIMARY KEY, nama TEXT NOT NULL, nip TEXT NOT NULL, conflicts BIGINT NOT NULL, ghost BIGINT NOT NULL, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lookup (field TEXT NOT NULL, value TEXT NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (field, value, person_id));
CREATE INDEX IF NOT EXISTS lookup_person ON lookup (person_id);
CREATE TABLE IF NOT EXISTS doubt (id BIGINT PRIMARY KEY, statements TEXT NOT NULL, pairs TEXT NOT NULL, withdrawn_by BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS ruling (id BIGINT PRIMARY KEY, verdict TEXT NOT NULL, decided_by TEXT NOT NULL, reason TEXT NOT NULL, undone_by BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS ruling_record (source TEXT NOT NULL, fact TEXT NOT NULL, ruling BIGINT NOT NULL, PRIMARY KEY (source, fact, ruling));
INSERT INTO ledger_head (id, size, peaks, root) VALUES (1, 0, {empty}, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') ON CONFLICT (id) DO NOTHING;
