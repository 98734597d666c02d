import { useId } from 'react';
import type { ImagePlan } from '../../client/index.ts';
import { SegmentedChoice } from '../settings/segmented-choice.tsx';
import { WarningIcon } from '../shell/icons.tsx';
import { layerNames } from './change-in-words.ts';
import { detailInWords, planInWords, stretchInWords } from './plan-in-words.ts';
import { type Layer, layersOf } from './tile-lines.ts';
import type { ViewedImage } from './viewed-image.ts';

interface ModelSightProps {
  image: ViewedImage;
  layer: Layer;
  onChange: (layer: Layer) => void;
}

/** What the loaded model sees of the image, and what it does not. */
export function ModelSight({ image, layer, onChange }: ModelSightProps) {
  const titleId = useId();
  const name = useId();
  return (
    <section className="viewer-section viewer-sight" aria-labelledby={titleId}>
      <h3 id={titleId}>What the model sees</h3>
      {image.plan ? (
        <>
          <SegmentedChoice
            legend="Tiles drawn over the image"
            name={name}
            options={layersOf(image.plan).map(value => ({ value, label: layerNames[value] }))}
            value={layer}
            onChange={onChange}
          />
          <p>{planInWords(image.plan)}</p>
          <Limits image={image} plan={image.plan} />
        </>
      ) : (
        <p>No model that sees images is loaded, so there are no tiles to show.</p>
      )}
    </section>
  );
}

/** What does not reach the model stands out; what is only worth knowing does not. */
function Limits({ image, plan }: { image: ViewedImage; plan: ImagePlan }) {
  const detail = detailInWords(image, plan);
  const stretch = stretchInWords(image, plan);
  const warnings = [detail.isLost ? detail.words : null, stretch].filter(words => words !== null);
  return (
    <>
      {!detail.isLost && <p className="muted">{detail.words}</p>}
      {warnings.length > 0 && (
        <div className="viewer-limits">
          <WarningIcon size={18} />
          <div>
            {warnings.map(words => (
              <p key={words}>{words}</p>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
