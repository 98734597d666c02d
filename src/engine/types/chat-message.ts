export interface ChatMessage {
  role: 'user' | 'assistant';
  text: string;
  /** Of user messages: ids of the images it asks about, in order. */
  images?: string[];
}
