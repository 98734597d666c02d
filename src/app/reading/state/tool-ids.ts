export const toolIds = [
  'scroll',
  'window',
  'pan',
  'zoom',
  'magnify',
  'probe',
  'length',
  'angle',
  'rectangle',
  'ellipse',
  'freehand',
  'arrow',
  'point',
  'redaction',
] as const;

/** What the pointer does over an image. */
export type ToolId = (typeof toolIds)[number];
