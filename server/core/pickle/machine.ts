/** The pickle machine, protocols 0 to 5, for truncated and hostile data. Opcodes: Lib/pickletools.py of CPython. */
import { Cursor, Stop } from './cursor';
import { knownCallResult } from './knownCalls';
import { asciiLine, decimal, quoted, rawUnicode } from './literals';
import { decodeText, floatRepr, longRepr } from './repr';
import { closeEntries, Stack } from './stack';
import {
  atom,
  FALSE,
  type GlobalValue,
  mapping,
  NONE,
  object,
  REST,
  type SequenceType,
  sequence,
  TRUE,
  text,
  type Value,
} from './values';

interface Decoded {
  readonly value: Value;
  /** whole: up to its STOP. cut: the bytes end before. invalid: they are not a pickle from some point on. */
  readonly end: 'whole' | 'cut' | 'invalid';
  /** Number of opcodes understood. */
  readonly steps: number;
}

/** Decodes a pickle, or the head of one, as data: in linear time, without recursion. Never throws. */
export function decodePickle(bytes: Uint8Array): Decoded {
  const machine = new Machine(bytes);
  try {
    machine.run();
    return { value: machine.result ?? REST, end: 'whole', steps: machine.steps };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { value: machine.collapse() ?? REST, end: error.reason === 'end' ? 'cut' : 'invalid', steps: machine.steps };
  }
}

/** Names from Python 2, which protocols 0 to 2 still write. */
const MODULES = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['exceptions', 'builtins'],
]);
const BUILTINS = new Map([
  ['long', 'int'],
  ['unicode', 'str'],
  ['xrange', 'range'],
]);

function globalNamed(module: string, name: string): GlobalValue {
  const renamed = module === '__builtin__' ? BUILTINS.get(name) : undefined;
  return { kind: 'global', module: MODULES.get(module) ?? module, name: renamed ?? name };
}

class Machine {
  private readonly cursor: Cursor;
  private readonly stack = new Stack();
  private readonly memo = new Map<number, Value>();
  private buffers = 0;
  result: Value | null = null;
  steps = 0;

  constructor(bytes: Uint8Array) {
    this.cursor = new Cursor(bytes);
  }

  run(): void {
    while (this.result === null) {
      if (this.cursor.atEnd) throw new Stop('end');
      const opcode = this.cursor.u8();
      if (!this.scalar(opcode) && !this.container(opcode) && !this.memory(opcode) && !this.call(opcode)) {
        throw new Stop('invalid');
      }
      this.steps += 1;
    }
  }

  collapse(): Value | null {
    return this.stack.collapse();
  }

  private push(value: Value): true {
    this.stack.push(value);
    return true;
  }

  private scalar(opcode: number): boolean {
    const { cursor } = this;
    switch (opcode) {
      case 0x4e: // NONE
        return this.push(NONE);
      case 0x88: // NEWTRUE
        return this.push(TRUE);
      case 0x89: // NEWFALSE
        return this.push(FALSE);
      case 0x49: // INT
        return this.push(decimal(cursor.line(), true));
      case 0x4c: // LONG
        return this.push(decimal(cursor.line(), false));
      case 0x4a: // BININT
        return this.push(atom('int', String(cursor.i32())));
      case 0x4b: // BININT1
        return this.push(atom('int', String(cursor.u8())));
      case 0x4d: // BININT2
        return this.push(atom('int', String(cursor.u16())));
      case 0x8a: // LONG1
        return this.push(atom('int', longRepr(cursor.take(cursor.u8()))));
      case 0x8b: // LONG4
        return this.push(atom('int', longRepr(cursor.take(cursor.i32()))));
      case 0x46: // FLOAT
        return this.push(atom('float', floatLine(asciiLine(cursor.line()))));
      case 0x47: // BINFLOAT
        return this.push(atom('float', floatRepr(cursor.f64())));
      case 0x53: // STRING
        return this.push(text(quoted(cursor.line())));
      case 0x56: // UNICODE
        return this.push(text(rawUnicode(cursor.line())));
      case 0x54: // BINSTRING
        return this.pushText(cursor.i32(), asciiLine);
      case 0x55: // SHORT_BINSTRING
        return this.pushText(cursor.u8(), asciiLine);
      case 0x58: // BINUNICODE
        return this.pushText(cursor.u32(), decodeText);
      case 0x8c: // SHORT_BINUNICODE
        return this.pushText(cursor.u8(), decodeText);
      case 0x8d: // BINUNICODE8
        return this.pushText(cursor.u64(), decodeText);
      case 0x42: // BINBYTES
        return this.pushBytes('bytes', cursor.u32());
      case 0x43: // SHORT_BINBYTES
        return this.pushBytes('bytes', cursor.u8());
      case 0x8e: // BINBYTES8
        return this.pushBytes('bytes', cursor.u64());
      case 0x96: // BYTEARRAY8
        return this.pushBytes('bytearray', cursor.u64());
      case 0x97: // NEXT_BUFFER
        return this.push({ kind: 'reference', type: 'buffer', of: atom('int', String(this.buffers++)) });
      default:
        return false;
    }
  }

  private container(opcode: number): boolean {
    const { stack } = this;
    switch (opcode) {
      case 0x5d: // EMPTY_LIST
        return this.push(sequence('list', []));
      case 0x29: // EMPTY_TUPLE
        return this.push(sequence('tuple', []));
      case 0x7d: // EMPTY_DICT
        return this.push(mapping([]));
      case 0x8f: // EMPTY_SET
        return this.push(sequence('set', []));
      case 0x6c: // LIST
        return this.fromMark('list');
      case 0x74: // TUPLE
        return this.fromMark('tuple');
      case 0x91: // FROZENSET
        return this.fromMark('frozenset');
      case 0x64: // DICT
        return this.push(mapping(closeEntries(stack.popToMark())));
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.smallTuple(opcode - 0x84);
      case 0x61: // APPEND
        return this.addItems([stack.pop()]);
      case 0x65: // APPENDS
      case 0x90: // ADDITEMS
        return this.addItems(stack.popToMark());
      case 0x73: {
        // SETITEM
        const value = stack.pop();
        return this.addEntries([stack.pop(), value]);
      }
      case 0x75: // SETITEMS
        return this.addEntries(closeEntries(stack.popToMark()));
      default:
        return false;
    }
  }

  private fromMark(type: SequenceType): true {
    return this.push(sequence(type, this.stack.popToMark()));
  }

  private smallTuple(size: number): true {
    const items: Value[] = [];
    while (items.length < size) items.unshift(this.stack.pop());
    return this.push(sequence('tuple', items));
  }

  private addItems(items: readonly Value[]): true {
    const owner = this.stack.top();
    if (owner.kind !== 'sequence' && owner.kind !== 'object') throw new Stop('invalid');
    for (const each of items) owner.items.push(each);
    return true;
  }

  private addEntries(entries: readonly Value[]): true {
    const owner = this.stack.top();
    if (owner.kind !== 'mapping' && owner.kind !== 'object') throw new Stop('invalid');
    for (const each of entries) owner.entries.push(each);
    return true;
  }

  /** The stack's own opcodes, and the memo's. */
  private memory(opcode: number): boolean {
    const { cursor, stack, memo } = this;
    switch (opcode) {
      case 0x80: // PROTO
        if (cursor.u8() > 5) throw new Stop('invalid');
        return true;
      case 0x95: // FRAME
        cursor.u64();
        return true;
      case 0x2e: // STOP
        this.result = stack.pop();
        return true;
      case 0x28: // MARK
        stack.mark();
        return true;
      case 0x30: // POP
        stack.popValueOrMark();
        return true;
      case 0x31: // POP_MARK
        stack.popToMark();
        return true;
      case 0x32: // DUP
        return this.push(stack.top());
      case 0x98: // READONLY_BUFFER
        stack.top();
        return true;
      case 0x70: // PUT
        memo.set(index(cursor.line()), stack.top());
        return true;
      case 0x71: // BINPUT
        memo.set(cursor.u8(), stack.top());
        return true;
      case 0x72: // LONG_BINPUT
        memo.set(cursor.u32(), stack.top());
        return true;
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.top());
        return true;
      case 0x67: // GET
        return this.recall(index(cursor.line()));
      case 0x68: // BINGET
        return this.recall(cursor.u8());
      case 0x6a: // LONG_BINGET
        return this.recall(cursor.u32());
      default:
        return false;
    }
  }

  private recall(at: number): true {
    const value = this.memo.get(at);
    if (value === undefined) throw new Stop('invalid');
    return this.push(value);
  }

  private call(opcode: number): boolean {
    const { cursor, stack } = this;
    switch (opcode) {
      case 0x63: // GLOBAL
        return this.push(globalNamed(asciiLine(cursor.line()), asciiLine(cursor.line())));
      case 0x93: {
        // STACK_GLOBAL
        const name = stack.pop();
        const module = stack.pop();
        if (name.kind !== 'text' || module.kind !== 'text') throw new Stop('invalid');
        return this.push(globalNamed(module.value, name.value));
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const args = stack.pop();
        return this.push(knownCallResult(stack.pop(), args));
      }
      case 0x92: {
        // NEWOBJ_EX
        const kwargs = stack.pop();
        const args = stack.pop();
        return this.push(object(stack.pop(), args, kwargs));
      }
      case 0x69: {
        // INST
        const callee = globalNamed(asciiLine(cursor.line()), asciiLine(cursor.line()));
        return this.push(object(callee, sequence('tuple', stack.popToMark())));
      }
      case 0x6f: {
        // OBJ
        const [callee, ...args] = stack.popToMark();
        if (callee === undefined) throw new Stop('invalid');
        return this.push(object(callee, sequence('tuple', args)));
      }
      case 0x62: {
        // BUILD
        const state = stack.pop();
        const owner = stack.top();
        if (owner.kind === 'object') owner.state = state;
        return true;
      }
      case 0x50: // PERSID
        return this.reference('persistent id', text(asciiLine(cursor.line())));
      case 0x51: // BINPERSID
        return this.reference('persistent id', stack.pop());
      case 0x82: // EXT1
        return this.reference('extension', atom('int', String(cursor.u8())));
      case 0x83: // EXT2
        return this.reference('extension', atom('int', String(cursor.u16())));
      case 0x84: // EXT4
        return this.reference('extension', atom('int', String(cursor.i32())));
      default:
        return false;
    }
  }

  private reference(type: string, of: Value): true {
    return this.push({ kind: 'reference', type, of });
  }

  private pushText(size: number, decode: (bytes: Uint8Array, open: boolean) => string): true {
    return this.pushCut(size, (bytes, open) => text(decode(bytes, open), open));
  }

  private pushBytes(type: 'bytes' | 'bytearray', size: number): true {
    return this.pushCut(size, (bytes, open) => ({ kind: 'bytes', type, bytes, open }));
  }

  /** Pushes the recorded part of a truncated value, then stops. */
  private pushCut(size: number, make: (bytes: Uint8Array, open: boolean) => Value): true {
    try {
      return this.push(make(this.cursor.take(size), false));
    } catch (error) {
      if (error instanceof Stop && error.partial !== null) this.stack.push(make(error.partial, true));
      throw error;
    }
  }
}

function index(line: Uint8Array): number {
  const at = Number(asciiLine(line));
  if (!Number.isSafeInteger(at) || at < 0) throw new Stop('invalid');
  return at;
}

function floatLine(line: string): string {
  const word = line.trim().toLowerCase();
  if (word === 'nan' || word === 'inf' || word === '-inf') return word;
  const value = Number(word);
  if (word === '' || Number.isNaN(value)) throw new Stop('invalid');
  return floatRepr(value);
}
