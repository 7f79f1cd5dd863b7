import { useId, useRef } from 'preact/hooks';
import { type Keystroke, MRZ_LENGTH, mrzLineIn, sourceOf } from '../scan.ts';
import { words } from '../words/words.ts';

export interface MrzReading {
  readonly lines: readonly [string, string];
  readonly source: 'reader' | 'keyed';
}

export const NO_READING: MrzReading = { lines: ['', ''], source: 'keyed' };

interface MrzFieldsProps {
  readonly value: MrzReading;
  readonly onChange: (reading: MrzReading) => void;
  /** Enter after the second line. */
  readonly onComplete: () => void;
  readonly firstField?: (input: HTMLInputElement | null) => void;
}

/** The two machine readable lines, from a reader that types or by hand. Enter goes from the first to the second. */
export function MrzFields({ value, onChange, onComplete, firstField }: MrzFieldsProps) {
  const id = useId();
  const strokes = useRef<[Keystroke[], Keystroke[]]>([[], []]);
  const inputs = useRef<(HTMLInputElement | null)[]>([null, null]);

  const onInput = (line: 0 | 1, event: InputEvent & { currentTarget: HTMLInputElement }) => {
    const field = event.currentTarget;
    const text = mrzLineIn(field.value);
    if (text !== field.value) field.value = text;
    if (text.length <= 1) strokes.current[line] = [];
    strokes.current[line].push({ inputType: event.inputType ?? '', at: event.timeStamp, length: text.length });
    const lines: [string, string] = line === 0 ? [text, value.lines[1]] : [value.lines[0], text];
    const byReader = strokes.current.every((one) => sourceOf(one) === 'reader');
    onChange({ lines, source: byReader ? 'reader' : 'keyed' });
  };

  return (
    <div class="mrz">
      {([0, 1] as const).map((line) => (
        <div class="mrz-row" key={line}>
          <label for={`${id}-${line}`}>{words.value.readBack.line(line + 1)}</label>
          <input
            id={`${id}-${line}`}
            class="mrz-line"
            value={value.lines[line]}
            maxLength={MRZ_LENGTH + 20}
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            ref={(input) => {
              inputs.current[line] = input;
              if (line === 0) firstField?.(input);
            }}
            onInput={(event) => onInput(line, event)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              if (line === 0) inputs.current[1]?.focus();
              else onComplete();
            }}
          />
          <span class="count figure">{words.value.readBack.length(value.lines[line].length)}</span>
        </div>
      ))}
    </div>
  );
}
