import { type Layer, noLayer } from './tile-lines.ts';
import { adjustTone, neutralTone, type Tone } from './tone.ts';
import { type Size, startView, transformView, type View, type ViewAction } from './view-transform.ts';

/** All that can be changed about how an image is shown. */
export interface ViewerState {
  view: View;
  tone: Tone;
  layer: Layer;
  /** Marks and places over the image. */
  areShapesShown: boolean;
}

export type ViewerAction =
  | ViewAction
  | { type: 'set-tone'; tone: Partial<Tone> }
  | { type: 'adjust-tone'; brightness?: number; contrast?: number }
  | { type: 'invert' }
  | { type: 'show-layer'; layer: Layer }
  | { type: 'show-shapes'; areShown: boolean }
  | { type: 'reset' };

export function startViewer(image: Size): ViewerState {
  return { view: startView(image), tone: neutralTone, layer: noLayer, areShapesShown: true };
}

export function changeViewer(state: ViewerState, action: ViewerAction): ViewerState {
  switch (action.type) {
    case 'set-tone':
      return { ...state, tone: { ...state.tone, ...action.tone } };
    case 'adjust-tone':
      return { ...state, tone: adjustTone(state.tone, action) };
    case 'invert':
      return { ...state, tone: { ...state.tone, isInverted: !state.tone.isInverted } };
    case 'show-layer':
      return { ...state, layer: action.layer };
    case 'show-shapes':
      return { ...state, areShapesShown: action.areShown };
    case 'reset': {
      const { image, frame } = state.view;
      return { ...startViewer(image), view: transformView(startView(image), { type: 'resize', frame }) };
    }
    default:
      return { ...state, view: transformView(state.view, action) };
  }
}
