import type { SamplingSettings } from '../../client/index.ts';
import { greedySampling } from '../../client/index.ts';
import { NumberField } from '../controls/number-field.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';

/** PMC-LLaMA's own sampling: the fifty most likely tokens, at their own odds. */
const variedSampling: SamplingSettings = {
  ...greedySampling,
  temperature: 0.8,
  topK: 50,
  topP: 0.95,
  seed: 1,
};

interface SamplingFieldsProps {
  sampling: SamplingSettings;
  onChange: (sampling: SamplingSettings) => void;
}

/** Greedy by default: the same question gives the same answer. */
export function SamplingFields({ sampling, onChange }: SamplingFieldsProps) {
  const isGreedy = sampling.temperature === 0;
  const change = (part: Partial<SamplingSettings>) => onChange({ ...sampling, ...part });
  return (
    <>
      <SegmentedChoice
        legend="How words are chosen"
        name="sampling"
        options={[
          { value: 'greedy', label: 'Most likely' },
          { value: 'varied', label: 'Varied' },
        ]}
        value={isGreedy ? 'greedy' : 'varied'}
        hint={
          isGreedy
            ? 'The same question gives the same answer.'
            : 'Words are drawn at random among likely ones; the seed makes a draw repeatable.'
        }
        onChange={value =>
          onChange(
            value === 'greedy'
              ? { ...greedySampling, repetitionPenalty: sampling.repetitionPenalty }
              : variedSampling,
          )
        }
      />
      {!isGreedy && (
        <div className="field-grid">
          <NumberField
            label="Temperature"
            hint="Higher is more varied."
            value={sampling.temperature}
            min={0.05}
            max={2}
            step={0.05}
            onChange={temperature => change({ temperature })}
          />
          <NumberField
            label="Top-k"
            hint="Only the k most likely; 0 for all."
            value={sampling.topK}
            min={0}
            max={1000}
            step={1}
            onChange={topK => change({ topK })}
          />
          <NumberField
            label="Top-p"
            hint="The most likely that add up to p."
            value={sampling.topP}
            min={0.05}
            max={1}
            step={0.05}
            onChange={topP => change({ topP })}
          />
          <NumberField
            label="Min-p"
            hint="Drops what is less likely than this share of the best."
            value={sampling.minP}
            min={0}
            max={1}
            step={0.01}
            onChange={minP => change({ minP })}
          />
          <NumberField
            label="Seed"
            hint="Same seed, same draw."
            value={sampling.seed}
            min={0}
            max={4294967295}
            step={1}
            onChange={seed => change({ seed })}
          />
        </div>
      )}
      <NumberField
        label="Repetition penalty"
        hint="Above 1, words used a moment ago become less likely. 1 does nothing."
        value={sampling.repetitionPenalty}
        min={1}
        max={2}
        step={0.05}
        onChange={repetitionPenalty => change({ repetitionPenalty })}
      />
    </>
  );
}
