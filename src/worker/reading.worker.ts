import { expose } from 'comlink';
import { decodeInBrowser } from '../imaging/decode-bitmap.ts';
import { oneAtATime } from './engine/one-at-a-time.ts';
import { createReadingApi } from './reading/reading-api.ts';

expose(createReadingApi(oneAtATime(decodeInBrowser)));
