/**
 * Where the image lies in its frame. All lengths are screen pixels, so that a zoom of 1 shows one image pixel on one
 * screen pixel; points are measured from the centre of the frame, right and down.
 */
export interface Size {
  width: number;
  height: number;
}

export type Point = readonly [x: number, y: number];

export interface View {
  image: Size;
  /** Zero by zero until it is measured. */
  frame: Size;
  /** Screen pixels to an image pixel. */
  zoom: number;
  /** The centre of the image. */
  centre: Point;
  /** Clockwise quarter turns. */
  turns: 0 | 1 | 2 | 3;
  /** Left and right exchanged, after turning. */
  isFlipped: boolean;
  /** Follows the frame when that changes its size. */
  isFitted: boolean;
}

export type ViewAction =
  | { type: 'resize'; frame: Size }
  | { type: 'fit' }
  | { type: 'zoom-to'; zoom: number }
  /** What is at `at` stays there. */
  | { type: 'zoom-by'; factor: number; at: Point }
  | { type: 'pan'; by: Point }
  /** Two fingers: what was between them stays between them. */
  | { type: 'pinch'; factor: number; from: Point; to: Point }
  | { type: 'turn'; by: 1 | -1 }
  | { type: 'flip' };

/** The fitted image leaves a thin margin, where its edge can be seen. */
const fitShare = 0.97;
const middle: Point = [0, 0];

export function startView(image: Size): View {
  return {
    image,
    frame: { width: 0, height: 0 },
    zoom: 1,
    centre: middle,
    turns: 0,
    isFlipped: false,
    isFitted: true,
  };
}

export function transformView(view: View, action: ViewAction): View {
  switch (action.type) {
    case 'resize': {
      const resized = { ...view, frame: action.frame };
      return view.isFitted ? fitToFrame(resized) : keepInReach(resized);
    }
    case 'fit':
      return fitToFrame(view);
    case 'zoom-to':
      return zoomAround(view, action.zoom / view.zoom, middle);
    case 'zoom-by':
      return zoomAround(view, action.factor, action.at);
    case 'pan':
      return pan(view, action.by);
    case 'pinch': {
      const { factor, from, to } = action;
      return pan(zoomAround(view, factor, from), [to[0] - from[0], to[1] - from[1]]);
    }
    case 'turn': {
      // In a mirrored image, turning clockwise as seen is turning anticlockwise underneath.
      const turns = view.turns + (view.isFlipped ? -action.by : action.by);
      const [x, y] = view.centre;
      const turned: View = {
        ...view,
        turns: (((turns % 4) + 4) % 4) as View['turns'],
        centre: action.by === 1 ? [-y, x] : [y, -x],
      };
      return view.isFitted ? fitToFrame(turned) : keepInReach(turned);
    }
    case 'flip':
      return { ...view, isFlipped: !view.isFlipped, centre: [-view.centre[0], view.centre[1]] };
  }
}

/** Width and height as turned. */
export function turnedSize({ image, turns }: View): Size {
  return turns % 2 === 0 ? image : { width: image.height, height: image.width };
}

/** The zoom at which the whole image is in the frame. */
export function fitZoom(view: View): number {
  const { width, height } = turnedSize(view);
  return fitShare * Math.min(view.frame.width / width, view.frame.height / height);
}

/** Least and greatest zoom: from half of what fits, or actual size, to 32 screen pixels an image pixel. */
export function zoomRange(view: View): readonly [least: number, greatest: number] {
  const fitted = fitZoom(view);
  return [Math.min(1, fitted / 2), Math.max(32, 4 * fitted)];
}

/** From a place in the image ([0, 0] its upper left corner, [1, 1] its lower right one) to the frame. */
export function placeInFrame(view: View, [u, v]: Point): Point {
  const [x, y] = turn(
    [(u - 0.5) * view.image.width * view.zoom, (v - 0.5) * view.image.height * view.zoom],
    view,
  );
  return [view.centre[0] + x, view.centre[1] + y];
}

/** From a point of the frame to a place in the image: what `placeInFrame` leads back. */
export function placeInImage(view: View, [x, y]: Point): Point {
  const [across, down] = turnBack([x - view.centre[0], y - view.centre[1]], view);
  return [across / (view.image.width * view.zoom) + 0.5, down / (view.image.height * view.zoom) + 0.5];
}

/** The view of another image, moved and zoomed by as much as this one is, against what fits. */
export function matchView(view: View, other: View): View {
  if (view.isFitted || other.frame.width === 0 || view.frame.width === 0) return fitToFrame(other);
  const zoom = fitZoom(other) * (view.zoom / fitZoom(view));
  const scale = zoom / view.zoom;
  const [x, y] = view.centre;
  return keepInReach({ ...other, zoom, centre: [x * scale, y * scale], isFitted: false });
}

/**
 * The image's CSS transform, from the frame's upper left corner (origin `0 0`). Its corner is set on whole screen
 * pixels: at actual size, nothing is blurred.
 */
export function cssTransform(view: View, pixelRatio: number): string {
  const across = turn([view.zoom, 0], view);
  const down = turn([0, view.zoom], view);
  const corner = placeInFrame(view, [0, 0]);
  const left = Math.round(corner[0] + view.frame.width / 2);
  const top = Math.round(corner[1] + view.frame.height / 2);
  return `matrix(${[...across, ...down, left, top].map(value => value / pixelRatio).join(', ')})`;
}

function turn([x, y]: Point, { turns, isFlipped }: Pick<View, 'turns' | 'isFlipped'>): Point {
  const turned: Point[] = [
    [x, y],
    [-y, x],
    [-x, -y],
    [y, -x],
  ];
  const [right, down] = turned[turns]!;
  return [isFlipped ? -right : right, down];
}

function turnBack([x, y]: Point, { turns, isFlipped }: View): Point {
  const unflipped: Point = [isFlipped ? -x : x, y];
  return turn(unflipped, { turns: ((4 - turns) % 4) as View['turns'], isFlipped: false });
}

function fitToFrame(view: View): View {
  if (view.frame.width === 0 || view.frame.height === 0) return { ...view, isFitted: true };
  return { ...view, zoom: fitZoom(view), centre: middle, isFitted: true };
}

function zoomAround(view: View, factor: number, [atX, atY]: Point): View {
  const [least, greatest] = zoomRange(view);
  const zoom = Math.min(greatest, Math.max(least, view.zoom * factor));
  const scale = zoom / view.zoom;
  const [x, y] = view.centre;
  return keepInReach({
    ...view,
    zoom,
    centre: [atX + (x - atX) * scale, atY + (y - atY) * scale],
    isFitted: false,
  });
}

function pan(view: View, [x, y]: Point): View {
  return keepInReach({ ...view, centre: [view.centre[0] + x, view.centre[1] + y], isFitted: false });
}

/** The image cannot be lost: a quarter of it, or a quarter of a frame of it, stays in sight each way. */
function keepInReach(view: View): View {
  const { width, height } = turnedSize(view);
  const limit = (value: number, shown: number, frame: number) => {
    const reach = (shown + frame) / 2 - Math.min(shown, frame) / 4;
    return Math.min(reach, Math.max(-reach, value));
  };
  return {
    ...view,
    centre: [
      limit(view.centre[0], width * view.zoom, view.frame.width),
      limit(view.centre[1], height * view.zoom, view.frame.height),
    ],
  };
}
