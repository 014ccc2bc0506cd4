import { opaque, type Value } from './values';

/** What was read of a pickle: the top value as far as it got. */
export interface Decoded {
  readonly value: Value | null;
  /** The bytes ended before the pickle did. */
  readonly truncated: boolean;
  /** Where and why reading stopped, when it was not the end; null when all is well. */
  readonly error: string | null;
}

const MAX_OPS = 200_000;
const MARK = Symbol('mark');
type Item = Value | typeof MARK;

class End extends Error {}
class Bad extends Error {}

/**
 * Reads the opcodes of a pickle (protocols 0 to 5) as data. Nothing is imported, called or looked up: a name stays a name. Linear
 * in the input, and safe on any bytes; what a truncated head holds is shown as far as it goes.
 * Opcodes: Lib/pickletools.py of CPython.
 */
export function decodePickle(bytes: Uint8Array): Decoded {
  const machine = new Machine(bytes);
  try {
    machine.run();
    return { value: machine.top(), truncated: false, error: null };
  } catch (error) {
    const value = machine.partial();
    if (error instanceof End) return { value, truncated: true, error: null };
    if (error instanceof Bad) return { value, truncated: false, error: error.message };
    throw error;
  }
}

class Machine {
  private at = 0;
  private readonly view: DataView;
  private readonly stack: Item[] = [];
  private readonly memo = new Map<number, Value>();
  private readonly utf8 = new TextDecoder('utf-8');

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  top(): Value | null {
    const item = this.stack.at(-1);
    return item === undefined || item === MARK ? null : item;
  }

  /** What there is when the bytes ended early: open containers are closed around what they have. */
  partial(): Value | null {
    let inner: Value[] = [];
    for (let guard = 0; this.stack.length > 0 && guard < MAX_OPS; guard++) {
      const item = this.stack.pop() as Item;
      if (item !== MARK) {
        inner.unshift(item);
        continue;
      }
      const target = this.stack.at(-1);
      const rest = [...inner, opaque('…')];
      if (target !== undefined && target !== MARK && target.kind === 'list') {
        target.items.push(...rest);
        inner = [];
      } else if (target !== undefined && target !== MARK && target.kind === 'dict') {
        fillDict(target, inner);
        target.entries.push([opaque('…'), opaque('')]);
        inner = [];
      } else {
        inner = [{ kind: 'tuple', items: rest }];
      }
    }
    if (inner.length === 0) return null;
    const first = inner[0] as Value;
    if (inner.length > 1 && first.kind === 'list') first.items.push(...inner.slice(1), opaque('…'));
    else if (inner.length > 1 && first.kind === 'dict') {
      fillDict(first, inner.slice(1));
      first.entries.push([opaque('…'), opaque('')]);
    } else if (inner.length > 1 && first.kind === 'object') {
      first.state ??= { kind: 'tuple', items: [...inner.slice(1), opaque('…')] };
    } else if (inner.length > 1) return { kind: 'tuple', items: [...inner, opaque('…')] };
    return first;
  }

  run(): void {
    for (let ops = 0; ops < MAX_OPS; ops++) if (this.step(this.u8())) return;
    throw new Bad('it has too many operations');
  }

  private take(length: number): Uint8Array {
    if (length < 0) throw new Bad('a negative length');
    if (this.at + length > this.bytes.length) throw new End();
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }
  /** Text and bytes may be cut: what there is of them is kept. */
  private text(length: number): string {
    const left = this.bytes.length - this.at;
    if (length <= left) return this.utf8.decode(this.take(length));
    const cut = this.utf8.decode(this.take(left));
    this.stack.push({ kind: 'str', text: `${cut}…` });
    throw new End();
  }
  private data(length: number, type: 'bytes' | 'bytearray'): void {
    const left = this.bytes.length - this.at;
    const cut = length > left;
    this.push({ kind: 'bytes', type, bytes: this.take(cut ? left : length).slice(0, 4096), length });
    if (cut) throw new End();
  }
  private u8(): number {
    if (this.at >= this.bytes.length) throw new End();
    return this.bytes[this.at++] as number;
  }
  private u16(): number {
    this.take(2);
    return this.view.getUint16(this.at - 2, true);
  }
  private u32(): number {
    this.take(4);
    return this.view.getUint32(this.at - 4, true);
  }
  private u64(): number {
    this.take(8);
    return this.view.getUint32(this.at - 8, true) + this.view.getUint32(this.at - 4, true) * 4294967296;
  }
  private line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) {
      this.at = this.bytes.length;
      throw new End();
    }
    const text = this.utf8.decode(this.bytes.subarray(this.at, end));
    this.at = end + 1;
    return text;
  }
  private push(value: Value): void {
    this.stack.push(value);
  }
  private pop(): Value {
    const item = this.stack.pop();
    if (item === undefined) throw new Bad('it takes from an empty stack');
    if (item === MARK) throw new Bad('it takes a mark for a value');
    return item;
  }
  private peek(): Value {
    const item = this.stack.at(-1);
    if (item === undefined || item === MARK) throw new Bad('it looks at an empty stack');
    return item;
  }
  private toMark(): Value[] {
    const from = this.stack.lastIndexOf(MARK);
    if (from < 0) throw new Bad('it has no mark');
    const items = this.stack.splice(from) as Item[];
    items.shift();
    return items as Value[];
  }
  private remember(number: number): void {
    if (this.memo.size < MAX_OPS) this.memo.set(number, this.peek());
  }
  private recall(number: number): void {
    const value = this.memo.get(number);
    if (value === undefined) throw new Bad('it recalls what it never stored');
    this.push(value);
  }
  private bigint(length: number): void {
    const bytes = this.take(length);
    if (length > 1024) {
      this.push(opaque(`<int of ${length} bytes>`));
      return;
    }
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
    if (length > 0 && ((bytes[length - 1] as number) & 0x80) !== 0) value -= 1n << BigInt(length * 8);
    this.push({ kind: 'int', value });
  }
  private build(): void {
    const state = this.pop();
    const target = this.peek();
    if (target.kind === 'object') target.state = state;
  }
  private call(callee: Value, args: Value): void {
    this.push({ kind: 'object', callee, args, state: null, items: [], entries: [] });
  }
  private append(values: Value[]): void {
    const target = this.peek();
    if (target.kind === 'list' || target.kind === 'set' || target.kind === 'object') target.items.push(...values);
    else throw new Bad('it appends to what is no list');
  }
  private setItems(values: Value[]): void {
    const target = this.peek();
    if (target.kind === 'dict' || target.kind === 'object') fillDict(target, values);
    else throw new Bad('it sets items of what is no dict');
  }

  /** One operation; true at the end of the pickle. */
  private step(op: number): boolean {
    switch (String.fromCharCode(op)) {
      case '.':
        return true;
      case '(':
        this.stack.push(MARK);
        break;
      case '0':
        this.stack.pop();
        break;
      case '1':
        this.toMark();
        break;
      case '2':
        this.push(this.peek());
        break;
      case 'N':
        this.push({ kind: 'none' });
        break;
      case '\x88':
        this.push({ kind: 'bool', value: true });
        break;
      case '\x89':
        this.push({ kind: 'bool', value: false });
        break;
      case 'K':
        this.push({ kind: 'int', value: BigInt(this.u8()) });
        break;
      case 'M':
        this.push({ kind: 'int', value: BigInt(this.u16()) });
        break;
      case 'J':
        this.push({ kind: 'int', value: BigInt(this.u32() | 0) });
        break;
      case '\x8a':
        this.bigint(this.u8());
        break;
      case '\x8b':
        this.bigint(this.u32());
        break;
      case 'I': {
        const text = this.line();
        if (text === '00' || text === '01') this.push({ kind: 'bool', value: text === '01' });
        else this.push(integer(text));
        break;
      }
      case 'L':
        this.push(integer(this.line().replace(/L$/, '')));
        break;
      case 'F':
        this.push({ kind: 'float', value: Number.parseFloat(this.line()) });
        break;
      case 'G':
        this.take(8);
        this.push({ kind: 'float', value: this.view.getFloat64(this.at - 8, false) });
        break;
      case 'S':
        this.push({ kind: 'str', text: this.line().replace(/^['"]|['"]$/g, '') });
        break;
      case 'V':
        this.push({ kind: 'str', text: this.line() });
        break;
      case 'U':
        this.push({ kind: 'str', text: this.text(this.u8()) });
        break;
      case 'T':
        this.push({ kind: 'str', text: this.text(this.u32()) });
        break;
      case '\x8c':
        this.push({ kind: 'str', text: this.text(this.u8()) });
        break;
      case 'X':
        this.push({ kind: 'str', text: this.text(this.u32()) });
        break;
      case '\x8d':
        this.push({ kind: 'str', text: this.text(this.u64()) });
        break;
      case 'C':
        this.data(this.u8(), 'bytes');
        break;
      case 'B':
        this.data(this.u32(), 'bytes');
        break;
      case '\x8e':
        this.data(this.u64(), 'bytes');
        break;
      case '\x96':
        this.data(this.u64(), 'bytearray');
        break;
      case '\x97':
        this.push(opaque('<buffer sent apart>'));
        break;
      case '\x98':
        break;
      case ']':
        this.push({ kind: 'list', items: [] });
        break;
      case '}':
        this.push({ kind: 'dict', entries: [] });
        break;
      case ')':
        this.push({ kind: 'tuple', items: [] });
        break;
      case '\x8f':
        this.push({ kind: 'set', frozen: false, items: [] });
        break;
      case 'l':
        this.push({ kind: 'list', items: this.toMark() });
        break;
      case 't':
        this.push({ kind: 'tuple', items: this.toMark() });
        break;
      case '\x91':
        this.push({ kind: 'set', frozen: true, items: this.toMark() });
        break;
      case 'd': {
        const dict: Value = { kind: 'dict', entries: [] };
        fillDict(dict, this.toMark());
        this.push(dict);
        break;
      }
      case '\x85':
        this.push({ kind: 'tuple', items: [this.pop()] });
        break;
      case '\x86': {
        const b = this.pop();
        this.push({ kind: 'tuple', items: [this.pop(), b] });
        break;
      }
      case '\x87': {
        const c = this.pop();
        const b = this.pop();
        this.push({ kind: 'tuple', items: [this.pop(), b, c] });
        break;
      }
      case 'a': {
        const value = this.pop();
        this.append([value]);
        break;
      }
      case 'e':
      case '\x90': {
        const values = this.toMark();
        this.append(values);
        break;
      }
      case 's': {
        const value = this.pop();
        const key = this.pop();
        this.setItems([key, value]);
        break;
      }
      case 'u': {
        const values = this.toMark();
        this.setItems(values);
        break;
      }
      case 'c':
        this.push({ kind: 'name', module: this.line(), name: this.line() });
        break;
      case '\x93': {
        const name = this.pop();
        const module = this.pop();
        this.push({ kind: 'name', module: textOf(module), name: textOf(name) });
        break;
      }
      case 'R': {
        const args = this.pop();
        this.call(this.pop(), args);
        break;
      }
      case '\x81': {
        const args = this.pop();
        this.call(this.pop(), args);
        break;
      }
      case '\x92': {
        this.pop();
        const args = this.pop();
        this.call(this.pop(), args);
        break;
      }
      case 'b':
        this.build();
        break;
      case 'o': {
        const [callee, ...args] = this.toMark();
        this.call(callee ?? opaque('?'), { kind: 'tuple', items: args });
        break;
      }
      case 'i': {
        const module = this.line();
        const name = this.line();
        this.call({ kind: 'name', module, name }, { kind: 'tuple', items: this.toMark() });
        break;
      }
      case 'P':
        this.push(opaque(`<persistent ${this.line().slice(0, 100)}>`));
        break;
      case 'Q':
        this.pop();
        this.push(opaque('<persistent object>'));
        break;
      case '\x82':
        this.push(opaque(`<extension ${this.u8()}>`));
        break;
      case '\x83':
        this.push(opaque(`<extension ${this.u16()}>`));
        break;
      case '\x84':
        this.push(opaque(`<extension ${this.u32()}>`));
        break;
      case '\x94':
        this.remember(this.memo.size);
        break;
      case 'q':
        this.remember(this.u8());
        break;
      case 'r':
        this.remember(this.u32());
        break;
      case 'p':
        this.remember(Number.parseInt(this.line(), 10));
        break;
      case 'h':
        this.recall(this.u8());
        break;
      case 'j':
        this.recall(this.u32());
        break;
      case 'g':
        this.recall(Number.parseInt(this.line(), 10));
        break;
      case '\x80':
        this.u8();
        break;
      case '\x95':
        this.u64();
        break;
      default:
        throw new Bad(`byte ${op} is no operation`);
    }
    return false;
  }
}

function integer(text: string): Value {
  return /^-?\d{1,2000}$/.test(text) ? { kind: 'int', value: BigInt(text) } : opaque('<int>');
}
function textOf(value: Value): string {
  return value.kind === 'str' ? value.text : '?';
}
function fillDict(target: { entries: [Value, Value][] }, values: Value[]): void {
  for (let i = 0; i + 1 < values.length; i += 2) target.entries.push([values[i] as Value, values[i + 1] as Value]);
  if (values.length % 2 === 1) target.entries.push([values.at(-1) as Value, opaque('…')]);
}
