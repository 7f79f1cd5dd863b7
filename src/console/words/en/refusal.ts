import type { VerificationFailure } from '../../../domain/statement.ts';

/** Why the station refuses an approval (`VERIFICATION_RESULTS` of the domain), or a job or booklet besides. */
const verification: Record<VerificationFailure, string> = {
  malformed: 'The approval is damaged.',
  'unsupported-alg': 'The approval is signed in a way that is not allowed.',
  'unknown-key': 'The key of the approval is not known here.',
  'wrong-key-use': 'The key of the approval is not meant for approvals.',
  'bad-signature': 'The signature of the approval is wrong.',
  'wrong-audience': 'The approval is for another office or station.',
  'superseded-bundle': 'The trust bundle is old: the centre has to send a new one.',
  revoked: 'The approval was revoked.',
  'clock-untrusted': 'The time of this station has to be confirmed first.',
  'not-yet-valid': 'The approval is not valid yet.',
  expired: 'The approval has expired.',
  'already-used': 'The approval was already used.',
  'wrong-replaces': 'The approval replaces another one than the one spent here.',
  'record-mismatch': 'The approval is for other data.',
  'booklet-mismatch': 'The approval names another booklet.',
};
export const refusal: Record<string, string> = {
  ...verification,
  'PST-401': 'The job is not here.',
  'PST-418': 'The family is released only together.',
  'device-not-empty': 'The printer may still hold the page.',
  'read-back-differs': 'The read-back of this booklet differs.',
  'printer-busy': 'Another booklet is at this printer.',
  'booklet-bound': 'The booklet is bound to another job.',
  'booklet-good': 'The booklet is already printed.',
  'booklet-spoiled': 'The booklet is spoiled.',
  'booklet-in-doubt': 'The booklet is in doubt.',
  'booklet-returned': 'The booklet was sent back.',
  'booklet-missing': 'The booklet was reported missing.',
  'booklet-destroyed': 'The booklet was destroyed.',
};
