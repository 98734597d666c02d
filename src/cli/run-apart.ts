import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Of what was not ours, at most so many of the last characters are kept. */
const mostKept = 64 * 1024;

/** The number of the channel that carries this program's own words, in the process that is started for them. */
const channel = 3;
const channelVariable = 'BEDSIDE_OWN_WORDS';
/** Stands for standard error where a command runs apart; undefined where it does not yet. */
export const ownChannel = Number(process.env[channelVariable]) || undefined;

/** With 1 Node ends where nobody caught an error; with this a command that failed and has said why. */
export const saidFailure = 100;

/**
 * Runs this command once more in a process whose standard error nobody reads, with ours beside it as a channel of its own.
 * Dawn and graphics drivers print straight to the file descriptor, whatever their settings, so that they cannot be silenced
 * from within the process that they run in. What they print is kept, and shown where the process dies of it; with BEDSIDE_DAWN,
 * for one who looks into Dawn, it is shown as it comes. Signals go on to that process, and it ends with this one.
 * @returns its exit code
 */
export function runApart(argv: readonly string[]): Promise<number> {
  const isWatched = process.env.BEDSIDE_DAWN !== undefined;
  const child = spawn(process.execPath, [...process.execArgv, ...argv], {
    stdio: ['inherit', 'inherit', isWatched ? 'inherit' : 'pipe', 2, 'ipc'],
    env: { ...process.env, [channelVariable]: String(channel) },
  });
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-mostKept);
  });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const isInOrder = code === 0 || code === saidFailure || signals.some(asked => asked === signal);
      if (!isInOrder) process.stderr.write(printed);
      resolve(code === saidFailure ? 1 : (code ?? 128 + constants.signals[signal!]));
    });
  });
}
