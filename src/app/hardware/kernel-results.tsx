import type { KernelRow } from '../../client/index.ts';
import { buildsInWords, countInWords, figures, groupWords, outcomeWords } from './kernel-words.ts';

/** Every kernel beside its bound, a foldable table a family; open where something is wrong. */
export function KernelResults({ rows }: { rows: readonly KernelRow[] }) {
  const groups = Object.keys(groupWords) as KernelRow['group'][];
  return groups.map(group => {
    const own = rows.filter(row => row.group === group);
    if (own.length === 0) return null;
    const isSound = own.every(({ outcome }) => outcome === 'passed');
    return (
      <details key={group} className="kernel-group" data-sound={isSound} open={!isSound || undefined}>
        <summary>
          {groupWords[group]}: {countInWords(own)}, built {buildsInWords(own)}
        </summary>
        <KernelTable caption={groupWords[group]} rows={own} />
      </details>
    );
  });
}

function KernelTable({ caption, rows }: { caption: string; rows: readonly KernelRow[] }) {
  const isMixed = rows.some(({ build }) => build !== rows[0]?.build);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, with the keyboard too
    <section className="table-scroll" aria-label={caption} tabIndex={0}>
      <table className="kernel-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Kernel</th>
            <th scope="col">Result</th>
            <th scope="col">Largest error</th>
            <th scope="col">Bound</th>
            <th scope="col">Time</th>
            <th scope="col">Speed</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => {
            const { error, bound, time, speed } = figures(row);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows only ever come at the end
              <tr key={i} data-outcome={row.outcome}>
                <th scope="row">
                  {row.kernel}
                  <small>{[row.form, isMixed && row.build].filter(Boolean).join(' · ')}</small>
                </th>
                <td>
                  {outcomeWords[row.outcome]}
                  {row.cause && <small>{row.cause}</small>}
                </td>
                <td>{error}</td>
                <td>{bound}</td>
                <td title={row.timedOn || undefined}>{time}</td>
                <td>{speed}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
