// Generated from server/protocol/vocabulary.json by `npm run generate`; do not edit.
export const VOCABULARY_VERSION = 1;
export const HEADER_SIZE = 4096;
export const CELL_SIZE = 64;
export const SLOT_SIZE = 128;
export const SLOT_DATA_SIZE = 64;
export const EXT_DATA_SIZE = 112;
export const META_DATA_SIZE = 112;
export const CONTROL_SIZE = 64;
/** 0: nothing can stop a process */
export const CONTROL_AT_ARMED = 0;
/** number of the plan: read the file again when it changed */
export const CONTROL_AT_GENERATION = 8;
/** FORKSCP1, written last: a file without it is still being made */
export const HEADER_AT_MAGIC = 0;
/** of this layout */
export const HEADER_AT_VERSION = 8;
/** bytes per slot */
export const HEADER_AT_SLOT_SIZE = 12;
/** of the process that writes this journal */
export const HEADER_AT_PID = 16;
/** of its parent, as the kernel said at the start */
export const HEADER_AT_PPID = 20;
/** random, never 0: names this process image in this session */
export const HEADER_AT_UID = 24;
/** uid of the image this one was forked from; 0 when it began with exec */
export const HEADER_AT_PARENT_UID = 28;
/** monotonic clock, ns */
export const HEADER_AT_CREATED_MONO = 32;
/** wall clock of the same instant, ns since the epoch */
export const HEADER_AT_CREATED_WALL = 40;
/** where the cells begin */
export const HEADER_AT_CELLS_OFFSET = 48;
/** how many */
export const HEADER_AT_CELL_COUNT = 56;
/** bytes each */
export const HEADER_AT_CELL_SIZE = 60;
/** where the record area begins */
export const HEADER_AT_META_OFFSET = 64;
/** its capacity in slots */
export const HEADER_AT_META_SLOTS = 72;
/** where the event area begins */
export const HEADER_AT_RING_OFFSET = 80;
/** its capacity in slots; event seq lives at ringOffset + (seq mod ringSlots) * slotSize */
export const HEADER_AT_RING_SLOTS = 88;
/** events with a smaller sequence number were recycled */
export const HEADER_AT_RING_FLOOR = 96;
/** records that found no room */
export const HEADER_AT_META_DROPPED = 104;
/** events that found no room (disk full before the first chunk) */
export const HEADER_AT_RING_DROPPED = 112;
/** see journalStates */
export const HEADER_AT_STATE = 120;
/** sys.hexversion */
export const HEADER_AT_PYTHON_VERSION = 124;
/** monotonic clock at a recorded end; 0 before */
export const HEADER_AT_ENDED_MONO = 128;
export const STATE_RECORDING = 0;
export const STATE_ENDED = 1;
/** 0 idle, else the ring kind of the operation that this thread is in; written last on entry, cleared first on exit */
export const CELL_AT_OP = 0;
/** code location */
export const CELL_AT_LOC = 4;
/** since when, monotonic ns */
export const CELL_AT_T0 = 8;
/** threading.get_ident() */
export const CELL_AT_THREAD = 16;
/** gid of the object operated on */
export const CELL_AT_OBJ = 24;
/** time-out in ns; -1: none (may wait for ever); 0: does not wait */
export const CELL_AT_A = 32;
/** operation's own: pid joined */
export const CELL_AT_B = 40;
/** ring kind, written last; 0: not published */
export const SLOT_AT_KIND = 0;
/** see outcomes */
export const SLOT_AT_OUTCOME = 1;
/** see slotFlags; the low byte counts the ext slots that continue the payload head */
export const SLOT_AT_FLAGS = 2;
/** low 32 bits of the sequence number: tells a slot from its predecessor in the ring */
export const SLOT_AT_SEQ = 4;
/** operation began, monotonic ns */
export const SLOT_AT_T0 = 8;
/** operation ended; for send and recv: taken inside the channel's own lock, so it orders the channel */
export const SLOT_AT_T1 = 16;
/** threading.get_ident() */
export const SLOT_AT_THREAD = 24;
/** gid of the object operated on */
export const SLOT_AT_OBJ = 32;
/** code location; 0: none */
export const SLOT_AT_LOC = 40;
/** payload's full size in bytes, capped at 2**32-1 */
export const SLOT_AT_SIZE = 44;
/** see the kind */
export const SLOT_AT_A = 48;
/** see the kind */
export const SLOT_AT_B = 56;
/** head of the payload, zero-padded */
export const SLOT_AT_DATA = 64;
export const SLOT_FLAG_EXT_MASK = 255;
export const SLOT_FLAG_RAW = 256;
export const SLOT_FLAG_FEEDER = 512;
export const SLOT_FLAG_ERROR_CALLBACK = 2048;
export const SLOT_FLAG_WATCHDOG = 4096;
export const EXT_AT_KIND = 0;
export const EXT_AT_INDEX = 1;
export const EXT_AT_LENGTH = 2;
export const EXT_AT_SEQ = 4;
export const EXT_AT_OWNER = 8;
export const EXT_AT_DATA = 16;
export const META_AT_KIND = 0;
export const META_AT_LENGTH = 2;
export const META_AT_SEQ = 4;
export const META_AT_RECORD = 8;
export const META_AT_INDEX = 12;
export const META_AT_DATA = 16;
export const META_KIND_PART = 1;
export const META_KIND_LAST = 2;
/** bytes were written to a connection. obj: endpoint. size/data: payload. flags.feeder when a queue's feeder thread did it; flags.raw for send_bytes by the user (not a pickle) */
export const KIND_SEND = 1;
/** bytes were read from a connection. obj: endpoint. size/data: payload. A Queue's or SimpleQueue's successful get is exactly this event on its reading endpoint, with the user's line. outcome unread: no receive of its own; what Connection.recv received before could not be unpickled */
export const KIND_RECV = 2;
/** Queue.put returned or raised. obj: queue. a: time-out as in the cell. The k-th ok put of a process on a queue is the k-th feeder send or drop of that process on it */
export const KIND_PUT = 3;
/** Queue.get raised (Empty, EOFError, an error), or a SimpleQueue's: success is the recv event. obj: queue. a: time-out. outcome unread: a message was received, and the call raised before it returned it (its unpickling failed) */
export const KIND_GET = 4;
/** Connection.poll by the user returned. obj: endpoint. a: time-out. outcome ok (data), timeout (no data) */
export const KIND_POLL = 5;
/** JoinableQueue.task_done. obj: queue */
export const KIND_TASK_DONE = 6;
/** JoinableQueue.join returned. obj: queue */
export const KIND_QUEUE_JOIN = 7;
/** a lock or semaphore was asked for. obj: lock. a: time-out. outcome ok or timeout */
export const KIND_ACQUIRE = 8;
/** a lock or semaphore was released. obj: lock */
export const KIND_RELEASE = 9;
/** Condition, Event or Barrier wait returned. obj. a: time-out. outcome ok, timeout, broken. In a cell also: a wait for a pool's result, obj: the pool's inner queue of tasks, b: job. As an event with obj 0 and outcome failed: somebody met the exception of job b */
export const KIND_WAIT = 10;
/** Condition.notify/notify_all (a: n, -1 all), Event.set (a: 1) or clear (a: 0). obj */
export const KIND_NOTIFY = 11;
/** Process.join returned. obj: process object. a: time-out. b: pid. outcome ok or timeout */
export const KIND_JOIN = 12;
/** os.wait, waitpid, wait3, wait4 by the user, only ever in a cell: what it learned is a reap record. b: pid asked for */
export const KIND_WAITPID = 13;
/** a task was handed to a pool. obj: the pool's inner queue of tasks (a thread pool: the pool). a: job. b: index in the job; below zero: minus the number of tasks that one call handed over. loc: the user's call. flags.errorCallback: the call gave one. data: function's qualified name (UTF-8, cut at 64 bytes); of a map's chunks two more, each behind a zero byte: items in a chunk, items in all chunks of this event */
export const KIND_TASK_SUBMIT = 14;
/** a worker took a task. obj: as in taskSubmit. a: job. b: index. loc: where its function is defined. data: function's name */
export const KIND_TASK_START = 15;
/** a worker finished it; a second end of a task replaces the first (its result could not be pickled). obj: as in taskSubmit. a: job. b: index. t0: started. outcome ok or failed. data: of a failed one the end of its traceback */
export const KIND_TASK_END = 16;
/** the submitter's side has a task's result. obj: as in taskSubmit. a: job. b: index. outcome ok, failed, cancelled (by whoever submitted it, at loc: no worker will have it) or broken (its executor broke, and an exception took the place of its result) */
export const KIND_TASK_RESULT = 17;
/** a queue's feeder could not pickle an item and dropped it. obj: queue. data: the error (UTF-8, cut at 64 bytes) */
export const KIND_DROP = 18;
/** multiprocessing.connection.wait by the user returned. a: time-out. b: how many were ready */
export const KIND_SELECT_WAIT = 19;
/** the timer by the clock was set: signal.alarm or setitimer(ITIMER_REAL). a: ns until it goes off; 0: it is disarmed. b: ns between the times that it goes off after that; 0: once. With the flag watchdog: that of faulthandler, which ends the process */
export const KIND_TIMER = 20;
/** continuation of a payload head */
export const KIND_EXT = 30;
/** first slots of a recycled chunk: everything that was recycled so far: events of this journal with a seq below t0 (a ringFloor). obj. size: the ring kind counted; outcome: the outcome counted; a: how many; b: bytes */
export const KIND_TOTALS = 31;
export const OUTCOME_OK = 0;
export const OUTCOME_FULL = 1;
export const OUTCOME_EMPTY = 2;
export const OUTCOME_EOFERROR = 3;
export const OUTCOME_BROKEN_PIPE_ERROR = 4;
export const OUTCOME_TIMEOUT = 5;
export const OUTCOME_FAILED = 6;
export const OUTCOME_CLOSED = 7;
export const OUTCOME_BROKEN = 8;
export const OUTCOME_INTERRUPTED = 9;
export const OUTCOME_CANCELLED = 10;
export const OUTCOME_UNREAD = 11;
export const DEFAULT_PAYLOAD = 256;
export const DEFAULT_RING = 268435456;
export const DEFAULT_META = 33554432;
export const DEFAULT_CELLS = 128;
export const HEADER_MAGIC_BYTES = 'FORKSCP1';
export const ENV_SESSION = 'FORKSCOPE_SESSION';
export const ENV_OPTIONS = 'FORKSCOPE_OPTIONS';
export const ENV_CACHE = 'FORKSCOPE_CACHE';
export const ENV_NATIVE = 'FORKSCOPE_NATIVE';
export const ENV_GIVEN = 'FORKSCOPE_GIVEN';
export const ENV_ENTRY = 'FORKSCOPE_ENTRY';
export const FILE_SESSION = 'session.json';
export const FILE_CONTROL = 'control';
export const FILE_PLAN = 'plan.json';
export const FILE_NAMES = 'names';
export const FILE_LINES = 'lines.json';
export const JOURNAL_SUFFIX = '.fsj';
export const KIND_NAMES: Readonly<Record<number, string>> = {"1":"send","2":"recv","3":"put","4":"get","5":"poll","6":"taskDone","7":"queueJoin","8":"acquire","9":"release","10":"wait","11":"notify","12":"join","13":"waitpid","14":"taskSubmit","15":"taskStart","16":"taskEnd","17":"taskResult","18":"drop","19":"selectWait","20":"timer","30":"ext","31":"totals"};
export const OUTCOME_NAMES: Readonly<Record<number, string>> = {"0":"ok","1":"Full","2":"Empty","3":"EOFError","4":"BrokenPipeError","5":"timeout","6":"failed","7":"closed","8":"broken","9":"interrupted","10":"cancelled","11":"unread"};
export type RecordType = 'process' | 'identity' | 'loc' | 'channel' | 'peer' | 'endpoint' | 'challenge' | 'queue' | 'close' | 'lock' | 'child' | 'start' | 'startFailed' | 'fork' | 'spawn' | 'exec' | 'execFailed' | 'signal' | 'reap' | 'exit' | 'pool' | 'poolQueues' | 'poolState' | 'poolWorker' | 'thread' | 'forkThreads' | 'ending' | 'handler' | 'developer' | 'diag';
