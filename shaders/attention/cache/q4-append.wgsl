// Writes to a KV cache in 4 bits: of a block's numbers from `low` to `high` the step is (high - low) / 15 and the least number
// low, both rounded to f16; number = round((x - least) / step) with the rounded ones. Composed behind q4.wgsl. Eight
// neighbouring invocations hold a block of 32 dimensions, two a word.
//
// Numerics: numbers are compared, and ranges rounded, as integers: there what is not finite lies outside of all else and cannot
// get lost, and every device makes the same range. A step is at least 2^-14, f16's smallest normal number, and a least number of
// smaller magnitude is zero, because devices may take those for zero.

var<workgroup> lowest: array<u32, 64>;  // of each invocation's quad, as integers in the order of the numbers
var<workgroup> highest: array<u32, 64>;
var<workgroup> packed: array<u32, 64>;  // a byte a number

/// The bits of numbers as integers in the same order, and back.
fn ordered(bits: vec4<u32>) -> vec4<u32> {
  return bits ^ select(vec4(0x80000000u), vec4(0xffffffffu), bits >= vec4(0x80000000u));
}

fn unordered(key: u32) -> u32 {
  return key ^ select(0xffffffffu, 0x80000000u, key >= 0x80000000u);
}

/// The f16 bits of a magnitude of at least 2^-14 (to nearest, ties to even); what is too large becomes infinite.
fn half_bits(magnitude: u32) -> u32 {
  return min((magnitude + 0xfffu + ((magnitude >> 13) & 1u)) >> 13, (112u << 10) + 0x7c00u) - (112u << 10);
}

/// The range of the block of up to 32 dimensions whose quads are held by `count` invocations from `first` on.
fn block_range(first: u32, count: u32) -> u32 {
  var low = 0xffffffffu;
  var high = 0u;
  for (var i = 0u; i < count; i++) {
    low = min(low, lowest[first + i]);
    high = max(high, highest[first + i]);
  }
  low = unordered(low);
  high = unordered(high);
  if (max(low & 0x7fffffffu, high & 0x7fffffffu) >= 0x7f800000u) {
    return 0x7e007e00u; // not a number: spoils what is read from this block
  }
  let step = max((bitcast<f32>(high) - bitcast<f32>(low)) * (1.0 / 15.0), 0x1p-14);
  let magnitude = low & 0x7fffffffu;
  let least = select(((low >> 16) & 0x8000u) | half_bits(magnitude), 0u, magnitude < 0x38800000u);
  return half_bits(bitcast<u32>(step)) | (least << 16);
}

/// What is stored of a quad's four dimensions, and of the next quad's. Every invocation of the workgroup calls it, once.
fn encode_quad(x: vec4<f32>, quad: u32, lane: u32) -> Octet {
  let order = ordered(bitcast<vec4<u32>>(x));
  lowest[lane] = min(min(order.x, order.y), min(order.z, order.w));
  highest[lane] = max(max(order.x, order.y), max(order.z, order.w));
  workgroupBarrier();
  // Invocations past the head's end have nothing to say.
  let quads = HEAD_DIM / 4;
  let range = block_range(lane / 8 * 8, min(8u, max(quads, quad / 8 * 8) - quad / 8 * 8));
  let rounded = unpack2x16float(range);
  let numbers = vec4<u32>(clamp(round((x - rounded.y) / rounded.x), vec4<f32>(), vec4(15.0)));
  packed[lane] = select(0u, pack4xU8(numbers & vec4(15u)), quad < quads);
  workgroupBarrier();
  return Octet(packed[lane] | (packed[lane | 1] << 4), range);
}

fn append_key(block: u32, slot: u32, quad: u32, x: Octet) {
  if (quad % 2 == 0) {
    keys[key_word(block, slot, quad / 2)] = x.numbers;
  }
  if (quad % 8 == 0) {
    keys[key_range_word(block, slot, quad / 8)] = x.range;
  }
}

fn append_value(block: u32, slot: u32, quad: u32, x: Octet) {
  if (quad % 2 == 0) {
    values[value_word(block, slot, quad / 2)] = x.numbers;
  }
  if (quad % 8 == 0) {
    values[value_range_word(block, slot, quad / 8)] = x.range;
  }
}
