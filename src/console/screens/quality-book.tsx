import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { has, person } from '../state/session.ts';
import { attempts, holders, keepJobs, loadAttempt, signOffs } from '../state/station.ts';
import { words } from '../words/words.ts';
import { SecondPerson } from './second-person.tsx';
import { SpoilDialog } from './spoil.tsx';

interface BookProps {
  readonly job: Job;
  readonly onDone: (text: string) => void;
}

const FAULTS = ['portrait', 'text', 'mrz', 'position', 'ink', 'paper'] as const;

/** Whose book it is: shown only while the book is worked on. */
function Subject({ job }: { readonly job: Job }) {
  const said = words.value.counter;
  const holder = holders.value.get(job.id);
  return (
    <>
      <p class="subject">
        {holder !== undefined && (
          <span class="holder">
            {[holder.primaryIdentifier, holder.secondaryIdentifier].filter(Boolean).join(', ')}
          </span>
        )}
        <span class="muted">
          {said.application} <span class="figure">{job.application}</span>
        </span>
      </p>
      {holder?.mrz && (
        <p class="mrz-shown">
          <span>{holder.mrz[0]}</span>
          <span>{holder.mrz[1]}</span>
        </p>
      )}
    </>
  );
}

/** The check by a person other than the one who printed (domain.md). */
export function CheckBook({ job, onDone }: BookProps) {
  const said = words.value.quality;
  const failing = useSignal(false);
  const faults = useSignal<readonly string[]>([]);
  const missing = useSignal(false);
  const booklet = job.booklet ?? '';
  const lastAttempt = job.attempts.at(-1) ?? null;
  const printedBy = lastAttempt === null ? null : (attempts.value.get(lastAttempt)?.operator ?? null);
  useEffect(() => {
    if (lastAttempt !== null) void loadAttempt(lastAttempt);
  }, [lastAttempt]);
  const send = useAct<{ result: 'pass' | 'fail'; faults: readonly string[] }, Job>(
    (body, key) => call('POST', `/jobs/${encodeURIComponent(job.id)}/quality`, { body, key }),
    ({ body }, { result }) => {
      onDone(result === 'pass' ? said.passed(booklet) : said.wasFailed(booklet));
      failing.value = false;
      keepJobs([body]);
    },
  );
  const refused = !has('quality') ? said.qualityOnly : printedBy === person.value ? said.ownPrint : null;
  return (
    <>
      <h2 class="title">{said.checkTitle(booklet)}</h2>
      <Subject job={job} />
      {printedBy !== null && <p class="muted">{said.printedBy(printedBy)}</p>}
      {!failing.value && <ProblemNote failure={send.failure} />}
      {refused === null ? (
        <>
          <p class="large">{said.checkText}</p>
          <Acts split>
            <ActButton
              onPress={() => {
                failing.value = true;
              }}
            >
              {said.fail}
            </ActButton>
            <ActButton look="next" busy={send.busy} onPress={() => void send.run({ result: 'pass', faults: [] })}>
              {said.pass}
            </ActButton>
          </Acts>
        </>
      ) : (
        <p class="reason">{refused}</p>
      )}
      {failing.value && (
        <Dialog
          title={said.failTitle(booklet)}
          text={said.failText}
          keep={said.keepChecking}
          onClose={() => {
            failing.value = false;
          }}
          onSubmit={() => {
            missing.value = faults.value.length === 0;
            if (!missing.value) void send.run({ result: 'fail', faults: faults.value });
          }}
          acts={
            <ActButton look="danger" submit busy={send.busy}>
              {said.fail}
            </ActButton>
          }
        >
          {missing.value ? (
            <ProblemNote failure={null}>{said.faultMissing}</ProblemNote>
          ) : (
            <ProblemNote failure={send.failure} />
          )}
          <fieldset class="choice columns">
            <legend>{said.faults}</legend>
            {FAULTS.map((fault) => (
              <label key={fault} class="option">
                <input
                  type="checkbox"
                  checked={faults.value.includes(fault)}
                  onChange={(event) => {
                    const others = faults.value.filter((one) => one !== fault);
                    faults.value = event.currentTarget.checked ? [...others, fault] : others;
                  }}
                />
                <span>{said.fault[fault]}</span>
              </label>
            ))}
          </fieldset>
        </Dialog>
      )}
    </>
  );
}

type Recipient = 'holder' | 'family' | 'proxy';
const RECIPIENTS: readonly Recipient[] = ['holder', 'family', 'proxy'];

/** The book leaves the office: to whom, on which proof. */
export function HandOver({ job, onDone }: BookProps) {
  const said = words.value.quality;
  const recipient = useSignal<Recipient>('holder');
  const proof = useSignal('');
  const missing = useSignal(false);
  const booklet = job.booklet ?? '';
  const send = useAct<{ recipient: Recipient; proof: string }, Job>(
    (body, key) => call('POST', `/jobs/${encodeURIComponent(job.id)}/hand-over`, { body, key }),
    ({ body }) => {
      onDone(said.handedOver(booklet));
      keepJobs([body]);
    },
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        missing.value = proof.value.trim() === '';
        if (!missing.value) void send.run({ recipient: recipient.value, proof: proof.value.trim() });
      }}
    >
      <h2 class="title">{said.handOverTitle(booklet)}</h2>
      <Subject job={job} />
      {missing.value ? (
        <ProblemNote failure={null}>{said.proofMissing}</ProblemNote>
      ) : (
        <ProblemNote failure={send.failure} />
      )}
      {has('operator') ? (
        <>
          <Choice
            legend={said.recipient}
            value={recipient.value}
            onChoose={(value) => {
              recipient.value = value;
            }}
            options={RECIPIENTS.map((value) => ({ value, name: said.recipients[value] }))}
          />
          <Field
            label={said.proof}
            hint={said.proofHint}
            value={proof.value}
            onInput={(value) => {
              proof.value = value;
            }}
          />
          <Acts>
            <ActButton look="next" submit busy={send.busy}>
              {said.handOver}
            </ActButton>
          </Acts>
        </>
      ) : (
        <p class="reason">{said.operatorOnly}</p>
      )}
    </form>
  );
}

/** A failed book is spoiled by two people; until then it is in the way, and says so. */
export function FailedBook({ job }: { readonly job: Job }) {
  const said = words.value;
  const spoiling = useSignal(false);
  const booklet = job.booklet ?? '';
  const signOff = [...signOffs.value.values()].find((one) => one.subject === booklet);
  return (
    <>
      <h2 class="title">{said.quality.failedTitle(booklet)}</h2>
      <Subject job={job} />
      {job.stateReason !== null && <p>{job.stateReason}</p>}
      {signOff !== undefined ? (
        <SecondPerson key={signOff.id} signOff={signOff} />
      ) : (
        <>
          <p class="large">{said.quality.failText}</p>
          <Acts>
            <ActButton
              look="next"
              refused={has('operator', 'supervisor') ? null : said.quality.operatorOnly}
              onPress={() => {
                spoiling.value = true;
              }}
            >
              {said.spoil.act}
            </ActButton>
          </Acts>
        </>
      )}
      {spoiling.value && (
        <SpoilDialog
          booklet={booklet}
          onClose={() => {
            spoiling.value = false;
          }}
        />
      )}
    </>
  );
}
