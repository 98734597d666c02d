/** SHA-256 in lower-case hex. WebCrypto hashes only whole buffers, which is why weights are pinned by chunk. */
export async function sha256Hex(data: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
