-- One text for both engines. {blob} is the engine's type for bytes,
-- {key} its type for text that is ordered by its bytes, {id} for a table's own number, and {lean} says that a table
-- is kept in the order of its key; every other type exists in both.
-- What seals the register, wrapped by a master key that is not in it (docs/encryption.md). Columns of bytes are sealed, but for the frontiers.
CREATE TABLE IF NOT EXISTS data_key (id {id} PRIMARY KEY, register TEXT NOT NULL, master TEXT NOT NULL, wrapped {blob} NOT NULL);
-- The ledger is the truth; ledger_head is its Merkle frontier (row 2: that of the looks). What follows them is computed from it.
CREATE TABLE IF NOT EXISTS ledger (seq {id} PRIMARY KEY, recorded_at BIGINT NOT NULL, body {blob} NOT NULL);
CREATE TABLE IF NOT EXISTS ledger_head (id {id} PRIMARY KEY, size BIGINT NOT NULL, peaks {blob} NOT NULL, root TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS raw_part (hash TEXT NOT NULL, part BIGINT NOT NULL, packed {blob} NOT NULL, PRIMARY KEY (hash, part));
CREATE TABLE IF NOT EXISTS source (code {key} PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, instansi TEXT NOT NULL, agency TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS code_list (name {key} PRIMARY KEY, raw TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submission (id {id} PRIMARY KEY, source TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL, raw TEXT NOT NULL, stated_on TEXT NOT NULL, way BIGINT NOT NULL, received_at BIGINT NOT NULL, row_count BIGINT NOT NULL, accepted BIGINT NOT NULL, warned BIGINT NOT NULL, rejected BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS submission_raw ON submission (source, raw);
CREATE TABLE IF NOT EXISTS finding (submission BIGINT NOT NULL, row_number BIGINT NOT NULL, number BIGINT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL, field TEXT NOT NULL, value {blob} NOT NULL, PRIMARY KEY (submission, row_number, number)){lean};
CREATE TABLE IF NOT EXISTS statement (seq {id} PRIMARY KEY, submission BIGINT NOT NULL, row_number BIGINT NOT NULL, source TEXT NOT NULL, kind TEXT NOT NULL, fact TEXT NOT NULL, superseded_by BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS statement_fact ON statement (source, kind, fact);
CREATE TABLE IF NOT EXISTS member (person_id BIGINT NOT NULL, statement BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (person_id, statement, since)){lean};
CREATE INDEX IF NOT EXISTS member_statement ON member (statement);
CREATE TABLE IF NOT EXISTS unjudged (statement {id} PRIMARY KEY);
CREATE TABLE IF NOT EXISTS block_key (hash BIGINT NOT NULL, statement BIGINT NOT NULL, PRIMARY KEY (hash, statement)){lean};
-- record: sealed, written as kept_record.rs says.
CREATE TABLE IF NOT EXISTS person (person_id {id} PRIMARY KEY, nama TEXT NOT NULL, nip TEXT NOT NULL, conflicts BIGINT NOT NULL, ghost BIGINT NOT NULL, record {blob} NOT NULL);
CREATE INDEX IF NOT EXISTS person_nip ON person (nip);
CREATE INDEX IF NOT EXISTS person_ghost ON person (ghost) WHERE ghost = 1;
-- Agencies by name, units by agency and name; and which unit lies below which (itself too, by name and code).
CREATE TABLE IF NOT EXISTS person_place (person_id BIGINT NOT NULL, place {key} NOT NULL, PRIMARY KEY (person_id, place)){lean};
CREATE INDEX IF NOT EXISTS person_place_place ON person_place (place, person_id);
CREATE TABLE IF NOT EXISTS unit_below (above {key} NOT NULL, place {key} NOT NULL, PRIMARY KEY (above, place)){lean};
CREATE INDEX IF NOT EXISTS unit_below_place ON unit_below (place);
-- The trees as they were before the transaction that loads others; empty at its end.
CREATE TABLE IF NOT EXISTS unit_was (above {key} NOT NULL, place {key} NOT NULL, PRIMARY KEY (above, place)){lean};
CREATE INDEX IF NOT EXISTS unit_was_place ON unit_was (place);
CREATE TABLE IF NOT EXISTS lookup (field {key} NOT NULL, value {key} NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (field, value, person_id)){lean};
CREATE TABLE IF NOT EXISTS name_word (word {key} NOT NULL, near {key} NOT NULL, PRIMARY KEY (near, word)){lean};
CREATE INDEX IF NOT EXISTS name_word_word ON name_word (word);
CREATE TABLE IF NOT EXISTS doubt (id {id} PRIMARY KEY, statements TEXT NOT NULL, pairs TEXT NOT NULL, withdrawn_by BIGINT NOT NULL, deferred_by BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS doubt_record (doubt BIGINT NOT NULL, statement BIGINT NOT NULL, PRIMARY KEY (doubt, statement)){lean};
CREATE INDEX IF NOT EXISTS doubt_record_statement ON doubt_record (statement);
CREATE TABLE IF NOT EXISTS model (id {id} PRIMARY KEY, raw TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ruling (id {id} PRIMARY KEY, verdict {blob} NOT NULL, decided_by TEXT NOT NULL, reason {blob} NOT NULL, undone_by BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS ruling_record (source {key} NOT NULL, fact {key} NOT NULL, ruling BIGINT NOT NULL, PRIMARY KEY (source, fact, ruling)){lean};
-- Decisions that need a second person; answered_by is the ledger number of how one ended, holder the program whose secret it is about.
CREATE TABLE IF NOT EXISTS four_eyes (id {id} PRIMARY KEY);
CREATE TABLE IF NOT EXISTS proposal (id {id} PRIMARY KEY, answered_by BIGINT NOT NULL, holder {key} NOT NULL);
CREATE INDEX IF NOT EXISTS proposal_answered_by ON proposal (answered_by);
CREATE INDEX IF NOT EXISTS proposal_holder ON proposal (holder) WHERE holder <> '';
CREATE TABLE IF NOT EXISTS proposal_person (proposal BIGINT NOT NULL, person_id BIGINT NOT NULL, PRIMARY KEY (proposal, person_id)){lean};
-- What was done to programs and personal tokens, by whose they are.
CREATE TABLE IF NOT EXISTS credential (id {id} PRIMARY KEY, holder {key} NOT NULL);
CREATE INDEX IF NOT EXISTS credential_holder ON credential (holder);
-- The registers of UU 27/2022: requests and how they ended, breaches with who was told when (0: not yet), and whom they touch.
CREATE TABLE IF NOT EXISTS privacy_request (id {id} PRIMARY KEY, nip TEXT NOT NULL, answered_by BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS privacy_request_nip ON privacy_request (nip);
CREATE TABLE IF NOT EXISTS breach (id {id} PRIMARY KEY, found_at BIGINT NOT NULL, words BIGINT NOT NULL, told_persons BIGINT NOT NULL, told_authority BIGINT NOT NULL, told_public BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS breach_person (breach BIGINT NOT NULL, person_id BIGINT NOT NULL, nip TEXT NOT NULL, PRIMARY KEY (breach, person_id)){lean};
CREATE INDEX IF NOT EXISTS breach_person_person ON breach_person (person_id, breach);
CREATE INDEX IF NOT EXISTS breach_person_nip ON breach_person (nip, breach);
CREATE TABLE IF NOT EXISTS document (id {id} PRIMARY KEY, told {blob} NOT NULL, media TEXT NOT NULL, sort TEXT NOT NULL, agency {key} NOT NULL);
CREATE TABLE IF NOT EXISTS document_statement (document BIGINT NOT NULL, statement BIGINT NOT NULL, PRIMARY KEY (document, statement)){lean};
CREATE INDEX IF NOT EXISTS document_statement_statement ON document_statement (statement);
-- What became of whom, numbered without a gap in the order of the ledger; an agency is named where only it is told.
CREATE TABLE IF NOT EXISTS change (id BIGINT NOT NULL, person_id BIGINT NOT NULL, seq BIGINT NOT NULL, kind BIGINT NOT NULL, fields BIGINT NOT NULL, other BIGINT NOT NULL, agency TEXT NOT NULL, PRIMARY KEY (id, person_id)){lean};
-- What became of numbers that are gone (kind 5: merged), from either end.
CREATE INDEX IF NOT EXISTS change_merged ON change (person_id) WHERE kind = 5;
CREATE INDEX IF NOT EXISTS change_merged_into ON change (other) WHERE kind = 5;
CREATE TABLE IF NOT EXISTS released (version {key} NOT NULL, dataset {key} NOT NULL, raw TEXT NOT NULL, entry BIGINT NOT NULL, released_at BIGINT NOT NULL, PRIMARY KEY (version, dataset)){lean};
INSERT INTO ledger_head (id, size, peaks, root) VALUES (1, 0, {empty}, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'), (2, 0, {empty}, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855') ON CONFLICT (id) DO NOTHING;
CREATE TABLE IF NOT EXISTS account (login {key} PRIMARY KEY, id BIGINT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, instansi TEXT NOT NULL, nip TEXT NOT NULL, password TEXT NOT NULL);
-- An account whose password is empty cannot sign in. A link of account 0 makes the first account. A sign-in that awaits is one that lacks its second factor.
CREATE TABLE IF NOT EXISTS sign_in (hash TEXT PRIMARY KEY, account BIGINT NOT NULL, opened_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, agent TEXT NOT NULL, address TEXT NOT NULL, awaits BIGINT NOT NULL, means BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS sign_in_account ON sign_in (account);
-- What a provider says of its session: what it calls it (empty: nothing), and when it last asked who somebody is (0: not said).
CREATE TABLE IF NOT EXISTS sign_in_provider (hash {key} PRIMARY KEY, sid {key} NOT NULL, asked_at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS sign_in_provider_sid ON sign_in_provider (sid);
-- Who an account is at a provider that signs people in; one that is shut signs nobody in.
CREATE TABLE IF NOT EXISTS identity (issuer {key} NOT NULL, subject {key} NOT NULL, account BIGINT NOT NULL, linked_at BIGINT NOT NULL, shut BIGINT NOT NULL, PRIMARY KEY (issuer, subject)){lean};
CREATE UNIQUE INDEX IF NOT EXISTS identity_account ON identity (account, issuer);
CREATE TABLE IF NOT EXISTS known_browser (hash TEXT PRIMARY KEY, account BIGINT NOT NULL, seen_at BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS known_browser_account ON known_browser (account);
CREATE TABLE IF NOT EXISTS link (hash TEXT PRIMARY KEY, account BIGINT NOT NULL, until BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS link_account ON link (account);
CREATE TABLE IF NOT EXISTS second_factor (account {id} PRIMARY KEY, nonce TEXT NOT NULL, last_step BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS recovery_code (account BIGINT NOT NULL, hash {key} NOT NULL, PRIMARY KEY (account, hash)){lean};
CREATE TABLE IF NOT EXISTS look (seq {id} PRIMARY KEY, person_id BIGINT NOT NULL, at BIGINT NOT NULL, login {key} NOT NULL, purpose TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS look_person ON look (person_id, at);
CREATE INDEX IF NOT EXISTS look_login ON look (login, at);
-- Programs that may ask; one without a secret is closed. A secret that was never used was so at 0.
CREATE TABLE IF NOT EXISTS client (key {key} PRIMARY KEY, id BIGINT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL, instansi TEXT NOT NULL, rights TEXT NOT NULL, purpose TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS client_secret (client BIGINT NOT NULL, hash {key} NOT NULL, made_at BIGINT NOT NULL, used_at BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (client, hash)){lean};
-- Whom the site showed a secret of a program to.
CREATE TABLE IF NOT EXISTS client_shown (client BIGINT NOT NULL, login {key} NOT NULL, PRIMARY KEY (client, login)){lean};
CREATE TABLE IF NOT EXISTS client_token (hash TEXT PRIMARY KEY, client BIGINT NOT NULL, rights TEXT NOT NULL, until BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS client_token_client ON client_token (client);
-- What was answered to requests that may come again; status 0 is under way.
CREATE TABLE IF NOT EXISTS client_once (client BIGINT NOT NULL, key {key} NOT NULL, print TEXT NOT NULL, at BIGINT NOT NULL, status BIGINT NOT NULL, place TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (client, key)){lean};
-- Files of programs that arrive in parts; one that is settled has its outcome, and no parts any more.
CREATE TABLE IF NOT EXISTS arrival (token {key} PRIMARY KEY, client BIGINT NOT NULL, about {blob} NOT NULL, length BIGINT NOT NULL, came BIGINT NOT NULL, since BIGINT NOT NULL, touched_at BIGINT NOT NULL, settled BIGINT NOT NULL, outcome {blob} NOT NULL);
CREATE TABLE IF NOT EXISTS arrival_part (token {key} NOT NULL, part BIGINT NOT NULL, sealed {blob} NOT NULL, PRIMARY KEY (token, part));
-- Tokens by which an account asks the service that SIASN's programs speak; one that never runs out has no end.
CREATE TABLE IF NOT EXISTS personal_token (hash TEXT PRIMARY KEY, account BIGINT NOT NULL, name TEXT NOT NULL, made_at BIGINT NOT NULL, until BIGINT NOT NULL);
CREATE INDEX IF NOT EXISTS personal_token_account ON personal_token (account);
-- Who is told of changes, and of which last, with that change's mark (0: not known); what is held is being told by one worker until then.
CREATE TABLE IF NOT EXISTS webhook (id {id} PRIMARY KEY, client BIGINT NOT NULL, url TEXT NOT NULL, kinds TEXT NOT NULL, nonce TEXT NOT NULL, nonce_before TEXT NOT NULL, before_until BIGINT NOT NULL, place BIGINT NOT NULL, mark BIGINT NOT NULL DEFAULT 0, stopped BIGINT NOT NULL, tries BIGINT NOT NULL, lost BIGINT NOT NULL, next_at BIGINT NOT NULL, held_until BIGINT NOT NULL, fault TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS dead_letter (webhook BIGINT NOT NULL, change_id BIGINT NOT NULL, tries BIGINT NOT NULL, fault TEXT NOT NULL, at BIGINT NOT NULL, again BIGINT NOT NULL, PRIMARY KEY (webhook, change_id)){lean};
-- The texts of this file, by hash, of which all tables are here.
CREATE TABLE IF NOT EXISTS layout (hash {key} PRIMARY KEY);
