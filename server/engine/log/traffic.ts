/**
 * What a log shows of a protocol message (DAP, LSP): its shape, its numbers, and the texts of fields known to hold no
 * data of the program. Every other text is replaced by its length, so the text of an unknown field is never logged.
 */

/** Fields whose texts are logged: names, kinds, places and states. */
const LOGGED: ReadonlySet<string> = new Set(
  [
    // common to all messages
    'id name reason category kind state level',
    // places
    'path pathFormat folder file program module cwd python debugpy session uri rootUri rootPath languageId function',
    // identities
    'adapterID clientID clientName locale version sessionId processId channelId poolId workerId threadName call phase operation',
    // requests and settings
    'console lineDebugging trace request filter filterId filters areas exceptionId breakMode presentationHint granularity context',
    'action severity code source message format granularity steppingGranularity startMethod type',
  ].flatMap((each) => each.split(' ')),
);

/**
 * Messages about the program's data or text: none of their texts is logged, whatever its field. From the protocols,
 * from us, and from debugpy.
 */
const PRIVATE: ReadonlySet<string> = new Set(
  [
    'variables scopes evaluate setVariable setExpression completions exceptionInfo source process output invalidated modules loadedSources',
    'forkscope/message forkscope/payload forkscopeCondition runInTerminal',
    'forkscope/messages forkscope/tasks forkscope/task forkscope/update forkscope/resync forkscope/depthHistory forkscope/timeline forkscope/moment',
    'workspace/didChangeConfiguration window/logMessage window/showMessage telemetry/event',
  ].flatMap((each) => each.split(' ')),
);

/** Fields whose texts are logged even in those: our own numeric ids, and the file concerned. */
const ALWAYS: ReadonlySet<string> = new Set('sessionId processId channelId poolId workerId category uri'.split(' '));

/** The document's text and everything shown in it. */
const PRIVATE_PREFIX = 'textDocument/';

/** Fields whose own fields are not even named: texts of the user interface, settings of others, environments. */
const CLOSED: ReadonlySet<string> = new Set([
  'l10nBundle',
  'settings',
  'capabilities',
  'tree',
  'argumentsTree',
  'resultTree',
]);

const DEPTH = 8;
/** Upper bound of the logged members of a list or an object. */
const MOST = 40;

/** The value with every text replaced that may be the program's. @param isPrivate replace every text */
export function redacted(value: unknown, isPrivate: boolean): unknown {
  return reduce(value, '', isPrivate, 0);
}

function reduce(value: unknown, name: string, isPrivate: boolean, depth: number): unknown {
  if (typeof value === 'string')
    return ALWAYS.has(name) || (!isPrivate && LOGGED.has(name)) ? value : `<${value.length} characters>`;
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (CLOSED.has(name) || depth >= DEPTH) return `<${sizeOf(value)}>`;
  if (Array.isArray(value)) {
    const kept = value.slice(0, MOST).map((each) => reduce(each, name, isPrivate, depth + 1));
    return value.length > MOST ? [...kept, `<${value.length - MOST} more>`] : kept;
  }
  const fields = Object.entries(value);
  // Names of variables are logged, their values never, whatever the name.
  if (name === 'env') return fields.slice(0, MOST).map(([each, set]) => (set === null ? `-${each}` : each));
  const kept = fields.slice(0, MOST).map(([each, inner]) => [each, reduce(inner, each, isPrivate, depth + 1)]);
  return Object.fromEntries(fields.length > MOST ? [...kept, ['…', `${fields.length - MOST} more`]] : kept);
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

/** A response carries only a number: `methods` maps it to the pending request's method. */
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
  // The method is unknown: nothing of the response is logged.
  const secret = method === '' || method === 'workspace/configuration' || isPrivate(method);
  if (message.error !== undefined)
    return `response ${id} ${method} failed${cut(redacted(message.error, secret), most)}`;
  const body = method === 'forkscope/resync' ? ` ${updateText(message.result)}` : '';
  return `response ${id} ${method}${body || cut(redacted(message.result, secret), most)}`;
}

/** Upper bound of remembered requests: some are never answered. */
const WAITING = 1000;

function remember(methods: Map<string, string>, id: string, method: string): void {
  const [oldest] = methods.size >= WAITING ? methods.keys() : [];
  if (oldest !== undefined) methods.delete(oldest);
  methods.set(id, method);
}

/** The size of an update, in numbers. */
function updateText(params: unknown): string {
  const { sessions, closed } = (params ?? {}) as { sessions?: unknown; closed?: unknown };
  const kept = (Array.isArray(sessions) ? sessions : []).map((delta: Readonly<Record<string, unknown>>) => {
    const lists = Object.entries(delta).flatMap(([name, value]) =>
      Array.isArray(value) && value.length > 0 ? [`${value.length} ${name}`] : [],
    );
    return `${word(delta['id'])}${delta['full'] === true ? ' whole' : ''} (${lists.join(', ') || 'status'})`;
  });
  const gone = Array.isArray(closed) && closed.length > 0 ? ` closed: ${closed.length}` : '';
  return `${kept.join(', ')}${gone}`;
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 100) : '?';
}
