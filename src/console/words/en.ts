import { centre } from './en/centre.ts';
import { counter } from './en/counter.ts';
import { office } from './en/office.ts';
import { refusal } from './en/refusal.ts';
import { settling } from './en/settling.ts';
import { shell } from './en/shell.ts';

/** The English words of the console; the shape that every other language has to fill. */
export const en = { ...shell, ...counter, ...settling, ...office, ...centre, refusal };

export type Messages = typeof en;
