import { problem, Refusal } from '../../domain/errors.ts';
import type { Folds } from './fold.ts';
import { spoil } from './printing.ts';

export const foldBooklets: Folds<'booklets-received' | 'booklet-spoiled'> = {
  'booklets-received': (db, { data, at }) => {
    for (const number of data.numbers) {
      const known = db.run(
        `INSERT INTO booklets (number, state, delivery, received_at) VALUES (?, 'in-stock', ?, ?) ON CONFLICT DO NOTHING`,
        number,
        data.delivery,
        at,
      );
      if (known === 0) throw new Refusal(problem('PST-411', `booklet ${number} was received before`));
    }
  },
  'booklet-spoiled': (db, { data }) => {
    spoil(db, data.booklet);
  },
};
