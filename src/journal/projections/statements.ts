import type { Folds } from './fold.ts';

type Kinds =
  | 'statement-stored'
  | 'statement-kept'
  | 'statement-refused'
  | 'bundle-accepted'
  | 'time-learnt'
  | 'feed-read'
  | 'reports-answered';

/** What a verified revocation revokes. */
function revoked(text: string): [target: string, value: string][] {
  const claims = JSON.parse(Buffer.from(text.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
  return REVOCABLE.flatMap((target) => {
    const value = claims[target];
    return typeof value === 'string' ? [[target, value]] : [];
  });
}

const REVOCABLE = ['approval', 'booklet', 'station'] as const;

const UNVERIFIED = `INSERT INTO statements (digest, text, state, result, detail, via, at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (digest) WHERE state <> 'stored' DO UPDATE SET state = excluded.state, result = excluded.result, detail = excluded.detail`;

export const foldStatements: Folds<Kinds> = {
  'statement-stored': (db, { data, at }) => {
    if (data.was !== null) db.run(`DELETE FROM statements WHERE digest = ? AND state <> 'stored'`, data.was);
    db.run(
      `INSERT INTO statements (digest, jti, kind, iat, application, text, state, via, at)
       VALUES (?, ?, ?, ?, ?, ?, 'stored', ?, ?)`,
      data.digest,
      data.jti,
      data.kind,
      data.iat,
      data.application,
      data.text,
      data.via,
      at,
    );
    db.run('UPDATE station SET signed_mark = ?1 WHERE signed_mark < ?1', data.iat);
    if (data.kind === 'revocation')
      for (const [target, value] of revoked(data.text))
        db.run('INSERT INTO revocations (target, value, statement) VALUES (?, ?, ?)', target, value, data.jti);
  },
  'statement-kept': (db, { data, at }) => {
    db.run(UNVERIFIED, data.digest, data.text, 'kept', data.result, data.detail, data.via, at);
  },
  'statement-refused': (db, { data, at }) => {
    db.run(UNVERIFIED, data.digest, data.text, 'refused', data.result, data.detail, data.via, at);
  },
  'bundle-accepted': (db, { data, at }) => {
    db.run(
      'UPDATE station SET bundle_version = ?, bundle_expires = ?, bundle = ?, last_contact = ?, prints_since = 0',
      data.version,
      data.expires,
      data.text,
      Math.floor(at / 1000),
    );
  },
  // The act that ends `untrusted` may take the station's own mark back, never the centre's (src/trust/clock.ts).
  'time-learnt': (db, { data }) => {
    db.run(
      `UPDATE station SET signed_mark = max(signed_mark, ?), local_mark = min(local_mark, ?),
         last_contact = CASE WHEN ? THEN ? ELSE last_contact END,
         prints_since = CASE WHEN ? THEN 0 ELSE prints_since END`,
      data.source === 'nonce' ? data.time : 0,
      data.time,
      data.source === 'nonce' ? 1 : 0,
      data.time,
      data.source === 'nonce' ? 1 : 0,
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
