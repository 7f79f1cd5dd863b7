import type { Folds } from './fold.ts';

type Kinds =
  | 'statement-stored'
  | 'statement-kept'
  | 'statement-refused'
  | 'bundle-accepted'
  | 'feed-read'
  | 'reports-answered';

const UNVERIFIED = `INSERT INTO statements (digest, text, state, result, detail, via, at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (digest) DO UPDATE SET state = excluded.state, result = excluded.result, detail = excluded.detail`;

export const foldStatements: Folds<Kinds> = {
  'statement-stored': (db, { data, at }) => {
    db.run(
      `INSERT INTO statements (digest, jti, kind, iat, application, text, state, via, at)
       VALUES (?, ?, ?, ?, ?, ?, 'stored', ?, ?)
       ON CONFLICT (digest) DO UPDATE SET state = 'stored', jti = excluded.jti, kind = excluded.kind, iat = excluded.iat,
         application = excluded.application, result = NULL, detail = NULL`,
      data.digest,
      data.jti,
      data.kind,
      data.iat,
      data.application,
      data.text,
      data.via,
      at,
    );
    db.run('UPDATE station SET mark = max(mark, ?)', data.iat * 1000);
  },
  'statement-kept': (db, { data, at }) => {
    db.run(UNVERIFIED, data.digest, data.text, 'kept', data.result, data.detail, data.via, at);
  },
  'statement-refused': (db, { data, at }) => {
    db.run(UNVERIFIED, data.digest, data.text, 'refused', data.result, data.detail, data.via, at);
  },
  'bundle-accepted': (db, { data }) => {
    db.run(
      'UPDATE station SET bundle_version = ?, bundle_expires = ?, bundle = ?',
      data.version,
      data.expires,
      data.text,
    );
  },
  'feed-read': (db, { data }) => {
    db.run('UPDATE station SET cursor = ?', data.cursor);
  },
  'reports-answered': (db, { data }) => {
    for (const jti of data.accepted) db.run(`UPDATE outbox SET state = 'accepted', reason = NULL WHERE jti = ?`, jti);
    for (const { jti, reason } of data.refused)
      db.run(`UPDATE outbox SET state = 'refused', reason = ? WHERE jti = ? AND state = 'waiting'`, reason, jti);
  },
};
