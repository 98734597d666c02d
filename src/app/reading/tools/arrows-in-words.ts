/** Of every tool that draws. */
export const crossByArrows =
  'The arrow keys move the cross, with Shift by ten pixels; Enter sets a point, Escape gives up.';
