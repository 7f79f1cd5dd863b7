import type { ReadBackAnswer } from '../../api/shapes.ts';
import { words } from '../words/words.ts';

type Difference = NonNullable<ReadBackAnswer['differences']>[number];

/** Where the page and the approval disagree, position by position. */
export function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  const said = words.value.readBack;
  return (
    <table class="differences">
      <caption class="unseen">{said.differs(differences.length)}</caption>
      <thead>
        <tr>
          <th scope="col">{said.lineColumn}</th>
          <th scope="col">{said.positionColumn}</th>
          <th scope="col">{said.expected}</th>
          <th scope="col">{said.read}</th>
        </tr>
      </thead>
      <tbody>
        {differences.slice(0, 12).map(({ line, position, expected, read }) => (
          <tr key={`${line}-${position}`}>
            <td>{line}</td>
            <td>{position}</td>
            <td class="character">{expected}</td>
            <td class="character wrong">{read === '' ? said.missing : read}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
