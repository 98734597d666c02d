import { type Action, inWords } from './action.ts';

/** What has keys, with them. */
export function KeyList({ actions }: { actions: readonly Action[] }) {
  return (
    <dl className="shortcuts">
      {actions.map(
        ({ id, name, keys, heardBy }) =>
          keys && (
            <div key={id}>
              <dt>
                <kbd>{inWords(keys)}</kbd>
              </dt>
              <dd>
                {name.replace('…', '')}
                {heardBy && <span className="muted"> ({heardBy})</span>}
              </dd>
            </div>
          ),
      )}
    </dl>
  );
}
