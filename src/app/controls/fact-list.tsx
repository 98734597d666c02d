export type FactRow = [term: string, value: string];

/** Terms and what they are here. */
export function FactList({ rows }: { rows: readonly FactRow[] }) {
  return (
    <dl className="hardware">
      {rows.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
