import type { Messages } from './en.ts';
import { centre } from './id/centre.ts';
import { counter } from './id/counter.ts';
import { office } from './id/office.ts';
import { refusal } from './id/refusal.ts';
import { settling } from './id/settling.ts';
import { shell } from './id/shell.ts';

/** The Indonesian words of the console (terms: the office's own, see the glossary of the field). */
export const id: Messages = { ...shell, ...counter, ...settling, ...office, ...centre, refusal };
