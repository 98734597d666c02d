export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
  /** Of user messages: ids of the images it asks about, in order. */
  images?: string[];
  /**
   * Of user messages: before which character of the text each of its images stands, ascending; without it, all before the text. For
   * templates that have images among the text; in others they come first.
   */
  imagePlaces?: number[];
  /** Of user messages: the parts of those images that it asks about. */
  asksAbout?: AskedRegion[];
}

/** A part of an image, as a question points to it. */
export interface AskedRegion {
  /** The image's place in its message, from 0. */
  image: number;
  /** Upper left and lower right corner, from 0 to 1000 across and down the picture that the model is shown. */
  box: readonly [x1: number, y1: number, x2: number, y2: number];
}
