/** What bench/browser.mjs and bench/processor.mjs call in the page. */
import { measureDecode } from './decode.ts';
import { measureFetch } from './fetch-rate.ts';
import { measureLoad } from './load-rate.ts';
import { openProcessor, openWllama, runProcessor, runWllama } from './processor.ts';
import { measureWllama } from './wllama.ts';

const processor = { openProcessor, openWllama, runProcessor, runWllama };
Object.assign(window, { bench: { measureDecode, measureFetch, measureLoad, measureWllama, ...processor } });
