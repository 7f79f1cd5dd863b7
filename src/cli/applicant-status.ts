/** What an applicant may know of an application: its stage and the day, nothing personal (domain.md, "Outage"). */
import { localDate } from '../domain/deadline.ts';
import type { JobState } from '../domain/job.ts';

export const STAGES = ['payment', 'approval', 'production', 'ready', 'handed-over', 'referred', 'ask-office'] as const;
export type Stage = (typeof STAGES)[number];

/** What goes wrong inside the office, a doubtful print for example, is production to the applicant. */
const STAGE_OF: Readonly<Record<JobState, Stage>> = {
  received: 'payment',
  'awaiting-payment': 'payment',
  'awaiting-approval': 'approval',
  approved: 'production',
  released: 'production',
  bound: 'production',
  printing: 'production',
  'in-doubt': 'production',
  printed: 'production',
  'quality-check': 'production',
  'quality-failed': 'production',
  ready: 'ready',
  'handed-over': 'handed-over',
  referred: 'referred',
  held: 'ask-office',
  rejected: 'ask-office',
  cancelled: 'ask-office',
};

const WORDS: Readonly<Record<'en' | 'id', Readonly<Record<Stage | 'expected' | 'unknown', string>>>> = {
  en: {
    payment: 'waiting for payment',
    approval: "waiting for the centre's approval",
    production: 'the passport is being made',
    ready: 'ready to be collected',
    'handed-over': 'handed over',
    referred: 'passed on to another office',
    'ask-office': 'please ask at the office',
    expected: 'expected on',
    unknown: 'no day can be named yet',
  },
  id: {
    payment: 'menunggu pembayaran',
    approval: 'menunggu persetujuan pusat',
    production: 'paspor sedang dibuat',
    ready: 'siap diambil',
    'handed-over': 'sudah diserahkan',
    referred: 'diteruskan ke kantor lain',
    'ask-office': 'silakan tanyakan ke kantor',
    expected: 'perkiraan selesai',
    unknown: 'hari selesai belum dapat ditentukan',
  },
};

export interface ApplicantStatus {
  readonly application: string;
  readonly stage: Stage;
  /** `YYYY-MM-DD` at the office; `null` where no day can be promised, or none is needed any more. */
  readonly expected: string | null;
  /** One line for an SMS or chat gateway. */
  readonly text: string;
}

/** `now` in milliseconds since the epoch: a day that has passed is not promised again. */
export function applicantStatus(
  job: { readonly application: string; readonly state: JobState; readonly deadline: number | null },
  { now, timezone, language }: { readonly now: number; readonly timezone: string; readonly language: 'en' | 'id' },
): ApplicantStatus {
  const { application, deadline } = job;
  const stage = STAGE_OF[job.state];
  const words = WORDS[language];
  const waits = stage === 'approval' || stage === 'production';
  const expected = waits && deadline !== null && deadline >= now ? localDate(deadline, timezone) : null;
  const day = expected === null ? words.unknown : `${words.expected} ${expected}`;
  return { application, stage, expected, text: `${application}: ${words[stage]}${waits ? `, ${day}` : ''}` };
}
