// ONNX files written field by field from the protobuf schema (onnx.proto3), so that no ONNX tooling is needed.

const wire = { varint: 0, bytes: 2, fixed32: 5 };

/** TensorProto.DataType */
export const dataType = { float32: 1, uint8: 2, int32: 6, int64: 7 };

const utf8 = new TextEncoder();

export function concat(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Seven bits a byte, low ones first; a negative number as its 64-bit two's complement. */
export function varint(value) {
  const out = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(out);
}

const tag = (field, type) => varint((field << 3) | type);
const int = (field, value) => concat([tag(field, wire.varint), varint(value)]);
const float = (field, value) =>
  concat([tag(field, wire.fixed32), new Uint8Array(Float32Array.of(value).buffer)]);
const message = (field, ...parts) => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return concat([tag(field, wire.bytes), varint(length), ...parts]);
};
const text = (field, value) => message(field, utf8.encode(value));

// ValueInfoProto { name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { value 1 | param 2 } } } } }
function valueInfo(field, { name, type, shape }) {
  const dims = shape.map(size => message(1, typeof size === 'string' ? text(2, size) : int(1, size)));
  return message(field, text(1, name), message(2, message(1, int(1, type), message(2, ...dims))));
}

// TensorProto { dims 1, data_type 2, name 8, raw_data 9 }
function initializer({ name, type, shape, data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, ...shape.map(size => int(1, size)), int(2, type), text(8, name), message(9, bytes));
}

// AttributeProto { name 1, f 2, i 3, type 20: FLOAT 1 or INT 2 }
function attribute([name, value]) {
  return typeof value === 'object'
    ? message(5, text(1, name), float(2, value.float), int(20, 1))
    : message(5, text(1, name), int(3, value), int(20, 2));
}

// NodeProto { input 1, output 2, name 3, op_type 4, attribute 5, domain 7 }
function nodeProto({ op, domain = '', inputs, outputs, attributes = {} }, index) {
  return message(
    1,
    ...inputs.map(name => text(1, name)),
    ...outputs.map(name => text(2, name)),
    text(3, `${op}-${index}`),
    text(4, op),
    ...Object.entries(attributes).map(attribute),
    text(7, domain),
  );
}

/** ModelProto { ir_version 1, graph 7 { node 1, name 2, initializer 5, input 11, output 12 }, opset_import 8 } */
export function writeOnnx({ nodes, initializers, inputs, outputs }) {
  const graph = message(
    7,
    ...nodes.map(nodeProto),
    text(2, 'bench'),
    ...initializers.map(initializer),
    ...inputs.map(input => valueInfo(11, input)),
    ...outputs.map(output => valueInfo(12, output)),
  );
  const opset = (domain, version) => message(8, text(1, domain), int(2, version));
  return concat([int(1, 8), graph, opset('', 17), opset('com.microsoft', 1)]);
}
