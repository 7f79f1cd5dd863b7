import { STEPS, type Step } from '../situation.ts';
import { words } from '../words/words.ts';
import { Icon } from './icon.tsx';

interface StepperProps {
  readonly current: Step;
  /** Whether the machine itself saw the booklet go in. */
  readonly insertSensed: boolean;
}

/** The five steps of the main path; what is done has a tick. */
export function Stepper({ current, insertSensed }: StepperProps) {
  const at = STEPS.indexOf(current);
  const said = words.value.steps;
  return (
    <ol class="stepper" aria-label={said.label}>
      {STEPS.map((step, i) => (
        <li
          key={step}
          class={i < at ? 'done' : i === at ? 'current' : 'coming'}
          aria-current={i === at ? 'step' : undefined}
        >
          <span class="number">{i < at ? <Icon name="tick" /> : i + 1}</span>
          <span>{said[step]}</span>
          {i < at && <span class="unseen">{step === 'insert' && insertSensed ? said.sensed : said.done}</span>}
        </li>
      ))}
    </ol>
  );
}

/** What to do with one's hands, numbered. */
export function HandSteps({ steps }: { readonly steps: readonly string[] }) {
  return (
    <ol class="hand-steps">
      {steps.map((step, i) => (
        <li key={step}>
          <span class="number" aria-hidden="true">
            {i + 1}
          </span>
          <span>{step}</span>
        </li>
      ))}
    </ol>
  );
}
