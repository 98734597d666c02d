// Where a Firefox usually lives.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const onLinux = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];
const onMac = ['/Applications/Firefox.app/Contents/MacOS/firefox'];

function onWindows() {
  const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)']];
  return folders.filter(Boolean).map(folder => join(folder, 'Mozilla Firefox/firefox.exe'));
}

/** Path of the browser: BEDSIDE_FIREFOX if set, else the first one installed, else undefined. */
export function findFirefox() {
  const named = process.env.BEDSIDE_FIREFOX;
  if (named) return existsSync(named) ? named : undefined;
  const usual = process.platform === 'darwin' ? onMac : process.platform === 'win32' ? onWindows() : onLinux;
  return usual.find(path => existsSync(path));
}
