import { markerAt } from './line-starts.ts';
import { parseBlocks } from './parse-blocks.ts';
import type { TopBlock } from './tokens.ts';

/** Only this much of the end is parsed again when text arrives: a list's first three items may still become one. */
const openBlocks = 4;

/**
 * The blocks of a text that grows at its end. Settled blocks keep their identity from call to call, so that a
 * memoised component for each of them renders once; the cost of a call depends on the open end, not the whole.
 */
export class StreamingBlocks {
  #text = '';
  #settled: TopBlock[] = [];
  #settledLength = 0;

  parse(text: string): TopBlock[] {
    if (!text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    const open = text.slice(this.#settledLength);
    const blocks = parseBlocks(open, true);
    const settling = open.includes('\r') ? 0 : blocks.length - openBlocks;
    if (settling > 0) {
      const lines = open.split('\n').slice(0, blocks[settling]!.start);
      // A list looks back for plus signs on the line before it, and nothing else looks back.
      if (markerAt(lines.at(-1) ?? '')?.text !== '+') {
        this.#settled = [...this.#settled, ...blocks.splice(0, settling)];
        this.#settledLength += lines.reduce((sum, line) => sum + line.length + 1, 0);
      }
    }
    return [...this.#settled, ...blocks];
  }

  #reset(): void {
    this.#settled = [];
    this.#settledLength = 0;
  }
}
