/** Offers a file to be saved. The Blob is read from the disk as it is written: its size does not matter. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the Blob by then; an address that stays would keep gigabytes referenced.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
