import { sentence } from '../../engine/sentence.ts';
import type { Rectangle } from '../../engine/types/image-views.ts';
import {
  ctColourWindow,
  type ImagePresentation,
  type ImageWindow,
  plainPresentation,
  readRectangle,
  readWindow,
} from '../../engine/types/presentation.ts';
import type { OpenedImage } from '../../imaging/presented/opened-image.ts';
import { type Arguments, badArgument, type OptionTable } from './arguments.ts';

export const presentationOptions: OptionTable = { frame: 'value', window: 'value', region: 'value' };

/** How an image is to be shown, before its file was opened. */
export interface PresentationOptions {
  /** Counted from 0. */
  frame: number;
  /** In numbers, or by its name among those that the file offers; null: as the file itself says. */
  window: ImageWindow | string | null;
  region: Rectangle | null;
}

export const noOptions: PresentationOptions = { frame: 0, window: null, region: null };

/** `noOptions` itself where nothing is asked for. */
export function readPresentationOptions(args: Arguments): PresentationOptions {
  const [frame, window, region] = [args.integer('frame'), args.text('window'), args.text('region')];
  if (frame === undefined && window === undefined && region === undefined) return noOptions;
  if (frame !== undefined && frame < 0) {
    throw badArgument(sentence`negative-frame-option: --frame counts from 0.`);
  }
  return {
    frame: frame ?? 0,
    window: window === undefined ? null : readWindowOption(window),
    region: region === undefined ? null : readRegionOption(region),
  };
}

/** `C,W` or `C,W,FUNCTION`; anything else is a name. */
function readWindowOption(text: string): ImageWindow | string {
  if (!/^[-+.\d]/.test(text)) return text;
  const [centre, width, name = 'LINEAR', ...more] = text.split(',').map(part => part.trim());
  const window = readWindow({
    kind: 'level',
    centre: numberIn(centre),
    width: numberIn(width),
    function: name.toUpperCase(),
  });
  if (!window || more.length > 0) {
    throw badArgument(
      sentence`window-option: --window takes a centre and a width of at least 1, as in --window -600,1500, not "${{ found: text }}". LINEAR, LINEAR_EXACT or SIGMOID may follow.`,
    );
  }
  return window;
}

function readRegionOption(text: string): Rectangle {
  const [x, y, width, height, ...more] = text.split(',').map(numberIn);
  const region = more.length === 0 ? readRectangle({ x, y, width, height }) : undefined;
  if (!region) {
    throw badArgument(
      sentence`region-option: --region takes left, top, width and height in whole pixels, as in --region 40,60,100,80, not "${{ found: text }}".`,
    );
  }
  return region;
}

const numberIn = (text: string | undefined) => (text?.trim() ? Number(text) : Number.NaN);

/** @throws `invalid-request` where the file has no window of that name; what opening it throws */
export async function presentationOf(
  { frame, window, region }: PresentationOptions,
  open: () => Promise<OpenedImage>,
): Promise<ImagePresentation> {
  const found = typeof window === 'string' ? await windowNamed(window, frame, await open()) : window;
  return { ...plainPresentation, frame, window: found, region };
}

async function windowNamed(name: string, frame: number, image: OpenedImage): Promise<ImageWindow> {
  if (name === ctColourWindow.kind) return ctColourWindow;
  const offered = frame < image.frames ? (await image.decodeFrame(frame)).windows : [];
  const found = offered.find(each => each.name === name);
  if (found) return found.choice;
  throw badArgument(
    offered.length === 0
      ? sentence`image-without-windows: This image has no windows to choose by name: "${{ found: name }}" is none.`
      : sentence`window-name: This image has no window "${{ found: name }}", but ${{ names: offered.map(each => each.name).join(', ') }}.`,
  );
}
