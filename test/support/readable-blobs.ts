/** For tests in jsdom, whose Blobs cannot be read: Node's can. Imported before anything makes one. */
import { Blob as ReadableBlob, File as ReadableFile } from 'node:buffer';

Object.assign(globalThis, { Blob: ReadableBlob, File: ReadableFile });
