/* Callables that stand in for functions of `os` that create, end and reap processes; included by accelerator.c. See hooks/os_calls.py.
 *
 * After a fork each page of Python memory that is written to is copied, on both sides, and Python writes to every object that it reads:
 * the wrappers in Python touch more than 50 pages per fork. So C handles the plain case. All else goes to `slow`, with the very same
 * arguments. C adds no frame: a warning of the original names the user's line. */

typedef struct {
    PyObject_HEAD
    Writer *writer;
    int call;
    PyObject *original, *slow;
    PyObject *execs; /* a set: threads whose next fork only executes another program */
} Call;

enum { CALL_FORK, CALL_WAITPID, CALL_EXIT, CALLS }; /* CALLS: any other function */
static const char *const call_names[CALLS] = {"fork", "waitpid", "_exit"};

/* A record of plain numbers: no Python code runs. */
static void record_text(Writer *w, const char *text, int length, size_t room) {
    if (!*here) found_fork(w);
    if (w->active && w->meta_slots > 0 && length > 0 && (size_t)length < room) write_record(w, text, (size_t)length);
}

/* Location of the caller's line; -1: the hook in Python takes over, and gets the same error. */
static int64_t line_of_caller(Writer *w) {
    int64_t loc = user_line_here(w);
    if (loc < 0) PyErr_Clear();
    return loc;
}

static PyObject *call_fork(Call *call, PyObject *args) {
    Writer *w = call->writer;
    int64_t loc = line_of_caller(w);
    PyObject *result;
    if (loc < 0) return PyObject_Call(call->slow, args, NULL);
    fork_line = loc;
    result = PyObject_Call(call->original, args, NULL);
    fork_line = -1;
    if (result != NULL && PyLong_CheckExact(result)) {
        long pid = PyLong_AsLong(result);
        char text[240];
        const char *dark = w->heritage == NULL || is_ours(w->heritage) ? ""
                           : is_there(w->heritage)                     ? ",\"dark\":\"other-user\""
                                                                       : ",\"dark\":\"no-folder\"";
        if (pid > 0)
            record_text(w, text,
                        snprintf(text, sizeof text,
                                 "{\"pid\":%ld,\"loc\":%lld,\"call\":\"fork\",\"thread\":%llu%s,\"t\":%llu,\"type\":\"fork\"}", pid,
                                 (long long)loc, (unsigned long long)PyThread_get_thread_ident(), dark, (unsigned long long)now()),
                        sizeof text);
    }
    return result;
}

/* Whether a blocking wait of this frame is recorded: the user's own waits, and the waits of subprocess. */
static int is_shown(Writer *w, PyFrameObject *frame) {
    static const char name[] = "/subprocess.py";
    PyCodeObject *code = code_of(frame);
    int class = class_of(w, code), shown = class == USER;
    if (class == LIBRARY && PyUnicode_Check(code->co_filename)) {
        Py_ssize_t length;
        const char *file = PyUnicode_AsUTF8AndSize(code->co_filename, &length);
        if (file != NULL) shown = (size_t)length >= sizeof name - 1 && strcmp(file + length - (sizeof name - 1), name) == 0;
    }
    Py_DECREF(code);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return -1;
    }
    return shown;
}

/* An exception, which stays set, has ended a wait that has a cell but, on success, no event. */
static void note_interrupted(Writer *w, int kind, uint64_t generation) {
    int outcome = PyErr_ExceptionMatches(PyExc_KeyboardInterrupt) ? OUTCOME_INTERRUPTED : OUTCOME_FAILED;
    PyObject *error = take_error();
    uint64_t t = now();
    Head nothing = {NULL, 0, 0};
    if (error == NULL) return;
    if (generation == w->generation && emit(w, kind, outcome, 0, t, t, 0, 0, -1, 0, nothing) < 0) give_first(w, error);
    else give_error(error);
}

static PyObject *call_waitpid(Call *call, PyObject *args) {
    Writer *w = call->writer;
    uint64_t generation = w->generation;
    PyFrameObject *frame = PyEval_GetFrame();
    PyObject *result, *pid = PyTuple_GET_ITEM(args, 0), *options = PyTuple_GET_ITEM(args, 1);
    int entered = 0;
    if (!PyLong_CheckExact(pid) || !PyLong_CheckExact(options) || frame == NULL) goto slow;
    if (!(PyLong_AsUnsignedLongMask(options) & WNOHANG)) {
        int shown = is_shown(w, frame);
        int64_t loc = shown > 0 ? user_line(w, frame) : 0;
        if (shown < 0 || loc < 0) goto slow;
        if (shown) entered = enter(w, KIND_WAITPID, 0, (uint32_t)loc, -1, (int64_t)PyLong_AsUnsignedLongLongMask(pid), now());
        if (entered < 0) goto slow;
    }
    result = PyObject_Call(call->original, args, NULL);
    if (entered) leave(w, generation);
    if (result == NULL && entered) note_interrupted(w, KIND_WAITPID, generation);
    if (result != NULL && PyTuple_Check(result) && PyTuple_GET_SIZE(result) == 2) {
        long ended = PyLong_AsLong(PyTuple_GET_ITEM(result, 0)), status = PyLong_AsLong(PyTuple_GET_ITEM(result, 1));
        char text[160], number[24];
        if (ended > 0 && (WIFSIGNALED(status) || WIFEXITED(status))) {
            snprintf(number, sizeof number, "%d", (int)(WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
            record_text(w, text,
                        snprintf(text, sizeof text, "{\"pid\":%ld,\"code\":%s,\"signal\":%s,\"t\":%llu,\"type\":\"reap\"}", ended,
                                 WIFSIGNALED(status) ? "null" : number, WIFSIGNALED(status) ? number : "null", (unsigned long long)now()),
                        sizeof text);
        }
    }
    return result;
slow:
    PyErr_Clear(); /* the hook in Python gets the same error and reports it */
    return PyObject_Call(call->slow, args, NULL);
}

static PyObject *call_exit(Call *call, PyObject *args) {
    Writer *w = call->writer;
    PyObject *status = PyTuple_GET_ITEM(args, 0);
    char text[120];
    if (!PyLong_CheckExact(status)) return PyObject_Call(call->slow, args, NULL);
    record_text(w, text,
                snprintf(text, sizeof text, "{\"code\":%lu,\"how\":\"_exit\",\"t\":%llu,\"type\":\"exit\"}",
                         PyLong_AsUnsignedLongMask(status) & 0xFF, (unsigned long long)now()),
                sizeof text);
    end_journal(w);
    return PyObject_Call(call->original, args, NULL);
}

static PyObject *call_call(PyObject *self, PyObject *args, PyObject *named) {
    static PyObject *(*const ways[CALLS])(Call *, PyObject *) = {call_fork, call_waitpid, call_exit};
    static const Py_ssize_t counts[CALLS] = {0, 2, 1};
    Call *call = (Call *)self;
    Writer *w = call->writer;
    if (!*here) found_fork(w);
    if (call->call == CALLS || !w->active || w->meta_slots == 0 || *w->armed || (named != NULL && PyDict_GET_SIZE(named) > 0) ||
        PyTuple_GET_SIZE(args) != counts[call->call] || (call->call == CALL_FORK && PySet_GET_SIZE(call->execs) > 0))
        return PyObject_Call(call->slow, args, named);
    return ways[call->call](call, args);
}

/* Call(writer, name, original, slow, execs): `name` is one of call_names; for any other function `slow` handles all calls. */
static PyObject *call_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    PyObject *writer, *original, *slow, *execs;
    const char *name;
    int which;
    Call *call;
    (void)named;
    if (!PyArg_ParseTuple(args, "O!sOOO!", &WriterType, &writer, &name, &original, &slow, &PySet_Type, &execs)) return NULL;
    for (which = 0; which < CALLS && strcmp(name, call_names[which]) != 0; which++) {
    }
    call = (Call *)type->tp_alloc(type, 0);
    if (call == NULL) return NULL;
    call->call = which;
    Py_INCREF(writer);
    call->writer = (Writer *)writer;
    Py_INCREF(original);
    call->original = original;
    Py_INCREF(slow);
    call->slow = slow;
    Py_INCREF(execs);
    call->execs = execs;
    Py_INCREF(call); /* never deallocated, like the writer */
    return (PyObject *)call;
}

static PyTypeObject CallType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "forkscope_accelerator.Call",
    .tp_basicsize = sizeof(Call),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_call = call_call,
    .tp_new = call_new,
};
