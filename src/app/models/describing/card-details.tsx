import { useState } from 'react';
import { type ErrorData, type ModelCard, toErrorData } from '../../../client/index.ts';
import { CopyButton } from '../../controls/copy-button.tsx';
import { useApp } from '../../state/app-context.tsx';

type CardState = 'closed' | 'reading' | { card: ModelCard } | { error: ErrorData };

/** What a model is for, what not, what it learned from and where it fails: read when it is opened. */
export function CardDetails({ url }: { url: string }) {
  const { loadCard } = useApp();
  const [state, setState] = useState<CardState>('closed');
  const open = async () => {
    if (typeof state === 'object' && 'card' in state) return;
    setState('reading');
    try {
      setState({ card: await loadCard(url) });
    } catch (thrown) {
      setState({ error: toErrorData(thrown) });
    }
  };
  return (
    <details onToggle={event => event.currentTarget.open && void open()}>
      <summary>What it is for, and what it cannot do</summary>
      {state === 'reading' && <p className="muted">Reading…</p>}
      {typeof state === 'object' && 'card' in state && <Card card={state.card} />}
      {typeof state === 'object' && 'error' in state && (
        <p className="field-error" role="alert">
          {state.error.message} {state.error.advice}
        </p>
      )}
    </details>
  );
}

function Card({ card }: { card: ModelCard }) {
  const { purpose, training, evaluation, evaluationSetting, limits, license, files } = card;
  const hashed = files.filter(({ sha256 }) => sha256 !== undefined);
  return (
    <div className="card-details">
      <p>
        <strong>{card.notice}</strong>
      </p>
      <p>{purpose.intendedUse}</p>
      <p className="muted">For: {purpose.intendedUsers}</p>
      <h4>Not for</h4>
      <List items={purpose.outOfScope} />
      <h4>Where it fails</h4>
      <List items={limits} />
      {evaluation.length > 0 && (
        <>
          <h4>How well it does</h4>
          {evaluationSetting && <p className="muted">{evaluationSetting}.</p>}
          <dl className="figure">
            {evaluation.map(({ what, result }) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>{result}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <h4>Where it comes from</h4>
      <p>
        {card.developer}. Learned from: {training.data}.
      </p>
      <p>
        {license.name}. {license.attribution}
      </p>
      {card.source && (
        <div className="link-address">
          <code>{card.source}</code>
          <CopyButton text={card.source} label="Copy address" />
        </div>
      )}
      {hashed.length > 0 && (
        <details>
          <summary>SHA-256 of its files</summary>
          <dl className="hashes">
            {hashed.map(({ name, format, sha256 }) => (
              <div key={name}>
                <dt>
                  {name} <span className="muted">({format})</span>
                </dt>
                <dd>
                  <code>{sha256}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul>
      {items.map(item => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
