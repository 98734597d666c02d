import { useId } from 'react';
import type { SeenView } from '../../client/index.ts';
import { WarningIcon } from '../controls/icons.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import type { Sight } from '../state/images/sights.ts';
import { detailInWords, sightInWords, stretchInWords, viewsInWords } from './sight-in-words.ts';
import { type Layer, layersOf, noLayer } from './tile-lines.ts';
import { viewWords } from './view-words.ts';
import type { ViewedImage } from './viewed-image.ts';

interface ModelSightProps {
  image: ViewedImage;
  /** Which of the image's sights is told of. */
  chosen: number;
  layer: Layer;
  onChoose: (sight: number) => void;
  onChange: (layer: Layer) => void;
}

/** What a model saw of the image, where an answer has it; else what the loaded one would see. And what it does not. */
export function ModelSight({ image, chosen, layer, onChoose, onChange }: ModelSightProps) {
  const titleId = useId();
  const name = useId();
  const { sights = [], blindAnswerer, loaded } = image;
  const sight = sights[chosen];
  const views = sight?.views ?? image.views;
  return (
    <section className="viewer-section viewer-sight" aria-labelledby={titleId}>
      <h3 id={titleId}>{sight ? 'What the model saw' : 'What the model sees'}</h3>
      {blindAnswerer && <p>{blindAnswerer} answered the question without seeing this image.</p>}
      {sights.length > 1 && <SightChoice sights={sights} chosen={chosen} onChoose={onChoose} />}
      {views && (
        <SegmentedChoice
          legend="Tiles drawn over the image"
          name={name}
          options={layersOf(views).map(value => ({ value, label: layerLabel(value) }))}
          value={layer}
          onChange={onChange}
        />
      )}
      {sight ? (
        <>
          <p>{sightInWords(sight)}</p>
          <Limits image={image} views={sight.views} />
        </>
      ) : views ? (
        <>
          <p>
            {viewsInWords(views, loaded)}
            {image.isCompressed && ' “Faster, less detail” is on: it would read fewer of these tokens.'}
          </p>
          <Limits image={image} views={views} />
        </>
      ) : (
        <p>
          {loaded && `${loaded} reads text alone. `}
          No model that sees images is loaded, so there are no tiles to show.
        </p>
      )}
    </section>
  );
}

const layerLabel = (layer: Layer) => (layer === noLayer ? 'Off' : viewWords(layer).label);

/** The answers of the conversation saw the image in different ways. */
function SightChoice({
  sights,
  chosen,
  onChoose,
}: Pick<ModelSightProps, 'chosen' | 'onChoose'> & { sights: readonly Sight[] }) {
  const name = useId();
  return (
    <SegmentedChoice
      legend="As it was seen for"
      name={name}
      options={sights.map(({ answer }, place) => ({ value: `${place}`, label: `Answer ${answer}` }))}
      value={`${chosen}`}
      onChange={place => onChoose(Number(place))}
    />
  );
}

/** What does not reach the model stands out; what is only worth knowing does not. */
function Limits({ image, views }: { image: ViewedImage; views: readonly SeenView[] }) {
  const detail = detailInWords(image, views);
  const stretch = stretchInWords(image, views);
  const warnings = [detail?.isLost ? detail.words : null, stretch].filter(words => words !== null);
  return (
    <>
      {detail && !detail.isLost && <p className="muted">{detail.words}</p>}
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
