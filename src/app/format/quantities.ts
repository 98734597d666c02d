/** One way to put figures in words, here and in the messages of what lies below the page. */
export {
  formatBytes,
  formatCount,
  formatDuration,
  formatParameters,
  formatSpeed,
  plural,
} from '../../client/index.ts';
