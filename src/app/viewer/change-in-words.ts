import { type Layer, noLayer } from './tile-lines.ts';
import { viewWords } from './view-words.ts';
import type { ViewerState } from './viewer-state.ts';

/** 1.254 -> "125 %". */
export function zoomInWords(zoom: number): string {
  return `${zoom < 0.1 ? (zoom * 100).toFixed(1) : Math.round(zoom * 100)}\u00a0%`;
}

/** 9.8 -> "+10"; with a true minus sign. */
export function signed(figure: number): string {
  const value = Math.round(figure);
  if (value === 0) return '0';
  return value > 0 ? `+${value}` : `−${-value}`;
}

/**
 * In what way the image does not lie as it was stored, in the order that makes it so: someone else may look at the
 * screen. Empty where it does.
 */
export function positionInWords({ view, tone }: ViewerState): string {
  return [
    view.turns > 0 ? `Turned ${view.turns * 90}°` : '',
    view.isFlipped ? 'Left and right exchanged' : '',
    tone.isInverted ? 'Inverted' : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What is different, for those who do not see it. Empty where nothing is. */
export function changeInWords(before: ViewerState, after: ViewerState): string {
  const changes: [boolean, string][] = [
    [before.view.turns !== after.view.turns, turnInWords(before, after)],
    [before.view.isFlipped !== after.view.isFlipped, after.view.isFlipped ? 'Flipped' : 'Not flipped'],
    [before.tone.isInverted !== after.tone.isInverted, after.tone.isInverted ? 'Inverted' : 'Not inverted'],
    [
      signed(before.tone.brightness) !== signed(after.tone.brightness),
      `Brightness ${signed(after.tone.brightness)}`,
    ],
    [signed(before.tone.contrast) !== signed(after.tone.contrast), `Contrast ${signed(after.tone.contrast)}`],
    [before.layer !== after.layer, layerInWords(after.layer)],
    [
      before.areShapesShown !== after.areShapesShown,
      after.areShapesShown ? 'Marks shown' : 'Marks not shown',
    ],
    [
      zoomInWords(before.view.zoom) !== zoomInWords(after.view.zoom),
      `Zoom ${zoomInWords(after.view.zoom)}${after.view.isFitted ? ', fitted to the window' : ''}`,
    ],
  ];
  return changes.flatMap(([isChanged, words]) => (isChanged ? [words] : [])).join('. ');
}

function layerInWords(layer: Layer): string {
  return layer === noLayer ? 'No tiles shown' : viewWords(layer).shown;
}

/** As seen: in a flipped image, underneath, it is the other way round. */
function turnInWords(before: ViewerState, { view }: ViewerState): string {
  if (view.turns === 0) return 'Upright';
  const quarters = (view.turns - before.view.turns + 4) % 4;
  if (quarters === 2) return 'Turned by half';
  return (quarters === 1) !== view.isFlipped ? 'Turned right' : 'Turned left';
}
