// An ONNX file with one MatMulNBits node (com.microsoft: 4 bits, blocks of 32, f32 scales), written field by field from
// the protobuf schema of ONNX, so that no ONNX tooling is needed.

const wire = { varint: 0, bytes: 2 };

function varint(value) {
  const out = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

const tag = (field, type) => varint((field << 3) | type);
const int = (field, value) => Buffer.concat([tag(field, wire.varint), varint(value)]);
const message = (field, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([tag(field, wire.bytes), varint(body.length), body]);
};
const text = (field, value) => message(field, Buffer.from(value));

const float32 = 1;
const uint8 = 2;

// ValueInfoProto { name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { value 1 | param 2 } } } } }
function valueInfo(field, name, shape) {
  const dims = shape.map(size => message(1, typeof size === 'string' ? text(2, size) : int(1, size)));
  return message(field, text(1, name), message(2, message(1, int(1, float32), message(2, ...dims))));
}

// TensorProto { dims 1, data_type 2, name 8, raw_data 9 }
function initializer(name, shape, type, data) {
  return message(5, ...shape.map(size => int(1, size)), int(2, type), text(8, name), message(9, data));
}

// AttributeProto { name 1, i 3, type 20 = INT (2) }
const attribute = (name, value) => message(5, text(1, name), int(3, value), int(20, 2));

/** @returns {Buffer} the model: Y [M, rows] = A [M, columns] times a 4-bit matrix of noise */
export function matMulNBitsModel(rows, columns) {
  const blocks = columns / 32;
  const quants = Buffer.alloc((rows * columns) / 2);
  let state = 1;
  for (let i = 0; i < quants.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    quants[i] = state >>> 24;
  }
  const scales = Buffer.alloc(rows * blocks * 4);
  for (let i = 0; i < rows * blocks; i++) scales.writeFloatLE(0.01 + (i % 5) * 0.002, i * 4);
  const node = message(
    1,
    text(1, 'A'),
    text(1, 'B'),
    text(1, 'scales'),
    text(2, 'Y'),
    text(3, 'product'),
    text(4, 'MatMulNBits'),
    attribute('K', columns),
    attribute('N', rows),
    attribute('bits', 4),
    attribute('block_size', 32),
    text(7, 'com.microsoft'),
  );
  const graph = message(
    7,
    node,
    text(2, 'bench'),
    initializer('B', [rows, blocks, 16], uint8, quants),
    initializer('scales', [rows * blocks], float32, scales),
    valueInfo(11, 'A', ['M', columns]),
    valueInfo(12, 'Y', ['M', rows]),
  );
  const opset = (domain, version) => message(8, text(1, domain), int(2, version));
  return Buffer.concat([int(1, 8), graph, opset('', 17), opset('com.microsoft', 1)]);
}
