/**
 * Bad approvals as data: each with its exact result, and with a control that differs in that one thing and is `valid`.
 * The same rows are shown to the verification alone and to a whole station.
 */
import { claimRows } from './bad-claims.ts';
import { headerRows } from './bad-headers.ts';
import { situationRows } from './bad-situations.ts';
import type { BadApproval } from './rows.ts';

export const BAD_APPROVALS: readonly BadApproval[] = [...headerRows(), ...claimRows(), ...situationRows()];
