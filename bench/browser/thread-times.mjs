// Processor time of a page's threads, which other work on the machine stretches little: on Linux alone.
import { readdirSync, readFileSync } from 'node:fs';

/** Of a clock tick of /proc, in milliseconds: 100 a second wherever Linux runs a browser. */
const tickMs = 10;

/**
 * Milliseconds of processor time that the page's own thread and its workers have taken since they began, of the renderer that has taken
 * most; null where the system does not say.
 * @param {import('playwright-core').BrowserContext} context
 */
export async function threadTimes(context) {
  if (process.platform !== 'linux') return null;
  const session = await context.browser().newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  const { id } = renderers.sort((a, b) => b.cpuTime - a.cpuTime)[0];
  const times = { main: 0, workers: 0 };
  for (const thread of readdirSync(`/proc/${id}/task`)) {
    const name = readFileSync(`/proc/${id}/task/${thread}/comm`, 'utf8').trim();
    const spent = timeOf(readFileSync(`/proc/${id}/task/${thread}/stat`, 'utf8'));
    if (thread === `${id}` || name === 'CrRendererMain') times.main += spent;
    else if (name.startsWith('DedicatedWorker')) times.workers += spent;
  }
  return times;
}

/** In the program and in the system: fields 14 and 15 (proc(5)), counted behind the name, which may hold anything. */
function timeOf(stat) {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
