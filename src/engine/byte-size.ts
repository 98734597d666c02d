/**
 * Bytes as a person reads them, the same in every message: decimal units, as disks, download pages and browsers' quotas
 * count. 7769664 -> "7.8 MB".
 */
export function describeBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 999.5 would round up to "1000".
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  if (unit === 0) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${units[unit]}`;
}
