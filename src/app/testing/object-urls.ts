/** jsdom has no object URLs. What is created and not revoked yet, by its address. */
export const liveObjectUrls = new Map<string, Blob>();

let lastUrl = 0;

export function polyfillObjectUrls(): void {
  URL.createObjectURL = blob => {
    lastUrl += 1;
    const url = `blob:test/${lastUrl}`;
    if (blob instanceof Blob) liveObjectUrls.set(url, blob);
    return url;
  };
  URL.revokeObjectURL = url => void liveObjectUrls.delete(url);
}
