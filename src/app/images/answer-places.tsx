import { useId, useMemo, useState } from 'react';
import type { Message, MessageImage } from '../../client/index.ts';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { agreementInWords, countInWords, placeInWords } from '../format/places.ts';
import { useApp } from '../state/app-context.tsx';
import { type AnswerPlace, drawnPlaces, placesIn } from '../state/images/answer-places.ts';
import { type DrawnShape, drawnMarks } from '../state/images/drawn-shapes.ts';
import { PictureShapes } from '../viewer/shapes-overlay.tsx';
import { useImagesToPointAt } from './use-images-to-point-at.ts';
import { useObjectUrl } from './use-object-url.ts';
import { pictureSize, usePicture } from './use-picture.ts';
import { useStoredImage } from './use-stored-image.ts';

const whichImage = 'The model did not say which image it means.';

/** Places that an answer names: drawn on its picture, counted, listed, and compared with what the reader marked there. */
export function AnswerPlaces({ answer }: { answer: Message }) {
  const images = useImagesToPointAt(answer);
  const [choice, choose] = useState(0);
  const image = images[choice] ?? images[0];
  const places = useMemo(() => (image ? placesIn(answer.text, image) : []), [answer.text, image]);
  const titleId = useId();
  const name = useId();
  const [chosen, setChosen] = useState<number | null>(null);
  if (!image || places.length === 0) return null;
  return (
    <section className="answer-places" aria-labelledby={titleId}>
      <h3 id={titleId}>Places in the picture</h3>
      <p className="answer-places-count">{countInWords(places.map(({ label }) => label))}</p>
      {images.length > 1 && (
        <>
          <SegmentedChoice
            legend="Drawn on"
            hint={whichImage}
            name={name}
            options={images.map((each, at) => ({ value: `${at}`, label: each.name }))}
            value={`${images.indexOf(image)}`}
            onChange={at => choose(Number(at))}
          />
          <p className="printed printed-origin" aria-hidden="true">
            Drawn on {image.name}. {whichImage}
          </p>
        </>
      )}
      <div className="answer-places-drawn">
        <PlacesPicture answer={answer} image={image} places={places} chosen={chosen} />
        <ol>
          {places.map(place => (
            <li key={place.number} dir="auto">
              <button
                type="button"
                aria-pressed={chosen === place.number}
                onClick={() => setChosen(chosen === place.number ? null : place.number)}
              >
                <strong>{place.label || 'Place'}</strong>
              </button>
              <span>{placeInWords(place.place)}</span>
              {place.agreement && <span>{agreementInWords(place.agreement)}</span>}
            </li>
          ))}
        </ol>
      </div>
      <p className="muted">Where the model says that it is. Compare it with the picture.</p>
    </section>
  );
}

interface PlacesPictureProps {
  answer: Message;
  image: MessageImage;
  places: readonly AnswerPlace[];
  /** The number of the place that stands out. */
  chosen: number | null;
}

function PlacesPicture({ answer, image, places, chosen }: PlacesPictureProps) {
  const { blob } = useStoredImage(answer.conversationId, image.id);
  const shapes = useMemo(() => [...drawnMarks(image), ...drawnPlaces(places)], [places, image]);
  const isChosen = ({ by, label }: DrawnShape) => by === 'model' && label === `${chosen}`;
  return (
    blob && <DrawnPicture image={image} blob={blob} shapes={shapes} chosen={shapes.findIndex(isChosen)} />
  );
}

interface DrawnPictureProps {
  image: MessageImage;
  blob: Blob;
  shapes: readonly DrawnShape[];
  /** Among them; -1 of none. */
  chosen: number;
}

/** Opens the viewer, where the same is drawn. */
function DrawnPicture({ image, blob, shapes, chosen }: DrawnPictureProps) {
  const { ui } = useApp();
  const { regions: _, ...file } = image;
  const shown = { ...file, blob, shapes };
  const url = useObjectUrl(usePicture(shown));
  const { width, height } = pictureSize(image);
  return (
    <button
      type="button"
      className="drawn-picture"
      aria-label={`View ${image.name} with the places drawn on it`}
      style={{ aspectRatio: `${width} / ${height}` }}
      onClick={() => ui.getState().openDialog({ kind: 'image', image: shown })}
    >
      {url && <img src={url} alt="" width={width} height={height} />}
      <PictureShapes shapes={shapes} width={width} height={height} shownSide={320} chosen={chosen} />
    </button>
  );
}
