import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ReadBackAnswer } from '../../api/shapes.ts';
import { call, get } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { Differences } from '../parts/differences.tsx';
import { Icon } from '../parts/icon.tsx';
import { MrzFields, type MrzReading, NO_READING } from '../parts/mrz-fields.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { MRZ_LENGTH } from '../scan.ts';
import { setFocusHome } from '../state/guard.ts';
import { loadAttempt, station } from '../state/station.ts';
import { words } from '../words/words.ts';

interface ReadBackFormProps {
  readonly attempt: string;
  readonly printer: string;
  /** Whether scans without a focused field belong here. */
  readonly home?: boolean;
  readonly onSpoil?: () => void;
  /** A further act, before the others. */
  readonly also?: ComponentChildren;
}

/** The two lines of one attempt's page, compared by the station; it shows where they differ. */
export function ReadBackForm({ attempt, printer, home, onSpoil, also }: ReadBackFormProps) {
  const said = words.value.readBack;
  const reading = useSignal<MrzReading>(NO_READING);
  const answer = useSignal<ReadBackAnswer | null>(null);
  const short = useSignal(false);
  const unreadable = useSignal(false);
  const compare = useAct<MrzReading, ReadBackAnswer>(
    ({ lines, source }, key) =>
      call('POST', `/attempts/${encodeURIComponent(attempt)}/read-back`, { body: { lines, source }, key }),
    ({ body }) => {
      answer.value = body;
      if (body.match) void loadAttempt(attempt);
    },
  );
  const simulated = useAct<null, { lines: [string, string] | null }>(
    () => get(`/bench/printers/${encodeURIComponent(printer)}/mrz`),
    ({ body }) => {
      unreadable.value = body.lines === null;
      if (body.lines === null) return;
      reading.value = { lines: body.lines, source: 'reader' };
      submit();
    },
  );

  const submit = () => {
    answer.value = null;
    unreadable.value = false;
    short.value = reading.value.lines.some((line) => line.length !== MRZ_LENGTH);
    if (!short.value) void compare.run(reading.value);
  };

  useEffect(() => () => (home ? setFocusHome(null) : undefined), [home]);

  const differences = answer.value?.match === false ? (answer.value.differences ?? []) : null;
  return (
    <form
      class="read-back"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {short.value || unreadable.value ? (
        <ProblemNote failure={null}>{unreadable.value ? said.nothingRead : said.wrongLength}</ProblemNote>
      ) : (
        <ProblemNote failure={compare.failure ?? simulated.failure} />
      )}
      {answer.value?.match === true && (
        <p class="good" role="status">
          <Icon name="tick" />
          {said.matches}
        </p>
      )}
      <MrzFields
        value={reading.value}
        onChange={(next) => {
          reading.value = next;
        }}
        onComplete={submit}
        firstField={(input) => {
          if (home) setFocusHome(input);
        }}
      />
      {differences === null ? (
        <p class="hint">{said.hint}</p>
      ) : (
        <div role="alert">
          <p class="strong">{said.differs(differences.length)}</p>
          <p>{said.again}</p>
          <Differences differences={differences} />
        </div>
      )}
      <Acts split>
        {also}
        {differences !== null && onSpoil !== undefined && <ActButton onPress={onSpoil}>{said.spoil}</ActButton>}
        {station.value?.simulated === true && (
          <ActButton busy={simulated.busy} onPress={() => void simulated.run(null)}>
            {said.simulatedReader}
          </ActButton>
        )}
        <ActButton look="next" submit busy={compare.busy}>
          {said.compare}
        </ActButton>
      </Acts>
    </form>
  );
}
