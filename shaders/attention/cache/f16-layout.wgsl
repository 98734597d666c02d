// Where a KV cache in 16 bits keeps its numbers: f16's bits, eight neighbouring dimensions of a position in 16 bytes (an octet; the
// last of a head is filled up with zeros). No feature needed: words are packed and unpacked with integers.
// In pages of PAGE positions (page = pages[position / PAGE], slot = position % PAGE):
//   keys   [page, kv head, OCTETS, PAGE]: neighbouring positions are neighbours, because in attention an invocation holds one
//          position;
//   values [page, kv head, PAGE, OCTETS]: neighbouring dimensions are neighbours, because there it holds dimensions.
override OCTETS: u32 = (HEAD_DIM + 7) / 8; // of a head

/// First octet of a head in a physical page.
fn cache_block(page: u32, kv_head: u32) -> u32 {
  return (page * KV_HEADS + kv_head) * OCTETS * PAGE;
}

fn key_octet(block: u32, slot: u32, octet: u32) -> u32 {
  return block + octet * PAGE + slot;
}

fn value_octet(block: u32, slot: u32, octet: u32) -> u32 {
  return block + slot * OCTETS + octet;
}
