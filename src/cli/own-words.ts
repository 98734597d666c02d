import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/** Makes `process.stderr` write to this file descriptor, at once, as it does to its own. */
export function sayOn(fd: number): void {
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Uint8Array, _encoding, done) {
      writeAll(fd, chunk);
      done();
    },
  });
  const words = Object.assign(stream, { fd, isTTY: isatty(fd) });
  Object.defineProperty(process, 'stderr', { value: words, configurable: true });
  // Whoever started this process has gone.
  process.on('disconnect', () => process.exit(1));
}

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A reader that has gone, as of `2>&1 | head`, wants no more.
      if (code !== 'EAGAIN') return;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}
