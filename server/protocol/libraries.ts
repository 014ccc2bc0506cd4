// Generated from server/runtime/forkscope_runtime/libraries by `npm run generate`; do not edit.
/** Start methods that only a library has. */
export const OWN_START_METHODS = ["loky"] as const;
/** Sources of regular expressions: targets of threads that act only on what others gave them to do. */
export const SERVANT_TARGETS: readonly string[] = ["joblib\\.externals\\.loky\\.(process_executor|backend)\\.","loky\\.(process_executor|backend)\\.","multiprocess\\.(?!pool\\.worker$|managers\\.)","multiprocessing\\.(?!pool\\.worker$|managers\\.)","concurrent\\.futures\\.process\\."];
/** Modules whose threads do no harm in a fork. */
export const OWN_THREAD_MODULES: readonly string[] = ["joblib","loky","multiprocess","multiprocessing","concurrent.futures","threading.Timer","socketserver"];
/** Packages with multiprocessing's interface. */
export const PACKAGE_FAMILIES: readonly string[] = ["billiard","multiprocess","multiprocessing","torch.multiprocessing"];
/** Those of them that pickle functions by value. */
export const PICKLING_FAMILIES: readonly string[] = ["multiprocess"];
/** By library: what it calls the number of calls that travel together. */
export const BATCH_ARGUMENTS: Readonly<Record<string, string>> = {"billiard":"chunksize","coverage":"chunksize","joblib":"batch_size","loky":"chunksize","multiprocess":"chunksize","standard":"chunksize","torch":"chunksize"};
/** Packages that pickle functions by value. */
export const BY_VALUE_PACKAGES: readonly string[] = ["joblib.externals.cloudpickle","cloudpickle","dill"];
/** Names of classes whose first argument is a list of (function, args, kwargs). */
export const BATCH_CLASSES: readonly string[] = ["BatchedCalls"];
/** Qualified names of classes that describe an exception by `exception` and `type`. */
export const FAILURE_CLASSES: readonly string[] = ["billiard.einfo.ExceptionInfo"];
/** By module of a function that runs a named task: the key of the task's arguments as text. */
export const TASK_RUNNERS: Readonly<Record<string, string>> = {"celery.app.trace":"argsrepr"};
