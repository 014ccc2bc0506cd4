// Generated from server/runtime/forkscope_runtime/libraries by `npm run generate`; do not edit.
/** Start methods that only a library has. */
export const OWN_START_METHODS = ["loky"] as const;
/** Sources of regular expressions: targets of threads that act only on what others gave them to do. */
export const SERVANT_TARGETS: readonly string[] = ["aiomultiprocess\\.","execnet\\.","joblib\\.externals\\.loky\\.(process_executor|backend)\\.","loky\\.(process_executor|backend)\\.","mpire\\.","multiprocess\\.(?!pool\\.worker$|managers\\.)","pebble\\.","multiprocessing\\.(?!pool\\.worker$|managers\\.)","concurrent\\.futures\\.process\\."];
/** Modules whose threads do no harm in a fork. */
export const OWN_THREAD_MODULES: readonly string[] = ["aiomultiprocess","execnet","joblib","loky","mpire","multiprocess","pebble","multiprocessing","concurrent.futures","threading.Timer","socketserver"];
/** Packages with multiprocessing's interface. */
export const PACKAGE_FAMILIES: readonly string[] = ["billiard","multiprocess","multiprocessing","torch.multiprocessing"];
/** Those of them that pickle functions by value. */
export const PICKLING_FAMILIES: readonly string[] = ["multiprocess"];
/** By library: what it calls the number of calls that travel together. */
export const BATCH_ARGUMENTS: Readonly<Record<string, string>> = {"billiard":"chunksize","coverage":"chunksize","execnet":"chunksize","joblib":"batch_size","loky":"chunksize","mpire":"chunk_size","multiprocess":"chunksize","pebble":"chunksize","standard":"chunksize","torch":"chunksize"};
/** Those with pools that are used otherwise than multiprocessing's. */
export const OWN_POOLS: readonly string[] = ["aiomultiprocess","mpire","pebble"];
/** Those whose workers run several tasks at a time. */
export const CONCURRENT_POOLS: readonly string[] = ["aiomultiprocess"];
/** By library: paths of attributes and indices in the messages of its pools. */
export const MESSAGE_PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {"aiomultiprocess":{"args":"2","kwargs":"3","result":"1","traceback":"2"},"mpire":{"args":"1.1.0","kwargs":"1.1.1","items":"1","traceback":"1.0.2.3"},"pebble":{"args":"payload.args","kwargs":"payload.kwargs","items":"payload.args.1","result":"result.value"}};
/** Packages that pickle functions by value. */
export const BY_VALUE_PACKAGES: readonly string[] = ["joblib.externals.cloudpickle","cloudpickle","dill"];
/** Names of classes whose first argument is a list of (function, args, kwargs). */
export const BATCH_CLASSES: readonly string[] = ["BatchedCalls"];
/** Qualified names of classes that describe an exception by `exception` and `type`. */
export const FAILURE_CLASSES: readonly string[] = ["billiard.einfo.ExceptionInfo"];
/** By module of a function that runs a named task: the key of the task's arguments as text. */
export const TASK_RUNNERS: Readonly<Record<string, string>> = {"celery.app.trace":"argsrepr"};
