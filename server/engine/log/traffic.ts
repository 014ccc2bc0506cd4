/**
 * What a log tells of a message of a protocol (DAP, LSP): its shape, its numbers, and the texts of fields that are known to hold no data of the
 * program. Every other text is replaced by its length, so a field that nobody thought of is not told.
 */

/** Fields whose texts are told: names, kinds, places and states. */
const TOLD: ReadonlySet<string> = new Set(
  [
    // what every message has
    'id name reason category kind state level',
    // places
    'path pathFormat folder file program module cwd python debugpy session uri rootUri rootPath languageId function',
    // who
    'adapterID clientID clientName locale version sessionId processId channelId poolId workerId threadName call phase operation',
    // what is wanted
    'console lineDebugging trace request filter filterId filters areas exceptionId breakMode presentationHint granularity context',
    'action severity code source message format granularity steppingGranularity startMethod type',
  ].flatMap((each) => each.split(' ')),
);

/**
 * Messages that are about the program's data or text: of them no text is told, whatever its field. Those of the protocols, ours, and debugpy's.
 */
const PRIVATE: ReadonlySet<string> = new Set(
  [
    'variables scopes evaluate setVariable setExpression completions exceptionInfo source process output invalidated modules loadedSources',
    'forkscope/message forkscope/payload forkscopeCondition runInTerminal',
    'forkscope/messages forkscope/tasks forkscope/task forkscope/update forkscope/resync forkscope/depthHistory',
    'workspace/didChangeConfiguration window/logMessage window/showMessage telemetry/event',
  ].flatMap((each) => each.split(' ')),
);

/** Fields whose texts are told even of those: our own numbers for things, and which file it is about. */
const ALWAYS: ReadonlySet<string> = new Set('sessionId processId channelId poolId workerId category uri'.split(' '));

/** All of the document's text, and what is shown in it. */
const PRIVATE_PREFIX = 'textDocument/';

/** Fields of which not even the names of their fields are told: texts of the user interface, settings of others, environments. */
const CLOSED: ReadonlySet<string> = new Set([
  'l10nBundle',
  'settings',
  'capabilities',
  'tree',
  'argumentsTree',
  'resultTree',
]);

const DEPTH = 8;
/** Members of a list or an object that are told. */
const MOST = 40;

/** The value with every text that may be the program's replaced. @param isPrivate no text is told at all */
export function redacted(value: unknown, isPrivate: boolean): unknown {
  return reduce(value, '', isPrivate, 0);
}

function reduce(value: unknown, name: string, isPrivate: boolean, depth: number): unknown {
  if (typeof value === 'string')
    return ALWAYS.has(name) || (!isPrivate && TOLD.has(name)) ? value : `<${value.length} characters>`;
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (CLOSED.has(name) || depth >= DEPTH) return `<${sizeOf(value)}>`;
  if (Array.isArray(value)) {
    const told = value.slice(0, MOST).map((each) => reduce(each, name, isPrivate, depth + 1));
    return value.length > MOST ? [...told, `<${value.length - MOST} more>`] : told;
  }
  const fields = Object.entries(value);
  // Names of variables are told, their values never, whatever the names are.
  if (name === 'env') return fields.slice(0, MOST).map(([each, set]) => (set === null ? `-${each}` : each));
  const told = fields.slice(0, MOST).map(([each, inner]) => [each, reduce(inner, each, isPrivate, depth + 1)]);
  return Object.fromEntries(fields.length > MOST ? [...told, ['…', `${fields.length - MOST} more`]] : told);
}

function sizeOf(value: object): string {
  return Array.isArray(value) ? `${value.length} elements` : `${Object.keys(value).length} fields`;
}

function isPrivate(name: string): boolean {
  return PRIVATE.has(name) || name.startsWith(PRIVATE_PREFIX);
}

function cut(value: unknown, most: number): string {
  if (value === undefined) return '';
  const text = JSON.stringify(value) ?? '';
  return text.length > most ? ` ${text.slice(0, most)}… (${text.length} characters)` : ` ${text}`;
}

/** A message of the Debug Adapter Protocol. */
export interface DapMessage {
  readonly type?: unknown;
  readonly seq?: unknown;
  readonly request_seq?: unknown;
  readonly command?: unknown;
  readonly event?: unknown;
  readonly success?: unknown;
  readonly message?: unknown;
  readonly arguments?: unknown;
  readonly body?: unknown;
}

/** "request 7 setBreakpoints {…}", "response 7 setBreakpoints failed …", "event stopped {…}" */
export function dapText(message: DapMessage, most: number): string {
  const { type, command, event } = message;
  if (type === 'event') return `event ${word(event)}${cut(redacted(message.body, isPrivate(word(event))), most)}`;
  const name = word(command);
  const secret = isPrivate(name);
  if (type === 'request')
    return `request ${word(message.seq)} ${name}${cut(redacted(message.arguments, secret), most)}`;
  if (type !== 'response') return `a message of the type ${word(type)}`;
  const failed = message.success === false;
  const why = failed && typeof message.message === 'string' && !secret ? `: ${message.message.slice(0, most)}` : '';
  const body = failed ? '' : cut(redacted(message.body, secret), most);
  return `response ${word(message.request_seq)} ${name}${failed ? ` failed${why}` : body}`;
}

/** A message of JSON-RPC. */
export interface RpcMessage {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Of an answer only the number is in it: `methods` has the names of the requests that wait for theirs. */
export function rpcText(message: RpcMessage, methods: Map<string, string>, most: number): string {
  const id = message.id === undefined || message.id === null ? '' : word(message.id);
  if (typeof message.method === 'string') {
    const { method } = message;
    if (id !== '') remember(methods, id, method);
    const body = method === 'forkscope/update' ? ` ${updateText(message.params)}` : '';
    const kind = id === '' ? 'notification' : `request ${id}`;
    return `${kind} ${method}${body || cut(redacted(message.params, isPrivate(method)), most)}`;
  }
  const method = methods.get(id) ?? '';
  methods.delete(id);
  // What is asked for is not known: nothing of the answer is told.
  const secret = method === '' || method === 'workspace/configuration' || isPrivate(method);
  if (message.error !== undefined)
    return `response ${id} ${method} failed${cut(redacted(message.error, secret), most)}`;
  const body = method === 'forkscope/resync' ? ` ${updateText(message.result)}` : '';
  return `response ${id} ${method}${body || cut(redacted(message.result, secret), most)}`;
}

/** Requests that are never answered are not remembered for ever. */
const WAITING = 1000;

function remember(methods: Map<string, string>, id: string, method: string): void {
  const [oldest] = methods.size >= WAITING ? methods.keys() : [];
  if (oldest !== undefined) methods.delete(oldest);
  methods.set(id, method);
}

/** What changed, in numbers. */
function updateText(params: unknown): string {
  const { sessions, closed } = (params ?? {}) as { sessions?: unknown; closed?: unknown };
  const told = (Array.isArray(sessions) ? sessions : []).map((delta: Readonly<Record<string, unknown>>) => {
    const lists = Object.entries(delta).flatMap(([name, value]) =>
      Array.isArray(value) && value.length > 0 ? [`${value.length} ${name}`] : [],
    );
    return `${word(delta['id'])}${delta['full'] === true ? ' whole' : ''} (${lists.join(', ') || 'status'})`;
  });
  const gone = Array.isArray(closed) && closed.length > 0 ? ` closed: ${closed.length}` : '';
  return `${told.join(', ')}${gone}`;
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 100) : '?';
}
