/**
 * Archives that torch.save wrote (.bin, .pt, .pth): a zip of one pickle and the bytes of each tensor's storage.
 *
 * The pickle may use the names that tensors need and no other; see pickle.ts. Tensors that nest in dictionaries get dotted
 * names, as in a module's state.
 */
import { readableTypes, type TensorData } from "./dtype.ts";
import { type PickleCall, PickleObject, readPickle } from "./pickle.ts";
import { readBytes, readNumbers, type WeightFile, withFile } from "./weight-file.ts";
import { zipEntries } from "./zip-directory.ts";

/** torch's storage classes by safetensors' names of their numbers. */
const storageTypes: Readonly<Record<string, string>> = {
  FloatStorage: "F32",
  HalfStorage: "F16",
  BFloat16Storage: "BF16",
  DoubleStorage: "F64",
  LongStorage: "I64",
  IntStorage: "I32",
  ShortStorage: "I16",
  CharStorage: "I8",
  ByteStorage: "U8",
  BoolStorage: "BOOL",
};

type Storage = Readonly<{ dtype: string; begin: number; count: number }>;

class TensorReference {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Open an archive: the pickle is read and checked now, each tensor when it is asked for. */
export function readTorchArchive(path: string): WeightFile {
  const root = withFile(path, "torch", (file, size) => {
    const entries = zipEntries(
      size,
      (position, length) => {
        if (position + length <= size) return readBytes(file, position, length);
        throw new Error(`Expected ${position + length} bytes in ${path}, got ${size}. Copy the file again.`);
      },
      path,
    );
    const pickle = [...entries.values()].find(({ name }) => /(?:^|\/)data\.pkl$/.test(name));
    if (pickle === undefined) {
      throw new Error(
        `Expected an archive of torch.save at ${path}, got a zip without data.pkl. Is it another format?`,
      );
    }
    const folder = pickle.name.slice(0, -"data.pkl".length);
    const storage = (id: unknown): Storage => {
      const [, dtype, key] = id as readonly [string, string, string];
      const entry = entries.get(`${folder}data/${key}`);
      if (entry === undefined) throw new Error(`Expected storage ${key} in ${path}, got none. Copy the file again.`);
      return { dtype, begin: entry.begin, count: entry.size / (readableTypes[dtype] ?? 1) };
    };
    return readPickle(readBytes(file, pickle.begin, pickle.size), {
      globals: allowed,
      persistent: storage,
      where: path,
    });
  });
  const tensors = new Map<string, TensorReference & { dtype: string }>();
  collect(root, "", (name, tensor) => tensors.set(name, Object.assign(tensor, { dtype: tensor.storage.dtype })));
  return {
    path,
    tensors,
    read(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw new Error(`Expected tensor ${name} in ${path}, got none of that name.`);
      return withFile(path, "torch", (file) => readTensor(file, tensor, `tensor ${name} of ${path}`));
    },
  };
}

/** The names that files of tensors use. What they give is data. */
function allowed(name: string): PickleCall | string | undefined {
  const [module = "", member = ""] = name.split(" ");
  if (module === "torch" && member in storageTypes) return storageTypes[member];
  // Modules of a TorchScript archive: their attributes are read, their code is not.
  if (/^__torch__(?:\.|$)/.test(module)) return () => new PickleObject();
  switch (name) {
    case "collections OrderedDict":
      return ([items]) => new Map((items as [unknown, unknown][] | undefined) ?? []);
    case "torch Size":
      return ([sizes]) => sizes;
    case "torch._utils _rebuild_tensor_v2":
      return ([storage, offset, shape, strides]) =>
        new TensorReference(storage as Storage, offset as number, shape as number[], strides as number[]);
    case "torch._utils _rebuild_parameter":
      return ([tensor]) => tensor;
    default:
      return undefined;
  }
}

function collect(value: unknown, name: string, found: (name: string, tensor: TensorReference) => void): void {
  if (value instanceof TensorReference) found(name, value);
  const entries = value instanceof PickleObject ? value.attributes : value;
  if (!(entries instanceof Map)) return;
  for (const [key, inner] of entries) {
    if (typeof key === "string") collect(inner, name === "" ? key : `${name}.${key}`, found);
  }
}

function readTensor(file: number, { storage, offset, shape, strides }: TensorReference, where: string): TensorData {
  const { dtype, begin, count: stored } = storage;
  const count = shape.reduce((a, b) => a * b, 1);
  const last = shape.reduce((sum, size, axis) => sum + (size - 1) * (strides[axis] as number), offset);
  if (count > 0 && !(offset >= 0 && last < stored)) {
    throw new Error(`Expected ${last + 1} numbers behind ${where}, got ${stored}. Copy the file again.`);
  }
  const size = readableTypes[dtype] ?? 1;
  if (count === 0 || isContiguous(shape, strides)) {
    return { shape, data: readNumbers(file, { dtype, position: begin + offset * size, count }, where) };
  }
  const span = readNumbers(file, { dtype, position: begin + offset * size, count: last - offset + 1 }, where);
  const data = span instanceof Float32Array ? new Float32Array(count) : new Int32Array(count);
  const index = shape.map(() => 0);
  for (let n = 0; n < count; n++) {
    data[n] = span[index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0)] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis] as number;
  }
  return true;
}
