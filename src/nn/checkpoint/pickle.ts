/**
 * Reading pickles without running them: the part of Python's format that torch.save writes for dictionaries of tensors.
 *
 * A pickle is a program for a stack machine that may name any function and call it. Here a name is looked up among the few
 * that the caller allows and everything else is refused by name; "calling" builds a plain value. Opcodes and their meaning:
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py (protocols 2 to 4).
 */

/** What a pickle holds: numbers, texts, lists, dictionaries as Maps, and what the allowed names stand for. */
export type PickleValue = unknown;

/** What a "call" of an allowed name gives. Nothing of Python runs. */
export type PickleCall = (args: readonly PickleValue[]) => PickleValue;

export type PickleOptions = Readonly<{
  /** What "collections OrderedDict" (module, name) stands for: a PickleCall or a plain value. Undefined: refused. */
  globals: (name: string) => PickleCall | string | undefined;
  /** What a persistent id (torch: a storage) stands for. */
  persistent: (id: PickleValue) => PickleValue;
  /** Names the file in errors. */
  where: string;
}>;

/** An object whose class is not known here: its attributes, as far as the pickle sets them. */
export class PickleObject {
  readonly attributes = new Map<PickleValue, PickleValue>();
}

const mark = Symbol("mark");

/** The value of a pickle. Throws an Error for damage, for opcodes that torch.save does not write, and for forbidden names. */
export function readPickle(bytes: Uint8Array, options: PickleOptions): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const memo = new Map<number, PickleValue>();
  const stack: PickleValue[] = [];
  let at = 0;

  const fail = (expected: string, got: string): never => {
    throw new Error(`Expected ${expected} in the pickle of ${options.where}, got ${got} at byte ${at}.`);
  };
  const take = (length: number): number => {
    if (at + length > bytes.length) fail(`${length} more bytes`, `${bytes.length - at}`);
    at += length;
    return at - length;
  };
  const text = (length: number) => new TextDecoder().decode(bytes.subarray(take(length), at));
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) fail("a line", "the end");
    const found = new TextDecoder().decode(bytes.subarray(at, end));
    at = end + 1;
    return found;
  };
  const pop = (): PickleValue => (stack.length > 0 ? stack.pop() : fail("a value", "an empty stack"));
  const popToMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) fail("a mark", "none");
    const values = stack.splice(from);
    return values.slice(1);
  };
  const global = (module: string, name: string): PickleValue => {
    const found = options.globals(`${module} ${name}`);
    if (found !== undefined) return found;
    throw new Error(
      `Refused ${options.where}: its pickle asks for "${module}.${name}", which a file of weights does not need. Nothing of it was run.`,
    );
  };
  const call = (callee: PickleValue, args: PickleValue): void => {
    if (typeof callee !== "function" || !Array.isArray(args)) fail("a name and arguments", typeof callee);
    stack.push((callee as PickleCall)(args as PickleValue[]));
  };
  const setItems = (target: PickleValue, items: readonly PickleValue[]): void => {
    const map = target instanceof PickleObject ? target.attributes : target;
    if (!(map instanceof Map)) fail("a dictionary", typeof target);
    else for (let i = 0; i + 1 < items.length; i += 2) map.set(items[i], items[i + 1]);
  };
  const append = (target: PickleValue, items: readonly PickleValue[]): void => {
    if (!Array.isArray(target)) fail("a list", typeof target);
    else for (const item of items) target.push(item);
  };
  const build = (target: PickleValue, state: PickleValue): void => {
    // (state, slots) pairs and states of tensors (hooks, flags) hold nothing that weights need.
    if (target instanceof PickleObject && state instanceof Map) {
      for (const [key, value] of state) target.attributes.set(key, value);
    }
  };

  for (;;) {
    const opcode = bytes[take(1)] as number;
    switch (opcode) {
      case 0x80: // PROTO
        take(1);
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x2e: // STOP
        return pop();
      case 0x28: // MARK
        stack.push(mark);
        break;
      case 0x30: // POP
        pop();
        break;
      case 0x31: // POP_MARK
        popToMark();
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
      case 0x89: // NEWFALSE
        stack.push(opcode === 0x88);
        break;
      case 0x4b: // BININT1
        stack.push(view.getUint8(take(1)));
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x8a: {
        // LONG1: little-endian two's complement
        const length = view.getUint8(take(1));
        const from = take(length);
        let value = 0n;
        for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[from + i] as number);
        stack.push(Number(BigInt.asIntN(8 * length, value)));
        break;
      }
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8), false));
        break;
      case 0x55: // SHORT_BINSTRING
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(view.getUint8(take(1))));
        break;
      case 0x54: // BINSTRING
      case 0x58: // BINUNICODE
        stack.push(text(view.getUint32(take(4), true)));
        break;
      case 0x43: // SHORT_BINBYTES
        stack.push(text(view.getUint8(take(1))));
        break;
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: {
        // TUPLE3
        const count = opcode - 0x84;
        if (stack.length < count) fail(`${count} values`, `${stack.length}`);
        stack.push(stack.splice(stack.length - count));
        break;
      }
      case 0x74: // TUPLE
      case 0x6c: // LIST
        stack.push(popToMark());
        break;
      case 0x61: {
        // APPEND
        const item = pop();
        append(stack.at(-1), [item]);
        break;
      }
      case 0x65: {
        // APPENDS
        const items = popToMark();
        append(stack.at(-1), items);
        break;
      }
      case 0x73: {
        // SETITEM
        const [value, key] = [pop(), pop()];
        setItems(stack.at(-1), [key, value]);
        break;
      }
      case 0x75: {
        // SETITEMS
        const items = popToMark();
        setItems(stack.at(-1), items);
        break;
      }
      case 0x71: // BINPUT
        memo.set(view.getUint8(take(1)), stack.at(-1));
        break;
      case 0x72: // LONG_BINPUT
        memo.set(view.getUint32(take(4), true), stack.at(-1));
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.at(-1));
        break;
      case 0x68: // BINGET
        stack.push(memo.get(view.getUint8(take(1))));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(memo.get(view.getUint32(take(4), true)));
        break;
      case 0x63: // GLOBAL
        stack.push(global(line(), line()));
        break;
      case 0x93: {
        // STACK_GLOBAL
        const [name, module] = [pop(), pop()];
        stack.push(global(String(module), String(name)));
        break;
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = pop();
        call(pop(), args);
        break;
      }
      case 0x62: {
        // BUILD
        const state = pop();
        build(stack.at(-1), state);
        break;
      }
      case 0x51: // BINPERSID
        stack.push(options.persistent(pop()));
        break;
      default:
        fail("an opcode that torch.save writes", `0x${opcode.toString(16)}`);
    }
  }
}
