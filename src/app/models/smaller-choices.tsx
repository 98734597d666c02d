import { formatCount } from '../format/quantities.ts';
import { useApp, useModel } from '../state/app-context.tsx';
import type { SmallerPlan } from '../state/model/smaller-plans.ts';

/** Where the GPU's memory was short, what takes less of it: a button does it. */
export function SmallerChoices() {
  const { chatController, modelKeeper } = useApp();
  const plans = useModel(state => state.smaller);
  // A model that goes on may stand beside the error of another one.
  const name = useModel(({ phase, entry }) => (phase === 'ready' ? entry?.name : undefined));
  if (plans.length === 0) return null;
  return (
    <section className="load-panel smaller-choices" aria-label="With less memory">
      <p className="load-title">{name ?? 'This'} may work with less of the GPU’s memory</p>
      <ul className="button-row">
        {plans.map(plan => (
          <li key={plan.kind}>
            <button
              type="button"
              className="button"
              onClick={() => {
                chatController.stop();
                void modelKeeper.takeSmaller(plan);
              }}
            >
              {planInWords(plan)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function planInWords(plan: SmallerPlan): string {
  switch (plan.kind) {
    case 'coarser':
      return 'Keep the conversation in 8 bit';
    case 'shorter':
      return `Shorter conversations: ${formatCount(plan.contextTokens)} tokens`;
    case 'model':
      return `Smaller model: ${plan.entry.name}`;
  }
}
