/**
 * The schema, one migration a number, each applied in a transaction of its own. A published migration never changes.
 * Tables in `PROJECTIONS` are folded from `entries`; the others are kept beside them.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    clock TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    data TEXT NOT NULL,
    reports TEXT NOT NULL
  ) STRICT;
  -- Of statements the table below is asked: a backlog would scatter thousands of their jtis over this index.
  CREATE INDEX entries_subject ON entries (subject, seq) WHERE kind NOT GLOB 'statement-*';
  CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
  CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

  -- Kept beside the entries: personal data, secrets and the answers of idempotent calls.
  CREATE TABLE records (job TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE notes (job TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE TABLE credentials (person TEXT PRIMARY KEY, pin TEXT NOT NULL) STRICT;
  CREATE TABLE idempotency (
    key TEXT NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
    at INTEGER NOT NULL, PRIMARY KEY (key, person)
  ) STRICT;

  CREATE TABLE people (
    name TEXT PRIMARY KEY, roles TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,
    wrong INTEGER NOT NULL DEFAULT 0, wrong_at INTEGER
  ) STRICT;
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY, application TEXT NOT NULL, record_sha256 TEXT NOT NULL, record_bytes INTEGER NOT NULL,
    state TEXT NOT NULL, held_from TEXT, state_reason TEXT,
    priority TEXT NOT NULL, family TEXT, travel_date TEXT, referred_from TEXT,
    received_at INTEGER NOT NULL, deadline INTEGER,
    approval TEXT, spent_approval TEXT, booklet TEXT, printer TEXT, release_reference TEXT, printed_by TEXT
  ) STRICT;
  CREATE INDEX jobs_state ON jobs (state, received_at);
  CREATE INDEX jobs_application ON jobs (application);
  CREATE INDEX jobs_family ON jobs (family) WHERE family IS NOT NULL;
  CREATE INDEX jobs_booklet ON jobs (booklet) WHERE booklet IS NOT NULL;
  CREATE TABLE families (id TEXT PRIMARY KEY, policy TEXT NOT NULL) STRICT;
  CREATE TABLE releases (reference TEXT PRIMARY KEY, at INTEGER NOT NULL, jobs INTEGER NOT NULL) STRICT;
  CREATE TABLE bindings (
    id TEXT PRIMARY KEY, job TEXT NOT NULL, booklet TEXT NOT NULL, printer TEXT NOT NULL, operator TEXT NOT NULL,
    live INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX one_live_binding_a_job ON bindings (job) WHERE live = 1;
  CREATE UNIQUE INDEX one_live_binding_a_booklet ON bindings (booklet) WHERE live = 1;
  CREATE UNIQUE INDEX one_live_binding_a_printer ON bindings (printer) WHERE live = 1;
  CREATE TABLE attempts (
    id TEXT PRIMARY KEY, job TEXT NOT NULL, number INTEGER NOT NULL, binding TEXT NOT NULL, booklet TEXT NOT NULL,
    printer TEXT NOT NULL, approval TEXT NOT NULL, state TEXT NOT NULL, operator TEXT NOT NULL,
    intended_at INTEGER NOT NULL, page_sha256 TEXT NOT NULL, acknowledgement INTEGER NOT NULL,
    reason TEXT, read_back TEXT, read_back_source TEXT, read_back_owed INTEGER NOT NULL DEFAULT 0, resolution TEXT
  ) STRICT;
  -- I2 and I3: an approval and a booklet serve one attempt, until it is proven that this attempt inked nothing.
  CREATE UNIQUE INDEX one_attempt_an_approval ON attempts (approval) WHERE state <> 'not-printed';
  CREATE UNIQUE INDEX one_attempt_a_booklet ON attempts (booklet) WHERE state <> 'not-printed';
  CREATE INDEX attempts_job ON attempts (job);
  CREATE INDEX attempts_open ON attempts (state) WHERE state IN ('intended', 'sending', 'confirming');
  CREATE INDEX attempts_owing ON attempts (printer) WHERE read_back_owed = 1;
  CREATE TABLE evidence (attempt TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL) STRICT;
  CREATE INDEX evidence_attempt ON evidence (attempt, seq);
  CREATE TABLE printers (
    id TEXT PRIMARY KEY, sequence INTEGER NOT NULL DEFAULT 0, lock_attempt TEXT, lock_resolved TEXT,
    device_empty INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TABLE booklets (
    number TEXT PRIMARY KEY, state TEXT NOT NULL, delivery TEXT NOT NULL, received_at INTEGER NOT NULL, job TEXT
  ) STRICT;
  CREATE INDEX booklets_state ON booklets (state);
  CREATE TABLE statements (
    digest TEXT NOT NULL, jti TEXT, kind TEXT, iat INTEGER, application TEXT, text TEXT NOT NULL,
    state TEXT NOT NULL, result TEXT, detail TEXT, via TEXT NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX one_content_a_jti ON statements (jti) WHERE state = 'stored';
  -- A stored one is found by its jti. What could not be verified has none that counts, only its text's digest.
  CREATE UNIQUE INDEX one_row_an_unverified_text ON statements (digest) WHERE state <> 'stored';
  CREATE INDEX statements_application ON statements (application, iat, jti) WHERE application IS NOT NULL;
  CREATE INDEX statements_kept ON statements (state) WHERE state = 'kept';
  -- What stored revocations revoke: an approval's jti, a booklet's number or a station's id.
  CREATE TABLE revocations (
    target TEXT NOT NULL, value TEXT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (target, value, statement)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY, jti TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, claims TEXT NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL, reason TEXT
  ) STRICT;
  CREATE INDEX outbox_open ON outbox (seq) WHERE state <> 'accepted';
  CREATE TABLE sign_offs (
    id TEXT PRIMARY KEY, act TEXT NOT NULL, text TEXT NOT NULL, subject TEXT NOT NULL, payload TEXT NOT NULL,
    requested_by TEXT NOT NULL, requested_at INTEGER NOT NULL, expires INTEGER NOT NULL, state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX sign_offs_open ON sign_offs (state) WHERE state = 'open';
  -- One row: the cursor of the feed, the trust bundle in force, the clock's two marks (seconds), contact with the centre.
  CREATE TABLE station (
    one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT, bundle_version INTEGER, bundle_expires INTEGER, bundle TEXT,
    signed_mark INTEGER NOT NULL DEFAULT 0, local_mark INTEGER NOT NULL DEFAULT 0,
    last_contact INTEGER, prints_since INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  INSERT INTO station (one) VALUES (1);
  `,
];

export const PROJECTIONS = [
  'people',
  'jobs',
  'families',
  'releases',
  'bindings',
  'attempts',
  'evidence',
  'printers',
  'booklets',
  'statements',
  'revocations',
  'outbox',
  'sign_offs',
  'station',
] as const;
