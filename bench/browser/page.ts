/** What bench/browser.mjs calls in the page. */
import { measureDecode } from './decode.ts';
import { measureFetch } from './fetch-rate.ts';
import { measureLoad } from './load-rate.ts';
import { measureWllama } from './wllama.ts';

Object.assign(window, { bench: { measureDecode, measureFetch, measureLoad, measureWllama } });
