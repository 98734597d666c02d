import type { Precision } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useModel } from '../state/app-context.tsx';
import type { SmallerOption } from '../state/model/smaller-options.ts';

/** Where the device's memory was short, what takes less of it: a button does it. */
export function SmallerChoices() {
  const { chatController, modelRecovery } = useApp();
  const options = useModel(state => state.smaller);
  // A model that goes on may stand beside the error of another one.
  const name = useModel(({ phase, entry }) => (phase === 'ready' ? entry?.name : undefined));
  if (options.length === 0) return null;
  return (
    <section className="load-panel smaller-choices" aria-label="With less memory">
      <p className="load-title">{name ?? 'This'} may work with less memory</p>
      <ul className="button-row">
        {options.map(option => (
          <li key={option.kind}>
            <button
              type="button"
              className="button"
              onClick={() => {
                chatController.stop();
                void modelRecovery.takeSmaller(option);
              }}
            >
              {optionInWords(option)}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const coarserInWords: Readonly<Record<Precision, string>> = {
  f32: 'Keep the conversation in 32 bit',
  f16: 'Keep the conversation in 16 bit',
  q8: 'Keep the conversation in 8 bit',
  q4: 'Keep the conversation in 4 bit: less exact',
};

function optionInWords(option: SmallerOption): string {
  switch (option.kind) {
    case 'coarser':
      return coarserInWords[option.precision];
    case 'shorter':
      return `Shorter conversations: ${formatCount(option.contextTokens)} tokens`;
    case 'model':
      return `Smaller model: ${option.entry.name}`;
  }
}
