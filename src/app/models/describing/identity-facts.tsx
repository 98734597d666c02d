import type { ModelIdentity } from '../../../client/index.ts';
import { identityFacts } from '../../format/identity-in-words.ts';

/** What a model file says of itself. */
export function IdentityFacts({ identity }: { identity: ModelIdentity }) {
  return (
    <dl>
      {identityFacts(identity).map(({ term, value, isQuoted }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd dir={isQuoted ? 'auto' : undefined}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
