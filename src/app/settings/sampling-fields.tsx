import { type CatalogueEntry, greedySampling, type SamplingSettings } from '../../client/index.ts';
import { NumberField } from '../controls/number-field.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { samplingInWords } from '../format/sampling-in-words.ts';
import { useModel } from '../state/app-context.tsx';
import { type SamplingInForce, samplingInForce } from '../state/model/sampling-in-force.ts';

/** PMC-LLaMA's own sampling: the fifty most likely tokens, at their own odds. */
const variedSampling: SamplingSettings = {
  ...greedySampling,
  temperature: 0.8,
  topK: 50,
  topP: 0.95,
  seed: 1,
};

interface SamplingFieldsProps {
  /** Null leaves it to the model. */
  chosen: SamplingSettings | null;
  onChange: (sampling: SamplingSettings | null) => void;
}

type Way = 'model' | 'greedy' | 'varied';

/** What the reader chooses holds for every model; until then it depends on the one on duty. */
export function SamplingFields({ chosen, onChange }: SamplingFieldsProps) {
  const entry = useModel(state => state.entry);
  const info = useModel(state => state.info);
  const inForce = samplingInForce(chosen, { entry, info });
  // What a file recommends is read as it is loaded.
  const isKnownHow = info !== null || inForce.by === 'catalogue';
  const way: Way = chosen === null ? 'model' : chosen.temperature === 0 ? 'greedy' : 'varied';
  const choose = (next: Way) => {
    const { settings } = inForce;
    if (next === 'model') onChange(null);
    else if (next === 'greedy') onChange({ ...settings, ...mostLikely });
    else onChange(settings.temperature === 0 ? variedSampling : settings);
  };
  return (
    <>
      <SegmentedChoice<Way>
        legend="How words are chosen"
        name="sampling"
        options={[
          { value: 'model', label: 'Automatic' },
          { value: 'greedy', label: 'Most likely' },
          { value: 'varied', label: 'Varied' },
        ]}
        value={way}
        hint={
          way !== 'model'
            ? hints[way]
            : entry && isKnownHow
              ? reasonOf(inForce, entry)
              : 'No model is loaded yet.'
        }
        onChange={choose}
      />
      {chosen && <OwnFields sampling={chosen} onChange={onChange} />}
    </>
  );
}

const { temperature, topK, topP, minP } = greedySampling;
const mostLikely = { temperature, topK, topP, minP };

const hints: Readonly<Record<Exclude<Way, 'model'>, string>> = {
  greedy: 'The same question gives the same answer. Holds for every model.',
  varied:
    'Words are drawn at random among likely ones; the seed makes a draw repeatable. Holds for every model.',
};

/** What is in force, and whose wish it is. */
function reasonOf({ settings, by, notFollowed }: SamplingInForce, entry: CatalogueEntry): string {
  const words = samplingInWords(settings);
  const left =
    notFollowed.length > 0 ? ` Its file also asks for what is not done here: ${notFollowed.join(', ')}.` : '';
  switch (by) {
    case 'file':
      return `${inCapital(words)}: from the model’s file.${left}`;
    case 'Bedside':
      return `${inCapital(words)}: Bedside’s defaults for a model that it does not know.${left}`;
    default:
      return `${inCapital(words)}: as Bedside asks ${entry.name}.`;
  }
}

const inCapital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

interface OwnFieldsProps {
  sampling: SamplingSettings;
  onChange: (sampling: SamplingSettings) => void;
}

function OwnFields({ sampling, onChange }: OwnFieldsProps) {
  const change = (part: Partial<SamplingSettings>) => onChange({ ...sampling, ...part });
  return (
    <>
      {sampling.temperature > 0 && (
        <div className="field-grid">
          <NumberField
            label="Temperature"
            hint="Higher is more varied."
            value={sampling.temperature}
            min={0.05}
            max={2}
            step={0.05}
            hasSlider
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
            hasSlider
            onChange={topP => change({ topP })}
          />
          <NumberField
            label="Min-p"
            hint="Drops what is less likely than this share of the best."
            value={sampling.minP}
            min={0}
            max={1}
            step={0.01}
            hasSlider
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
        hasSlider
        onChange={repetitionPenalty => change({ repetitionPenalty })}
      />
      {sampling.repetitionPenalty !== 1 && (
        <NumberField
          label="Repetition window"
          unit="tokens"
          hint="How far back the penalty looks."
          value={sampling.repetitionWindow}
          min={0}
          max={1_000_000}
          step={1}
          onChange={repetitionWindow => change({ repetitionWindow })}
        />
      )}
    </>
  );
}
