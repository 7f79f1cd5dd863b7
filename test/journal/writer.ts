/**
 * A process that writes into the journal of the folder given, one transaction after the other, and names each on standard
 * output when it is durable. `until-refused`: it ends at the first refusal, after asking once more.
 */
import { writeSync } from 'node:fs';
import { Refusal } from '../../src/domain/errors.ts';
import { openIn, receivedJob, report, SARI, storedStatement } from './rig.ts';

const [directory, until] = process.argv.slice(2);
const open = openIn(directory as string);
const first = open.journal.lastEntry()?.seq ?? 0;

function write(n: number): string {
  const jti = `jti-${n}`;
  open.journal.transact('feed', SARI, (tx) => {
    tx.append('job-received', `job-${n}`, receivedJob(n), [report(`r-${n}`, 'approval-requested')]);
    tx.keepRecord(`job-${n}`, new Uint8Array(2000).fill(n));
    tx.append(
      'statement-stored',
      jti,
      storedStatement(jti, 'approval', { application: `A-${n}`, text: jti.repeat(200) }),
    );
    tx.append('job-approved', `job-${n}`, { job: `job-${n}`, approval: jti });
    tx.append('feed-read', 'feed', { cursor: jti });
  });
  return jti;
}

function refusalOf(n: number): string {
  try {
    write(n);
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return 'none';
}

for (let n = first + 1; ; n += 1) {
  if (until !== 'until-refused') writeSync(1, `${write(n)}\n`);
  else {
    const code = refusalOf(n);
    if (code !== 'none') {
      writeSync(1, `${code} ${refusalOf(n + 1)}\n`);
      break;
    }
    writeSync(1, `jti-${n}\n`);
  }
}
