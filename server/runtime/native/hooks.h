/* Callables that stand in for the library's methods: one per operation, included by accelerator.c.
 *
 * Each serves the plain case only: recording, nothing armed, a connection with an id, arguments by position. Everything else goes
 * to `slow`, the hook in Python, with the very same arguments. The caller's frame is the library's or the user's in both
 * cases, since a call from C adds none. */

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    PyObject *dict;
    Writer *writer;
    int op;
    PyObject *original, *slow, *failed, *after;
    PyObject *through; /* code of the library's send_bytes, or None */
} Hook;

enum { OP_SEND = KIND_SEND, OP_RECV = KIND_RECV, OP_PUT = KIND_PUT, OP_GET = KIND_GET, OP_PASS = 0 };

/* The object's id; 0 if it has none or is muted, or after an error, which is cleared. */
static uint64_t gid_of(PyObject *thing) {
    PyObject *value = PyObject_GetAttr(thing, str_gid);
    long long gid;
    if (value == NULL) {
        PyErr_Clear(); /* the hook in Python gets the same error and reports it */
        return 0;
    }
    gid = PyLong_CheckExact(value) ? PyLong_AsLongLong(value) : 0;
    Py_DECREF(value);
    if (gid == -1 && PyErr_Occurred()) PyErr_Clear();
    return gid > 0 ? (uint64_t)gid : 0;
}

static int flags_of(int class) { return class == FEEDER ? SLOT_FLAG_FEEDER : class == USER ? SLOT_FLAG_RAW : 0; }

/* Flags of a send, by the caller of the library's send_bytes. -1: error. */
static int send_flags(Hook *hook) {
    PyFrameObject *frame, *caller;
    PyCodeObject *code;
    int through, class;
#ifdef INNER_FRAMES
    Inner *inner = inner_frame();
    if (inner == NULL || (PyObject *)inner_code(inner) != hook->through) return 0;
    inner = complete(inner->previous);
    if (inner == NULL) return 0;
    class = known_class(hook->writer, inner_code(inner));
    if (class != UNKNOWN) return flags_of(class);
#endif
    frame = PyEval_GetFrame();
    if (frame == NULL) return 0;
    code = code_of(frame);
    through = (PyObject *)code == hook->through;
    Py_DECREF(code);
    if (!through) return 0;
    caller = back_of(frame);
    if (caller == NULL) return 0;
    class = class_of_frame(hook->writer, caller);
    Py_DECREF(caller);
    return class < 0 ? -1 : flags_of(class);
}

/* The event of a receive: the message is in a BytesIO. -1: error. */
static int emit_received(Writer *w, PyObject *result, uint64_t t0, uint64_t t1, uint64_t gid, uint32_t loc) {
    PyObject *place, *payload;
    Py_ssize_t size;
    int done;
    if (result == Py_None) return 0;
    place = PyObject_CallMethodObjArgs(result, str_tell, NULL);
    if (place == NULL) return -1;
    size = PyLong_AsSsize_t(place);
    Py_DECREF(place);
    if (size == -1 && PyErr_Occurred()) return -1;
    /* Its bytes are shared until the next write; `getvalue` would copy a large message to its exact size. */
    payload = PyObject_CallMethodObjArgs(result, size <= 4096 ? str_getvalue : str_getbuffer, NULL);
    if (payload == NULL) return -1;
    done = emit_payload(w, KIND_RECV, 0, 0, t0, t1, gid, loc, 0, 0, payload, 0);
    Py_DECREF(payload); /* the last reference to a view releases it */
    return done;
}

/* The original has raised: call `failed` and let the exception propagate. */
static PyObject *pass_error(Hook *hook, PyObject *self, unsigned flags, uint64_t t0, uint64_t gid, uint32_t loc) {
    PyObject *error = take_error(), *told;
    if (error == NULL) return NULL;
    told =
        PyObject_CallFunction(hook->failed, "OOIKKI", self, error, flags, (unsigned long long)t0, (unsigned long long)gid, (unsigned)loc);
    if (told == NULL) {
        give_first(hook->writer, error);
        return NULL;
    }
    Py_DECREF(told);
    give_error(error);
    return NULL;
}

static PyObject *observed(Hook *hook, PyObject *const *args, Py_ssize_t count, uint64_t gid) {
    Writer *w = hook->writer;
    uint64_t generation = w->generation, t0 = 0, t1;
    int64_t loc = user_line_here(w);
    int flags = 0, entered = 0;
    PyObject *result;
    if (loc >= 0 && hook->op == OP_SEND) flags = send_flags(hook);
    t0 = now();
    if (loc < 0 || flags < 0 || (entered = enter(w, hook->op, gid, (uint32_t)loc, -1, 0, t0)) < 0) {
        if (report_error(w, "accelerator") < 0) return NULL;
        if (loc < 0) loc = 0;
        if (flags < 0) flags = 0;
        if (entered < 0) entered = 0;
    }
    result = PyObject_Vectorcall(hook->original, args, (size_t)count, NULL);
    t1 = now();
    if (entered) leave(w, generation);
    if (result == NULL) return pass_error(hook, args[0], (unsigned)flags, t0, gid, (uint32_t)loc);
    if (hook->op == OP_RECV) entered = emit_received(w, result, t0, t1, gid, (uint32_t)loc);
    else if (hook->op == OP_SEND) entered = emit_payload(w, KIND_SEND, 0, (unsigned)flags, t0, t1, gid, (uint32_t)loc, 0, 0, args[1], 0);
    else if (hook->op == OP_PUT) entered = emit_payload(w, KIND_PUT, 0, 0, t0, t1, gid, (uint32_t)loc, -1, 0, NULL, 0);
    else entered = 0;
    if (entered < 0 && report_error(w, "accelerator") < 0) {
        Py_DECREF(result);
        return NULL;
    }
    return result;
}

/* Whether the library itself makes this send or receive, as a queue does: it never pauses. -1: error. */
static int is_inner(Hook *hook) {
    PyFrameObject *frame = PyEval_GetFrame(), *caller;
    int class;
    if (hook->op != OP_SEND && hook->op != OP_RECV) return 0;
    caller = frame == NULL ? NULL : back_of(frame);
    if (caller == NULL) return 0;
    class = class_of_frame(hook->writer, caller);
    Py_DECREF(caller);
    return class < 0 ? -1 : class != USER;
}

static PyObject *hook_call(PyObject *self, PyObject *const *args, size_t flagged, PyObject *names) {
    Hook *hook = (Hook *)self;
    Writer *w = hook->writer;
    Py_ssize_t count = PyVectorcall_NARGS(flagged);
    Py_ssize_t least = hook->op == OP_SEND || hook->op == OP_PUT ? 2 : 1, most = hook->op == OP_RECV ? 2 : least;
    PyObject *result;
    if (!*here) found_fork(w);
    if (names != NULL) goto slow;
    if (*w->armed) {
        int inner = is_inner(hook);
        if (inner < 0 && report_error(w, "accelerator") < 0) return NULL;
        if (inner <= 0) goto slow;
    }
    if (hook->op == OP_PASS) {
        uint64_t t0 = hook->failed == Py_None ? 0 : now();
        result = PyObject_Vectorcall(hook->original, args, flagged, NULL);
        if (result == NULL && hook->failed != Py_None && count > 0) return pass_error(hook, args[0], 0, t0, 0, 0);
    } else {
        uint64_t gid;
        if (!w->active || count < least || count > most) goto slow;
        gid = gid_of(args[0]);
        if (gid == 0) goto slow;
        w->last = UINT64_MAX;
        result = observed(hook, args, count, gid);
    }
    if (result != NULL && *w->armed && hook->after != Py_None) { /* also if it was armed during the wait */
        int known = hook->op == OP_RECV && w->last != UINT64_MAX;
        PyObject *seq = known ? PyLong_FromUnsignedLongLong(w->last) : NULL, *changed = NULL;
        if (!known) {
            Py_INCREF(Py_None);
            seq = Py_None;
        }
        if (seq != NULL) changed = PyObject_CallFunctionObjArgs(hook->after, args[0], result, count > 1 ? args[1] : Py_None, seq, NULL);
        Py_XDECREF(seq);
        if (changed == NULL && report_error(w, "accelerator") == 0) return result; /* an error of ours: as if nothing were armed */
        Py_DECREF(result);
        return changed;
    }
    return result;
slow:
    return PyObject_Vectorcall(hook->slow, args, flagged, names);
}

static PyObject *hook_bind(PyObject *self, PyObject *object, PyObject *type) {
    (void)type;
    if (object == NULL || object == Py_None) {
        Py_INCREF(self);
        return self;
    }
    return PyMethod_New(self, object);
}

/* Hook(writer, op, original, slow, failed, after, through) */
static PyObject *hook_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    PyObject *writer, *original, *slow, *failed, *after, *through;
    int op;
    Hook *hook;
    if (named != NULL && PyDict_GET_SIZE(named) > 0) return PyErr_Format(PyExc_TypeError, "no names are taken");
    if (!PyArg_ParseTuple(args, "O!iOOOOO", &WriterType, &writer, &op, &original, &slow, &failed, &after, &through)) return NULL;
    hook = (Hook *)type->tp_alloc(type, 0);
    if (hook == NULL) return NULL;
    hook->call = hook_call;
    hook->op = op;
    Py_INCREF(writer);
    hook->writer = (Writer *)writer;
    Py_INCREF(original);
    hook->original = original;
    Py_INCREF(slow);
    hook->slow = slow;
    Py_INCREF(failed);
    hook->failed = failed;
    Py_INCREF(after);
    hook->after = after;
    Py_INCREF(through);
    hook->through = through;
    Py_INCREF(hook); /* never deallocated, like the writer */
    return (PyObject *)hook;
}

/* Behaves as a function: it has the original's attributes, its pickle is its name, and its copy is itself. */
static PyObject *hook_repr(PyObject *self) { return PyObject_Repr(((Hook *)self)->original); }

static PyObject *hook_reduce(PyObject *self, PyObject *protocol) {
    (void)protocol;
    return PyObject_GetAttrString(((Hook *)self)->original, "__qualname__");
}

static PyObject *hook_itself(PyObject *self, PyObject *ignored) {
    (void)ignored;
    Py_INCREF(self);
    return self;
}

static PyMethodDef hook_methods[] = {
    {"__reduce_ex__", hook_reduce, METH_O, NULL},
    {"__copy__", hook_itself, METH_NOARGS, NULL},
    {"__deepcopy__", hook_itself, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject HookType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "forkscope_accelerator.Hook",
    .tp_basicsize = sizeof(Hook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_vectorcall_offset = offsetof(Hook, call),
    .tp_dictoffset = offsetof(Hook, dict),
    .tp_call = PyVectorcall_Call,
    .tp_descr_get = hook_bind,
    .tp_repr = hook_repr,
    .tp_methods = hook_methods,
    .tp_new = hook_new,
};
