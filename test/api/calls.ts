import type { Role } from '../../src/domain/people.ts';
import { PIN_ALONE, submission } from './rig.ts';

/**
 * The role column of station.md, written down anew: whoever may call gets the answer named, everybody else 403, and who
 * is not signed in 401. The calls are about something that is not there, so that they change nothing.
 */
export interface Row {
  readonly roles: readonly Role[] | 'any' | 'public';
  readonly path?: string;
  readonly body?: unknown;
  readonly answers: number;
}

const ALL_BUT_TECHNICIAN = ['operator', 'quality', 'supervisor', 'auditor'] as const;
const reason = 'as the table says';
/** An id that nothing has. */
export const NOWHERE = 'not-here';
const about = (roles: Row['roles'], body?: unknown, answers = 404): Row => ({ roles, body, answers });

export const TABLE: Readonly<Record<string, Row>> = {
  'GET /station': { roles: 'public', answers: 200 },
  'POST /session': { roles: 'public', body: {}, answers: 400 },
  'GET /session': { roles: 'any', answers: 200 },
  'DELETE /session': { roles: 'any', answers: 204 },
  'GET /events': { roles: 'any', answers: 200 },

  'POST /jobs': { roles: ['operator'], body: submission(0), answers: 201 },
  'GET /jobs': { roles: ALL_BUT_TECHNICIAN, answers: 200 },
  'POST /jobs/search': { roles: ALL_BUT_TECHNICIAN, body: { name: 'NOBODY AT ALL' }, answers: 200 },
  'GET /jobs/{id}': about(ALL_BUT_TECHNICIAN),
  'GET /jobs/{id}/holder': about(ALL_BUT_TECHNICIAN),
  'POST /jobs/{id}/hold': about(['supervisor'], { reason }),
  'POST /jobs/{id}/resume': about(['supervisor'], { reason }),
  'POST /jobs/{id}/cancel': about(['supervisor'], { reason }),
  'POST /jobs/{id}/refer': about(['supervisor'], { office: 'PNK', reason }),
  'POST /jobs/{id}/priority': about(['operator', 'supervisor'], { priority: 'urgent', reason }),
  'POST /jobs/{id}/quality': about(['quality'], { result: 'pass', faults: [] }),
  'POST /jobs/{id}/hand-over': about(['operator'], { recipient: 'holder', proof: 'identity card' }),
  'POST /releases': about(['supervisor'], { jobs: [NOWHERE] }),
  'GET /families/{id}': about(ALL_BUT_TECHNICIAN),
  'POST /families/{id}': about(['supervisor'], { policy: 'together' }),

  'GET /printers': { roles: 'any', answers: 200 },
  'GET /printers/{id}': about('any'),
  'POST /printers/{id}/bindings': about(['operator'], { job: NOWHERE, booklet: 'U0000001' }),
  'DELETE /printers/{id}/bindings/current': about(['operator']),
  'POST /printers/{id}/print': about(['operator'], { binding: NOWHERE }),
  'POST /printers/{id}/cancel': about(['operator', 'technician']),
  'POST /printers/{id}/eject': about(['operator', 'technician']),
  'POST /printers/{id}/retry-connect': about(['operator', 'technician']),
  'POST /printers/{id}/pause': about(['operator', 'technician']),
  'POST /printers/{id}/resume': about(['operator', 'technician']),
  'POST /printers/{id}/confirm': about(['operator'], { step: 'attended' }),

  'GET /attempts/{id}': about(ALL_BUT_TECHNICIAN),
  'POST /attempts/{id}/read-back': about(['operator'], { lines: ['', ''], source: 'keyed' }),
  'POST /attempts/{id}/resolution': about(['operator'], { outcome: 'spoiled', reason }),

  'GET /booklets': { roles: ALL_BUT_TECHNICIAN, answers: 200 },
  'POST /booklets': {
    roles: ['supervisor'],
    body: { receive: { from: 'U0000001', to: 'U0000001', delivery: 'D' } },
    answers: 409,
  },
  'GET /booklets/{number}': { ...about(ALL_BUT_TECHNICIAN), path: '/booklets/X9' },
  'POST /booklets/{number}/spoil': { ...about(['operator', 'supervisor'], { reason }), path: '/booklets/X9/spoil' },

  'GET /sign-offs': { roles: ['operator', 'quality', 'supervisor'], answers: 200 },
  'POST /sign-offs/{id}/sign': about(['operator', 'quality', 'supervisor'], { pin: PIN_ALONE }),
  'DELETE /sign-offs/{id}': about(['operator', 'quality', 'supervisor']),

  'POST /statements': { roles: ['operator'], body: { statements: [] }, answers: 200 },
  'GET /central': { roles: 'any', answers: 200 },
  'GET /outbox': { roles: 'any', answers: 200 },
};
