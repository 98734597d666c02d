import { useId } from 'react';
import type { TilingMode, TilingPreset, TilingSettings } from '../../client/index.ts';
import { tilingPresets } from '../../client/index.ts';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { tilingModeLabels } from '../format/tiling.ts';
import { useModel } from '../state/app-context.tsx';

const modes: { value: TilingMode; hint: string }[] = [
  {
    value: 'msac',
    hint: 'Cut into tiles along two different grids, so that what one grid cuts apart is whole in the other, and shown once as a whole. The most detail.',
  },
  { value: 'dynamic', hint: 'Cut into up to 12 tiles, and shown once as a whole.' },
  { value: 'single', hint: 'Shown once as a whole. The fastest; small detail is lost.' },
];

const presetLabels: Record<TilingPreset, string> = {
  demo: 'General',
  default_eval: 'Finest detail (slow)',
  ocrbench: 'Text in pictures',
  docvqa: 'A page full of text',
  infovqa: 'Posters and infographics',
  chartqa: 'Charts and plots',
  ccbench: 'Everyday pictures',
  realworldqa: 'Photographs of scenes',
  mme: 'A quick look',
};

interface ImageFieldsProps {
  tiling: TilingSettings;
  compressImages: boolean;
  onChange: (changes: { tiling?: TilingSettings; compressImages?: boolean }) => void;
}

/** How images are put before a model that sees them; nothing to choose where the loaded one is shown them whole. */
export function ImageFields(props: ImageFieldsProps) {
  const name = useModel(({ info, entry }) => (info?.vision?.showsWhole ? entry?.name : undefined));
  if (name === undefined) return <TilingFields {...props} />;
  return (
    <p className="muted">
      <span dir="auto">{name}</span> is shown each image once, as a whole. How an image is cut and shortened
      is a choice with other models, and kept for them.
    </p>
  );
}

function TilingFields({ tiling, compressImages, onChange }: ImageFieldsProps) {
  const id = useId();
  const mode = modes.find(({ value }) => value === tiling.mode);
  const hasPresets = tiling.mode === 'msac';
  return (
    <>
      <SegmentedChoice
        legend="How an image is shown to the model"
        name="tiling"
        options={modes.map(({ value }) => ({ value, label: tilingModeLabels[value] }))}
        value={tiling.mode}
        hint={mode?.hint}
        onChange={value => onChange({ tiling: { ...tiling, mode: value } })}
      />
      <div className="select-field">
        <label htmlFor={`${id}-preset`}>How finely it is cut</label>
        <select
          id={`${id}-preset`}
          value={tiling.preset}
          disabled={!hasPresets}
          aria-describedby={`${id}-preset-hint`}
          onChange={event => {
            const preset = tilingPresets.find(option => option === event.currentTarget.value);
            if (preset) onChange({ tiling: { ...tiling, preset } });
          }}
        >
          {tilingPresets.map(preset => (
            <option key={preset} value={preset}>
              {presetLabels[preset]}
            </option>
          ))}
        </select>
        <p className="muted" id={`${id}-preset-hint`}>
          {hasPresets
            ? 'Numbers of tiles by kind of image. More tiles show more and take longer.'
            : 'Applies where an image is cut twice.'}
        </p>
      </div>
      <div className="check-field">
        <input
          id={`${id}-compress`}
          type="checkbox"
          checked={compressImages}
          aria-describedby={`${id}-compress-hint`}
          onChange={event => onChange({ compressImages: event.currentTarget.checked })}
        />
        <label htmlFor={`${id}-compress`}>Faster, less detail</label>
        <p className="muted" id={`${id}-compress-hint`}>
          About half of the detailed image tokens are dropped before the answer: those that the model attends
          to least. A small detail may be among them.
        </p>
      </div>
    </>
  );
}
