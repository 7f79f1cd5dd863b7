import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Attempt, Printer, SignOff } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { Choice, Fact, Field } from '../parts/field.tsx';
import { ToneMark } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { HandSteps } from '../parts/steps.tsx';
import { goTo } from '../state/route.ts';
import { has } from '../state/session.ts';
import { attempts, keepSignOff, loadAttempt, printers, signOffs } from '../state/station.ts';
import { clock, dayAndTime } from '../state/time.ts';
import { words } from '../words/words.ts';
import { ConfirmButton, useConfirm } from './counter-acts.tsx';
import { ReadBackForm } from './read-back-form.tsx';
import { SecondPerson } from './second-person.tsx';

type Outcome = 'printed' | 'blank' | 'spoiled';
const OUTCOMES: readonly Outcome[] = ['printed', 'blank', 'spoiled'];

/** One attempt: what happened, the evidence, the three findings, then the second person (journal.md, table of resolutions). */
export function DoubtCase({ attempt: id }: { readonly attempt: string }) {
  const said = words.value.doubt;
  const attempt = attempts.value.get(id);
  const known = attempt !== undefined;
  useEffect(() => {
    if (!known) void loadAttempt(id);
  }, [id, known]);
  if (attempt === undefined) return <p class="muted">{words.value.app.loading}</p>;
  const printer = printers.value.get(attempt.printer);
  const lock = printer?.lock?.attempt === id ? printer.lock : null;
  const signOff = [...signOffs.value.values()].find((one) => one.subject === id);
  if (attempt.state !== 'in-doubt') {
    const left = lock !== null && !lock.deviceEmpty;
    return (
      <>
        <h2 class="title">{said.settled(attempt.booklet)}</h2>
        {attempt.resolution !== null && <p class="large">{said.consequence[attempt.resolution]}</p>}
        {left && <p>{said.stillLocked}</p>}
        {printer !== undefined && <PurgeStep printer={printer} />}
      </>
    );
  }
  return (
    <>
      <h2 class="title">
        <ToneMark tone="now" />
        {words.value.book.mayBePrinted(attempt.booklet)}
      </h2>
      <p>{said.whatText(attempt.printer, dayAndTime(attempt.intendedAt))}</p>
      <Evidence attempt={attempt} empty={lock?.deviceEmpty ?? false} />
      {printer !== undefined && <PurgeStep printer={printer} />}
      {signOff !== undefined ? (
        <SecondPerson key={signOff.id} signOff={signOff} onSigned={() => settled(id)} />
      ) : has('operator') ? (
        <Finding attempt={attempt} empty={lock?.deviceEmpty ?? false} />
      ) : (
        <p class="reason">{said.operatorOnly}</p>
      )}
    </>
  );
}

/** The case stays on the screen, to say what became of the booklet. */
function settled(id: string): void {
  goTo('doubt', id);
  void loadAttempt(id);
}

function Evidence({ attempt, empty }: { readonly attempt: Attempt; readonly empty: boolean }) {
  const said = words.value.doubt;
  const reasons = said.reasons;
  const why = attempt.reason !== null && attempt.reason in reasons ? (attempt.reason as keyof typeof reasons) : 'other';
  return (
    <dl class="facts">
      <Fact name={said.why}>{reasons[why]}</Fact>
      <Fact name={said.operator}>{attempt.operator}</Fact>
      <Fact name={said.evidence}>
        {attempt.evidence.length === 0 && !empty && said.noEvidence}
        {empty && <p>{said.emptied}</p>}
        {attempt.readBack === 'matched' && <p>{words.value.readBack.matches}</p>}
        {attempt.evidence.length > 0 && (
          <ul class="evidence">
            {attempt.evidence.map((item) => (
              <li key={`${item.at}${item.text}`}>
                <span class="figure">{clock(item.at)}</span> <span>{item.text}</span>
              </li>
            ))}
          </ul>
        )}
      </Fact>
    </dl>
  );
}

/** Only a power cycle shows that such a device holds nothing: asked for by the machine, confirmed by a person. */
function PurgeStep({ printer }: { readonly printer: Printer }) {
  const said = words.value;
  const confirm = useConfirm(printer.id);
  if (!printer.asks.includes('purged')) return null;
  return (
    <div class="inset">
      <h3>{said.doubt.purgeTitle}</h3>
      <ProblemNote failure={confirm.failure} />
      <HandSteps steps={said.counter.purgeSteps} />
      <Acts>
        <ConfirmButton act={confirm} step="purged" label={said.counter.purged} look="plain" />
      </Acts>
    </div>
  );
}

function Finding({ attempt, empty }: { readonly attempt: Attempt; readonly empty: boolean }) {
  const said = words.value.doubt;
  const outcome = useSignal<Outcome | null>(null);
  const reason = useSignal('');
  const missing = useSignal(false);
  const record = useAct<{ outcome: Outcome; reason: string }, Attempt | SignOff>(
    (body, key) => call('POST', `/attempts/${encodeURIComponent(attempt.id)}/resolution`, { body, key }),
    ({ status, body }) => {
      if (status === 202) keepSignOff(body as SignOff);
      else settled(attempt.id);
    },
  );
  return (
    <>
      <details class="inset">
        <summary>{said.readBackOpen}</summary>
        <p class="hint">{said.readBackText}</p>
        <ReadBackForm attempt={attempt.id} printer={attempt.printer} />
      </details>
      <form
        class="finding"
        onSubmit={(event) => {
          event.preventDefault();
          const text = reason.value.trim();
          missing.value = outcome.value === null || text === '';
          if (outcome.value !== null && text !== '') void record.run({ outcome: outcome.value, reason: text });
        }}
      >
        {missing.value ? (
          <ProblemNote failure={null}>{said.missing}</ProblemNote>
        ) : (
          <ProblemNote failure={record.failure} />
        )}
        <Choice
          legend={`${said.look} ${attempt.booklet}. ${said.finding}`}
          value={outcome.value}
          onChoose={(value) => {
            outcome.value = value;
          }}
          options={OUTCOMES.map((value) => ({
            value,
            ...said.outcome[value],
            refused: value === 'blank' && !empty ? said.blankNeedsEmpty : null,
          }))}
        />
        {outcome.value !== null && <p class="consequence">{said.consequence[outcome.value]}</p>}
        <Field
          label={said.reason}
          value={reason.value}
          onInput={(value) => {
            reason.value = value;
          }}
        />
        <Acts>
          <ActButton look="next" submit busy={record.busy}>
            {said.record}
          </ActButton>
        </Acts>
      </form>
    </>
  );
}
