import { expect, test } from 'vitest';
import { ProtobufReader } from '../../src/engine/convert/protobuf-reader.ts';
import { matMulNBitsModel } from '../peers/onnx-matmul.mjs';
import { dataType, varint, writeOnnx } from './write-onnx.mjs';

const fieldsOf = (reader: ProtobufReader, number: number) =>
  [...reader.fields()].filter(field => field.number === number);

test('varints: seven bits a byte, low ones first', () => {
  expect([...varint(0)]).toEqual([0]);
  expect([...varint(127)]).toEqual([127]);
  expect([...varint(300)]).toEqual([0xac, 2]);
  expect([...varint(-1)]).toEqual([...Array<number>(9).fill(255), 1]);
});

test('a graph reads back as the schema of ONNX has it', () => {
  const bytes = writeOnnx({
    nodes: [
      {
        op: 'Norm',
        domain: 'com.microsoft',
        inputs: ['x', '', 'w'],
        outputs: ['y'],
        attributes: { axis: -1, epsilon: { float: 0.5 } },
      },
    ],
    initializers: [{ name: 'w', type: dataType.float32, shape: [2], data: Float32Array.of(1.5, -2) }],
    inputs: [{ name: 'x', type: dataType.float32, shape: [1, 'S', 2] }],
    outputs: [{ name: 'y', type: dataType.int64, shape: [] }],
  });
  const graph = fieldsOf(new ProtobufReader(bytes), 7)[0]!.message();
  const all = [...graph.fields()];
  const only = (number: number) => all.find(field => field.number === number)!.message();

  const node = [...only(1).fields()];
  expect(node.filter(({ number }) => number === 1).map(field => field.text())).toEqual(['x', '', 'w']);
  expect(node.find(({ number }) => number === 4)!.text()).toBe('Norm');
  expect(node.find(({ number }) => number === 7)!.text()).toBe('com.microsoft');
  const attributes = node.filter(({ number }) => number === 5).map(field => [...field.message().fields()]);
  expect(attributes.map(fields => fields[0]!.text())).toEqual(['axis', 'epsilon']);
  expect(attributes[0]!.map(({ number }) => number)).toEqual([1, 3, 20]);
  expect(attributes[1]!.find(({ number }) => number === 2)!.float()).toBe(0.5);

  const weights = [...only(5).fields()];
  expect(weights.find(({ number }) => number === 1)!.integer()).toBe(2);
  const raw = weights.find(({ number }) => number === 9)!.bytes();
  expect([...new Float32Array(raw.slice().buffer)]).toEqual([1.5, -2]);

  const type = fieldsOf(only(11), 2)[0]!.message();
  const tensor = [...fieldsOf(type, 1)[0]!.message().fields()];
  expect(tensor[0]!.integer()).toBe(dataType.float32);
  const dims = [...tensor[1]!.message().fields()].map(dim => [...dim.message().fields()][0]!);
  expect(dims.map(({ number }) => number)).toEqual([1, 2, 1]);
  expect(dims[1]!.text()).toBe('S');

  const opsets = fieldsOf(new ProtobufReader(bytes), 8).map(field => [...field.message().fields()]);
  expect(opsets.map(fields => fields[0]!.text())).toEqual(['', 'com.microsoft']);
});

test('the graph of one product holds its matrix', () => {
  const graph = fieldsOf(new ProtobufReader(matMulNBitsModel(64, 96)), 7)[0]!.message();
  const sizes = fieldsOf(graph, 5).map(field => fieldsOf(field.message(), 9)[0]!.bytes().length);
  expect(sizes).toEqual([(64 * 96) / 2, (64 * 96 * 4) / 32]);
});
