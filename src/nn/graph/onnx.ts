/**
 * Writing a graph as an ONNX model (field numbers: onnx/onnx.proto3 at https://github.com/onnx/onnx).
 *
 * Only what the outputs reach is written. Outputs get their final names directly, because an Identity each costs a copy.
 */
import type { Attribute, DType, Graph, Node, OpenShape, Source, Tensor } from "./graph.ts";
import { ProtobufWriter } from "./protobuf.ts";

const irVersion = 10;
const opset = 20;
const dataTypes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const satisfies Record<DType, number>;
/** Operators that ONNX Runtime adds in its own domain. */
const contributed = new Set(["FusedMatMul", "GroupQueryAttention", "MatMulNBits", "QuickGelu", "RotaryEmbedding"]);

/** The graph as the bytes of an ONNX model; those of externalData apart. */
export function toOnnx(graph: Graph): Uint8Array {
  if (graph.outputs.size === 0) throw new RangeError("Expected a graph with outputs, got none. Call graph.output.");
  const aliased = graph.nodes.filter((node) => node.op === "Identity");
  const alias = new Map(aliased.map((node) => [(node.outputs[0] as Tensor).id, node.inputs[0] as Tensor]));
  const origin = (tensor: Tensor): Tensor => {
    const source = alias.get(tensor.id);
    return source ? origin(source) : tensor;
  };
  const names = new Map<number, string>(graph.sources.map(({ tensor, name }) => [tensor.id, name]));
  const copies: (readonly [from: Tensor, name: string])[] = [];
  for (const [name, tensor] of graph.outputs) {
    const from = origin(tensor);
    if (names.has(from.id)) copies.push([from, name]);
    else names.set(from.id, name);
  }
  const nameOf = (tensor: Tensor | undefined) => {
    if (!tensor) return "";
    const { id } = origin(tensor);
    return names.get(id) ?? `t${id}`;
  };

  const { nodes, sources } = reach(graph, origin);
  const body = new ProtobufWriter();
  for (const node of nodes) body.message(1, writeNode(node, nameOf));
  for (const [from, name] of copies) {
    body.message(1, new ProtobufWriter().string(1, nameOf(from)).string(2, name).string(3, name).string(4, "Identity"));
  }
  body.string(2, "zoetrope");
  for (const source of sources) if (source.values) body.message(5, writeInitializer(source));
  const shapeOf = (tensor: Tensor) => graph.openShapes.get(tensor.id) ?? tensor.shape;
  for (const { name, tensor, values } of sources)
    if (!values) body.message(11, writeValueInfo(name, tensor.dtype, shapeOf(tensor)));
  for (const [name, tensor] of graph.outputs) body.message(12, writeValueInfo(name, tensor.dtype, shapeOf(tensor)));
  return new ProtobufWriter()
    .int(1, irVersion)
    .message(7, body)
    .message(8, new ProtobufWriter().string(1, "").int(2, opset))
    .message(8, new ProtobufWriter().string(1, "com.microsoft").int(2, 1))
    .finish();
}

/** The sources that a run of the graph's outputs must be fed: inputs and parameters that an output depends on. */
export function fedSources(graph: Graph): Source[] {
  return reach(graph, (tensor) => tensor).sources.filter((source) => !source.values);
}

/** Nodes and sources that the outputs depend on, in the order of their making. */
function reach(graph: Graph, origin: (tensor: Tensor) => Tensor): { nodes: Node[]; sources: Source[] } {
  const needed = new Set([...graph.outputs.values()].map((tensor) => origin(tensor).id));
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ id }) => needed.has(id))) continue;
    for (const input of node.inputs) if (input) needed.add(origin(input).id);
    nodes.push(node);
  }
  return { nodes: nodes.reverse(), sources: graph.sources.filter(({ tensor }) => needed.has(tensor.id)) };
}

/** A node's name in the model. */
export function nodeName({ op, outputs }: Node): string {
  return `${op}.${outputs[0]?.id}`;
}

function writeNode(node: Node, nameOf: (tensor: Tensor | undefined) => string): ProtobufWriter {
  const message = new ProtobufWriter();
  for (const input of node.inputs) message.string(1, nameOf(input));
  for (const output of node.outputs) message.string(2, nameOf(output));
  message.string(3, nodeName(node)).string(4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes)) message.message(5, writeAttribute(name, attribute));
  if (contributed.has(node.op)) message.string(7, "com.microsoft");
  return message;
}

function writeAttribute(name: string, attribute: Attribute): ProtobufWriter {
  const message = new ProtobufWriter().string(1, name);
  if ("float" in attribute) return message.float(2, attribute.float).int(20, 1);
  if ("int" in attribute) return message.int(3, attribute.int).int(20, 2);
  if ("string" in attribute) return message.string(4, attribute.string).int(20, 3);
  for (const value of attribute.ints) message.int(8, value);
  return message.int(20, 7);
}

function writeInitializer(source: Source): ProtobufWriter {
  const { name, tensor } = source;
  const message = new ProtobufWriter();
  for (const size of tensor.shape) message.int(1, size);
  message.int(2, dataTypes[tensor.dtype]).string(8, name);
  if (!isExternal(source)) return message.bytes(9, bytesOf(source));
  return message.message(13, new ProtobufWriter().string(1, "location").string(2, name)).int(14, 1);
}

/** Packed weights: a protocol buffer ends at 2 GiB. */
function isExternal({ kind, tensor }: Source): boolean {
  return kind === "initializer" && tensor.dtype === "uint8";
}

function bytesOf({ values }: Source): Uint8Array {
  const { buffer, byteOffset, byteLength } = values as NonNullable<Source["values"]>;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Numbers that the model names but does not carry, by the file name that stands in it. */
export function externalData(graph: Graph): Map<string, Uint8Array> {
  const { sources } = reach(graph, (tensor) => tensor);
  return new Map(sources.filter(isExternal).map((source) => [source.name, bytesOf(source)]));
}

function writeValueInfo(name: string, dtype: DType, sizes: OpenShape): ProtobufWriter {
  const shape = new ProtobufWriter();
  for (const size of sizes) {
    const dimension = new ProtobufWriter();
    shape.message(1, typeof size === "number" ? dimension.int(1, size) : dimension.string(2, size));
  }
  const type = new ProtobufWriter().message(1, new ProtobufWriter().int(1, dataTypes[dtype]).message(2, shape));
  return new ProtobufWriter().string(1, name).message(2, type);
}
