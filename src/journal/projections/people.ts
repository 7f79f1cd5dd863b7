import type { Folds } from './fold.ts';

type Kinds =
  | 'station-started'
  | 'station-stopped'
  | 'person-added'
  | 'person-disabled'
  | 'signed-in'
  | 'sign-in-failed'
  | 'sign-off-requested'
  | 'sign-off-signed'
  | 'sign-off-closed';

const nothing = () => undefined;

export const foldPeople: Folds<Kinds> = {
  'station-started': nothing,
  'station-stopped': nothing,
  'person-added': (db, { data }) => {
    db.run('INSERT INTO people (name, roles) VALUES (?, ?)', data.name, JSON.stringify(data.roles));
  },
  'person-disabled': (db, { data }) => {
    db.run('UPDATE people SET disabled = 1 WHERE name = ?', data.name);
  },
  'signed-in': (db, { data }) => {
    db.run('UPDATE people SET wrong = 0, wrong_at = NULL WHERE name = ?', data.name);
  },
  'sign-in-failed': (db, { data, at }) => {
    db.run('UPDATE people SET wrong = wrong + 1, wrong_at = ? WHERE name = ?', at, data.name);
  },
  'sign-off-requested': (db, { data, actor, at }) => {
    db.run(
      `INSERT INTO sign_offs (id, act, text, subject, payload, requested_by, requested_at, expires, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
      data.id,
      data.act,
      data.text,
      data.subject,
      JSON.stringify(data.payload),
      actor,
      at,
      data.expires,
    );
  },
  'sign-off-signed': (db, { data }) => {
    db.run(`UPDATE sign_offs SET state = 'signed' WHERE id = ?`, data.id);
  },
  'sign-off-closed': (db, { data }) => {
    db.run('UPDATE sign_offs SET state = ? WHERE id = ?', data.why, data.id);
  },
};
