/* The runtime's hot paths in C: the same slots and cells, byte for byte, as ring.py, cells.py and locate.py write.
 *
 * It contains only the work done once per message. Everything rare (a new thread, a new line, a full ring, a pause, an error)
 * calls back into the runtime's Python code, which is the reference. See docs/architecture.md, "The accelerator".
 *
 * Rules: every function holds the GIL throughout. No threads, no locks, no signal handlers. After each call back into Python, all
 * state is read again, because a handler of the program may have run in the call, and may even have forked. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <errno.h>
#include <fcntl.h>
#include <frameobject.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "layout.h"

/* As in ring.py: the journal grows while this many slots are free; a signal handler that interrupts the growth may write into them. */
#define MARGIN 8
#define MOST_MARGIN 512 /* of a ring, as in layout.py */
/* As in records.py and ring.py: slots reserved at creation, and at most per step. */
#define META_FIRST 64
#define META_STEP 2048
#define RING_FIRST 64

#ifdef Py_GIL_DISABLED
#error "builds without the interpreter's lock are served by the Python code"
#endif
#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the journal is little-endian"
#endif

#if PY_VERSION_HEX < 0x03090000
#define PyObject_Vectorcall _PyObject_Vectorcall
#define Py_TPFLAGS_HAVE_VECTORCALL _Py_TPFLAGS_HAVE_VECTORCALL
#endif

typedef struct {
    const void *code;
    int32_t lasti; /* AT_CLASS: the entry is the class of the code; else an instruction offset */
    uint32_t value;
} Line;

enum { AT_CLASS = -1 };
enum { UNKNOWN = 0, LIBRARY = 1, USER = 2, FEEDER = 3 };

typedef struct {
    PyObject_HEAD
    Py_buffer journal, control;
    uint8_t *base, *ring;
    const volatile uint8_t *armed;
    uint64_t next, limit, slots, floor, generation;
    uint64_t last; /* number of the last written event; all ones: it was not written */
    Py_ssize_t payload_max;
    int active;
    Line *lines; /* open addressing, a power of two */
    size_t room, used;
    PyObject *make_room, *unwritten, *new_cell, *classify, *declare, *flatten, *reported, *encode;
    size_t length; /* of the mapping at `base` */
    /* Records and ids; see records.h. `meta_slots` 0: Python writes them. */
    char *path;
    uint64_t meta_at, meta_slots, meta_reserved, meta_next, meta_dropped, next_object;
    uint32_t uid;
    /* See forks.h. `stale`: the callbacks above belong to the parent's journal. */
    struct Heritage *heritage;
    int stale;
    PyObject *forked; /* called in a child of a fork by C code: with True if it has its journal, with False if Python must create it */
} Writer;

static int be_fresh(Writer *w); /* called before each callback of a journal; see forks.h */
static void found_fork(Writer *w); /* called if `*here` is 0 */

/* 0 in a forked process without a journal of its own; see forks.h. */
static uint8_t ever_here = 1;
static volatile uint8_t *here = &ever_here;

/* The current operation of this thread; valid for one generation, that is one journal. */
typedef struct {
    uint64_t generation;
    uint8_t *at; /* NULL: no cell was free */
    uint64_t ident;
    int busy;
} Cell;

static __thread Cell my_cell;
/* Location of the fork that this thread executes in calls.h; the child's only thread inherits it. */
static __thread int64_t fork_line = -1;
static uint64_t generations;
static const uint8_t unarmed[1];
static PyObject *str_uid, *str_fork_loc, *str_gid, *str_tell, *str_getvalue, *str_getbuffer;

/* ---- small helpers ---- */

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void publish(uint8_t *at, uint8_t mark) { __atomic_store_n(at, mark, __ATOMIC_RELEASE); }

static void put16(uint8_t *at, uint16_t value) { memcpy(at, &value, 2); }
static void put32(uint8_t *at, uint32_t value) { memcpy(at, &value, 4); }
static void put64(uint8_t *at, uint64_t value) { memcpy(at, &value, 8); }

/* Takes the exception that is set, normalized. */
static PyObject *take_error(void) {
#if PY_VERSION_HEX >= 0x030C0000
    return PyErr_GetRaisedException();
#else
    PyObject *type, *error, *trace;
    PyErr_Fetch(&type, &error, &trace);
    PyErr_NormalizeException(&type, &error, &trace);
    if (trace != NULL && error != NULL) PyException_SetTraceback(error, trace);
    Py_XDECREF(type);
    Py_XDECREF(trace);
    return error;
#endif
}

static void give_error(PyObject *error) {
#if PY_VERSION_HEX >= 0x030C0000
    PyErr_SetRaisedException(error);
#else
    PyObject *type = (PyObject *)Py_TYPE(error);
    Py_INCREF(type);
    PyErr_Restore(type, error, PyException_GetTraceback(error));
#endif
}

/* Reports an error of ours. 0: it is cleared; -1: it is the program's own and is set again. */
static int report_error(Writer *w, const char *where) {
    PyObject *error = take_error(), *answer;
    if (error == NULL) return 0;
    answer = w->reported == NULL ? NULL : PyObject_CallFunction(w->reported, "Os", error, where);
    if (answer == NULL) { /* the check raised: the later exception counts, as in Python */
        Py_DECREF(error);
        if (PyErr_Occurred()) return -1;
        return 0;
    }
    if (answer == Py_True) {
        Py_DECREF(answer);
        Py_DECREF(error);
        return 0;
    }
    Py_DECREF(answer);
    give_error(error);
    return -1;
}

/* An operation of ours failed while the program's `error` propagated: `error` continues. But if a signal handler of the program
 * raised meanwhile, its exception propagates, as it would without the runtime. Steals the reference. */
static void give_first(Writer *w, PyObject *error) {
    PyObject *later = report_error(w, "accelerator") == 0 ? NULL : take_error();
    if (later == NULL) {
        give_error(error);
        return;
    }
    if (later == error) Py_DECREF(error);
    else PyException_SetContext(later, error);
    give_error(later);
}

/* ---- lines ---- */

static Line *line_at(Writer *w, const void *code, int32_t lasti) {
    uint64_t hash = ((uint64_t)(uintptr_t)code >> 4) * 0x9E3779B97F4A7C15u + (uint64_t)(uint32_t)lasti * 0xC2B2AE3D27D4EB4Fu;
    size_t i = (size_t)(hash >> 32) & (w->room - 1);
    while (w->lines[i].code != NULL && (w->lines[i].code != code || w->lines[i].lasti != lasti)) i = (i + 1) & (w->room - 1);
    return &w->lines[i];
}

/* Remembers a value; the runtime keeps `code` alive. Without memory, the next lookup asks again. */
static void remember(Writer *w, const void *code, int32_t lasti, uint32_t value) {
    Line *at;
    if (w->used * 2 >= w->room) {
        Line *old = w->lines, *larger = PyMem_RawCalloc(w->room * 2, sizeof(Line));
        size_t i, count = w->room;
        if (larger == NULL || w->room >= (1u << 20)) {
            PyMem_RawFree(larger);
            return;
        }
        w->lines = larger;
        w->room *= 2;
        for (i = 0; i < count; i++)
            if (old[i].code != NULL) *line_at(w, old[i].code, old[i].lasti) = old[i];
        PyMem_RawFree(old);
    }
    at = line_at(w, code, lasti);
    if (at->code == NULL) w->used++;
    at->code = code;
    at->lasti = lasti;
    at->value = value;
}

static PyCodeObject *code_of(PyFrameObject *frame) { /* a new reference */
#if PY_VERSION_HEX >= 0x03090000
    return PyFrame_GetCode(frame);
#else
    Py_INCREF(frame->f_code);
    return frame->f_code;
#endif
}

static PyFrameObject *back_of(PyFrameObject *frame) { /* a new reference or NULL */
#if PY_VERSION_HEX >= 0x03090000
    return PyFrame_GetBack(frame);
#else
    Py_XINCREF(frame->f_back);
    return frame->f_back;
#endif
}

static int32_t lasti_of(PyFrameObject *frame) {
#if PY_VERSION_HEX >= 0x030B0000
    return (int32_t)PyFrame_GetLasti(frame);
#else
    return (int32_t)frame->f_lasti;
#endif
}

/* LIBRARY, USER or FEEDER; -1 on error. */
static int class_of(Writer *w, PyCodeObject *code) {
    Line *known = line_at(w, code, AT_CLASS);
    PyObject *answer;
    long value;
    if (known->code != NULL) return (int)known->value;
    if (w->classify == NULL) return LIBRARY;
    answer = PyObject_CallFunctionObjArgs(w->classify, (PyObject *)code, NULL);
    if (answer == NULL) return -1;
    value = PyLong_AsLong(answer);
    Py_DECREF(answer);
    if (value == -1 && PyErr_Occurred()) return -1;
    remember(w, code, AT_CLASS, (uint32_t)value);
    return (int)value;
}

static int class_of_frame(Writer *w, PyFrameObject *frame) {
    PyCodeObject *code = code_of(frame);
    int class = class_of(w, code);
    Py_DECREF(code);
    return class;
}

/* Location of the first user frame from `frame` (borrowed) outwards; 0: none; -1: error. */
static int64_t user_line(Writer *w, PyFrameObject *frame) {
    int64_t found = 0;
    Py_INCREF(frame);
    while (frame != NULL) {
        PyFrameObject *outer;
        PyCodeObject *code = code_of(frame);
        int class = class_of(w, code);
        if (class == USER) {
            int32_t lasti = lasti_of(frame);
            Line *known = line_at(w, code, lasti);
            if (known->code != NULL) {
                found = known->value;
            } else {
                PyObject *answer = PyObject_CallFunctionObjArgs(w->declare, (PyObject *)frame, NULL);
                found = answer == NULL ? -1 : (int64_t)PyLong_AsUnsignedLongMask(answer);
                Py_XDECREF(answer);
                if (PyErr_Occurred()) found = -1;
                else remember(w, code, lasti, (uint32_t)found);
            }
        }
        Py_DECREF(code);
        if (class == USER || class == FEEDER || class < 0) { /* all frames of a feeder's thread are the library's */
            Py_DECREF(frame);
            return class < 0 ? -1 : found;
        }
        outer = back_of(frame);
        Py_DECREF(frame);
        frame = outer;
    }
    return 0;
}

#include "frames.h"

/* user_line of the running frame. */
static int64_t user_line_here(Writer *w) {
    PyFrameObject *frame;
#ifdef INNER_FRAMES
    int64_t known = known_user_line(w);
    if (known >= 0) return known;
#endif
    frame = PyEval_GetFrame();
    return frame == NULL ? 0 : user_line(w, frame);
}

/* ---- cells ---- */

/* This thread's cell of this journal, never busy before; NULL on error. */
static Cell *cell_of(Writer *w) {
    Cell *cell = &my_cell;
    if (cell->generation != w->generation) {
        uint64_t generation = w->generation, ident = (uint64_t)PyThread_get_thread_ident();
        PyObject *answer = be_fresh(w) < 0 ? NULL : PyObject_CallFunction(w->new_cell, "K", (unsigned long long)ident);
        size_t offset = answer == NULL ? 0 : PyLong_AsSize_t(answer);
        Py_XDECREF(answer);
        if (PyErr_Occurred()) return NULL;
        if (generation != w->generation) offset = 0; /* forked meanwhile: this thread records nothing until the next call */
        if (offset + CELL_SIZE > w->length) offset = 0;
        cell->generation = generation;
        cell->at = offset == 0 ? NULL : w->base + offset;
        cell->ident = ident;
        cell->busy = 0;
    }
    return cell;
}

/* 1: this call made the entry and must leave it; 0: an outer operation has the cell, or there is no cell; -1: error. */
static int enter(Writer *w, int op, uint64_t obj, uint32_t loc, int64_t a, int64_t b, uint64_t t0) {
    Cell *cell;
    uint8_t *at;
    if (!*here) found_fork(w);
    if (!w->active) return 0;
    cell = cell_of(w);
    if (cell == NULL) return -1;
    if (cell->busy || cell->at == NULL) return 0;
    cell->busy = 1;
    at = cell->at;
    publish(at, 0);
    put32(at + CELL_AT_LOC, loc);
    put64(at + CELL_AT_T0, t0);
    put64(at + CELL_AT_THREAD, cell->ident);
    put64(at + CELL_AT_OBJ, obj);
    put64(at + CELL_AT_A, (uint64_t)a);
    put64(at + CELL_AT_B, (uint64_t)b);
    publish(at, (uint8_t)op);
    return 1;
}

static void leave(Writer *w, uint64_t generation) {
    Cell *cell = &my_cell;
    /* After a fork in between, the cell belongs to the parent and may no longer be mapped. */
    if (*here && w->generation == generation && cell->generation == generation && cell->busy) {
        publish(cell->at, 0);
        cell->busy = 0;
    }
}

/* ---- events ---- */

/* Gets a number whose slot may be written. 1: done; 0: none; -1: error. */
static int reserve(Writer *w, uint64_t *number) {
    uint64_t generation = w->generation;
    uint64_t seq = w->next++;
    if (seq >= w->limit) {
        PyObject *answer = be_fresh(w) < 0 ? NULL : PyObject_CallFunction(w->make_room, "K", (unsigned long long)seq);
        long long found;
        if (answer == NULL) return -1;
        found = PyLong_AsLongLong(answer);
        Py_DECREF(answer);
        if (found == -1 && PyErr_Occurred()) return -1;
        if (found < 0 || generation != w->generation || (uint64_t)found >= w->limit + MOST_MARGIN || (uint64_t)found < w->floor) return 0;
        seq = (uint64_t)found;
    }
    *number = seq;
    return 1;
}

static uint8_t *slot_of(Writer *w, uint64_t seq) { return w->ring + seq % w->slots * SLOT_SIZE; }

typedef struct {
    const uint8_t *data;
    Py_ssize_t have; /* bytes of it that are recorded */
    uint64_t size;
} Head;

/* Counts an event that has no slot. 0, or -1 with an error set. */
static int unwritten(Writer *w, uint64_t generation, uint64_t obj, int kind, int outcome, uint64_t size) {
    PyObject *done;
    if (!w->active || generation != w->generation) return 0; /* forked meanwhile: the event belongs to the parent */
    done = be_fresh(w) < 0 ? NULL
                           : PyObject_CallFunction(w->unwritten, "KiiK", (unsigned long long)obj, kind, outcome, (unsigned long long)size);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

/* 0, or -1 with an error set. */
static int emit(Writer *w, int kind, int outcome, unsigned flags, uint64_t t0, uint64_t t1, uint64_t obj, uint32_t loc, int64_t a,
                int64_t b, Head head) {
    uint64_t seq, generation;
    uint8_t *at;
    Py_ssize_t inside, start;
    int got, tries = 8;
    if (!*here) found_fork(w);
    generation = w->generation;
again:
    got = w->active ? reserve(w, &seq) : 0;
    if (got < 0) return -1;
    if (got == 0) return unwritten(w, generation, obj, kind, outcome, head.size);
    inside = head.have < SLOT_DATA_SIZE ? head.have : SLOT_DATA_SIZE;
    if (head.have > SLOT_DATA_SIZE && w->payload_max > SLOT_DATA_SIZE) {
        unsigned count = 0;
        for (start = SLOT_DATA_SIZE; start < head.have; start += EXT_DATA_SIZE) {
            uint64_t number;
            Py_ssize_t part = head.have - start < EXT_DATA_SIZE ? head.have - start : EXT_DATA_SIZE;
            got = reserve(w, &number);
            if (got < 0) return -1;
            if (generation != w->generation) return 0;
            if (got == 0) break;
            count++;
            at = slot_of(w, number);
            at[EXT_AT_INDEX] = (uint8_t)count;
            put16(at + EXT_AT_LENGTH, (uint16_t)part);
            put32(at + EXT_AT_SEQ, (uint32_t)number);
            put32(at + EXT_AT_OWNER, (uint32_t)seq);
            memset(at + EXT_AT_OWNER + 4, 0, EXT_AT_DATA - EXT_AT_OWNER - 4);
            memcpy(at + EXT_AT_DATA, head.data + start, (size_t)part);
            memset(at + EXT_AT_DATA + part, 0, (size_t)(EXT_DATA_SIZE - part));
            publish(at, KIND_EXT);
        }
        flags |= count;
        if (seq < w->floor) { /* during make_room other threads wrapped the whole ring: the slot belongs to another event */
            if (--tries == 0) return unwritten(w, generation, obj, kind, outcome, head.size);
            flags &= ~(unsigned)SLOT_FLAG_EXT_MASK;
            goto again;
        }
    }
    at = slot_of(w, seq);
    at[SLOT_AT_OUTCOME] = (uint8_t)outcome;
    put16(at + SLOT_AT_FLAGS, (uint16_t)flags);
    put32(at + SLOT_AT_SEQ, (uint32_t)seq);
    put64(at + SLOT_AT_T0, t0);
    put64(at + SLOT_AT_T1, t1);
    put64(at + SLOT_AT_THREAD, (uint64_t)PyThread_get_thread_ident());
    put64(at + SLOT_AT_OBJ, obj);
    put32(at + SLOT_AT_LOC, loc);
    put32(at + SLOT_AT_SIZE, head.size > UINT32_MAX ? UINT32_MAX : (uint32_t)head.size);
    put64(at + SLOT_AT_A, (uint64_t)a);
    put64(at + SLOT_AT_B, (uint64_t)b);
    if (inside > 0) memcpy(at + SLOT_AT_DATA, head.data, (size_t)inside);
    memset(at + SLOT_AT_DATA + inside, 0, (size_t)(SLOT_DATA_SIZE - inside));
    publish(at, (uint8_t)kind);
    w->last = seq;
    return 0;
}

/* The same with any bytes-like object as the payload, or NULL. */
static int emit_payload(Writer *w, int kind, int outcome, unsigned flags, uint64_t t0, uint64_t t1, uint64_t obj, uint32_t loc, int64_t a,
                        int64_t b, PyObject *payload, uint64_t size) {
    Head head = {NULL, 0, size};
    PyObject *flat = NULL;
    int result;
    if (payload != NULL && payload != Py_None) {
        Py_ssize_t length;
        if (PyBytes_CheckExact(payload)) {
            head.data = (const uint8_t *)PyBytes_AS_STRING(payload);
            length = PyBytes_GET_SIZE(payload);
            head.size = (uint64_t)length;
        } else {
            Py_buffer *view = PyMemoryView_Check(payload) ? PyMemoryView_GET_BUFFER(payload) : NULL;
            /* A released view has no object; its `len()` raises in Python. */
            if (view != NULL && view->obj != NULL && view->itemsize == 1 && view->ndim == 1 && PyBuffer_IsContiguous(view, 'C')) {
                head.data = view->buf;
                length = view->len;
                head.size = (uint64_t)length;
            } else {
                PyObject *answer = PyObject_CallFunctionObjArgs(w->flatten, payload, NULL);
                unsigned long long whole;
                if (answer == NULL) return -1;
                if (!PyArg_ParseTuple(answer, "SK", &flat, &whole)) {
                    Py_DECREF(answer);
                    return -1;
                }
                Py_INCREF(flat);
                Py_DECREF(answer);
                head.data = (const uint8_t *)PyBytes_AS_STRING(flat);
                length = PyBytes_GET_SIZE(flat);
                head.size = whole;
            }
        }
        head.have = length < w->payload_max ? length : w->payload_max;
    }
    result = emit(w, kind, outcome, flags, t0, t1, obj, loc, a, b, head);
    Py_XDECREF(flat);
    return result;
}

/* ---- functions that the hooks in Python call ---- */

static int integers(PyObject *const *args, Py_ssize_t count, uint64_t *values) {
    Py_ssize_t i;
    for (i = 0; i < count; i++) {
        values[i] = PyLong_AsUnsignedLongLongMask(args[i]);
        if (values[i] == (uint64_t)-1 && PyErr_Occurred()) return -1;
    }
    return 0;
}

static PyObject *writer_emit(Writer *w, PyObject *const *args, Py_ssize_t count) {
    uint64_t n[9] = {0}, size = 0;
    if (count < 7 || count > 11) return PyErr_Format(PyExc_TypeError, "emit takes 7 to 11 arguments");
    if (integers(args, count < 9 ? count : 9, n) < 0) return NULL;
    if (count == 11 && integers(args + 10, 1, &size) < 0) return NULL;
    w->last = UINT64_MAX;
    if (emit_payload(w, (int)n[0], (int)n[1], (unsigned)n[2], n[3], n[4], n[5], (uint32_t)n[6], (int64_t)n[7], (int64_t)n[8],
                     count > 9 ? args[9] : NULL, size) < 0)
        return NULL;
    if (w->last == UINT64_MAX) Py_RETURN_NONE;
    return PyLong_FromUnsignedLongLong(w->last);
}

static PyObject *writer_enter(Writer *w, PyObject *const *args, Py_ssize_t count) {
    uint64_t n[6] = {0, 0, 0, (uint64_t)-1, 0, 0};
    int made;
    if (count < 3 || count > 6) return PyErr_Format(PyExc_TypeError, "enter takes 3 to 6 arguments");
    if (integers(args, count, n) < 0) return NULL;
    if (!w->active) Py_RETURN_NONE;
    made = enter(w, (int)n[0], n[1], (uint32_t)n[2], (int64_t)n[3], (int64_t)n[4], n[5] != 0 ? n[5] : now());
    if (made < 0) return NULL;
    if (made == 0) Py_RETURN_NONE;
    return PyLong_FromUnsignedLongLong(w->generation);
}

static PyObject *writer_leave(Writer *w, PyObject *token) {
    if (token != Py_None) {
        uint64_t generation = PyLong_AsUnsignedLongLongMask(token);
        if (PyErr_Occurred()) return NULL;
        leave(w, generation);
    }
    Py_RETURN_NONE;
}

static PyObject *writer_user_line(Writer *w, PyObject *frame) {
    int64_t found;
    if (frame == Py_None) return PyLong_FromLong(0);
    if (!PyFrame_Check(frame)) return PyErr_Format(PyExc_TypeError, "a frame is wanted");
    found = user_line(w, (PyFrameObject *)frame);
    return found < 0 ? NULL : PyLong_FromLongLong(found);
}

static PyObject *writer_is_user_frame(Writer *w, PyObject *frame) {
    int class;
    if (!PyFrame_Check(frame)) return PyErr_Format(PyExc_TypeError, "a frame is wanted");
    class = class_of_frame(w, (PyFrameObject *)frame);
    return class < 0 ? NULL : PyBool_FromLong(class == USER);
}

static PyObject *writer_next_seq(Writer *w, PyObject *nothing) {
    (void)nothing;
    return PyLong_FromUnsignedLongLong(w->next++);
}

static PyObject *writer_bounds(Writer *w, PyObject *args) {
    unsigned long long limit, slots, floor;
    if (!PyArg_ParseTuple(args, "KKK", &limit, &slots, &floor)) return NULL;
    if (slots == 0 || (uint64_t)(w->ring - w->base) + slots * SLOT_SIZE > w->length)
        return PyErr_Format(PyExc_ValueError, "the ring is larger than the journal");
    w->limit = limit;
    w->slots = slots;
    if (floor > w->floor) w->floor = floor;
    Py_RETURN_NONE;
}

/* bind(mapping, ring offset, limit, slots, payload, make_room, unwritten, new_cell): from now on events are written there. */
static PyObject *writer_bind(Writer *w, PyObject *args) {
    PyObject *mapping, *make_room, *unwritten, *new_cell;
    unsigned long long offset, limit, slots;
    Py_ssize_t payload;
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "OKKKnOOO", &mapping, &offset, &limit, &slots, &payload, &make_room, &unwritten, &new_cell)) return NULL;
    if (PyObject_GetBuffer(mapping, &view, PyBUF_WRITABLE) < 0) return NULL;
    if (slots == 0 || offset + slots * SLOT_SIZE > (uint64_t)view.len || payload < 0) {
        PyBuffer_Release(&view);
        return PyErr_Format(PyExc_ValueError, "the ring is larger than the journal");
    }
    if (w->journal.obj != NULL) PyBuffer_Release(&w->journal);
    w->journal = view;
    w->base = view.buf;
    w->length = (size_t)view.len;
    w->ring = w->base + offset;
    w->next = w->floor = 0;
    w->limit = limit;
    w->slots = slots;
    w->payload_max = payload;
    w->generation = ++generations;
    w->stale = 0;
    w->meta_slots = 0;
    Py_INCREF(make_room);
    Py_XSETREF(w->make_room, make_room);
    Py_INCREF(unwritten);
    Py_XSETREF(w->unwritten, unwritten);
    Py_INCREF(new_cell);
    Py_XSETREF(w->new_cell, new_cell);
    w->active = 1;
    Py_RETURN_NONE;
}

/* arm(page or None): the control page, whose first byte says whether anything is armed. */
static PyObject *writer_arm(Writer *w, PyObject *page) {
    Py_buffer view;
    if (page == Py_None) {
        w->armed = unarmed;
        Py_RETURN_NONE;
    }
    if (PyObject_GetBuffer(page, &view, PyBUF_SIMPLE) < 0) return NULL;
    if (view.len < 1) {
        PyBuffer_Release(&view);
        return PyErr_Format(PyExc_ValueError, "the page is empty");
    }
    w->armed = view.buf; /* the view is never released: hooks read it until the process exits */
    Py_RETURN_NONE;
}

static PyObject *writer_off(Writer *w, PyObject *nothing) {
    (void)nothing;
    w->active = 0;
    Py_RETURN_NONE;
}

/* watch(forked): this process owns the journal; from now on, children forked by C code are detected. */
static PyObject *writer_watch(Writer *w, PyObject *forked);

#include "records.h"
#include "forks.h"

static PyMethodDef writer_methods[] = {
    {"emit", (PyCFunction)(void (*)(void))writer_emit, METH_FASTCALL, "As Ring.emit."},
    {"enter", (PyCFunction)(void (*)(void))writer_enter, METH_FASTCALL, "As cells.enter."},
    {"leave", (PyCFunction)writer_leave, METH_O, "As cells.leave."},
    {"user_line", (PyCFunction)writer_user_line, METH_O, "As locate.user_line."},
    {"is_user_frame", (PyCFunction)writer_is_user_frame, METH_O, "As locate.is_user_frame."},
    {"next_seq", (PyCFunction)writer_next_seq, METH_NOARGS, "The next event's number."},
    {"bounds", (PyCFunction)writer_bounds, METH_VARARGS, "bounds(limit, slots, floor) of the ring."},
    {"bind", (PyCFunction)writer_bind, METH_VARARGS, "Write into another journal from now on."},
    {"arm", (PyCFunction)writer_arm, METH_O, "The control page, or None."},
    {"off", (PyCFunction)writer_off, METH_NOARGS, "Nothing is written until the next bind."},
    {"bind_records", (PyCFunction)writer_bind_records, METH_VARARGS, "Where records and ids come from, after bind."},
    {"record", (PyCFunction)(void (*)(void))writer_record, METH_FASTCALL | METH_KEYWORDS, "As Records.record."},
    {"end", (PyCFunction)writer_end, METH_NOARGS, "As Journal.end."},
    {"next_object", (PyCFunction)writer_next_object, METH_NOARGS, "The next number for an id."},
    {"inherit", (PyCFunction)writer_inherit, METH_VARARGS, "Prepares the journals of forked children."},
    {"begin", (PyCFunction)writer_begin, METH_VARARGS, "The first journal."},
    {"after_fork", (PyCFunction)writer_after_fork, METH_NOARGS, "For os.register_at_fork: in the child."},
    {"watch", (PyCFunction)writer_watch, METH_O, "Tell this process from its forked children, which call this."},
    {"rebind", (PyCFunction)writer_rebind, METH_VARARGS, "What looks after the journal of a forked child."},
    {"populate", (PyCFunction)writer_populate, METH_VARARGS, "Blocks of the journal's file, through memory."},
    {"view", (PyCFunction)writer_view, METH_NOARGS, "The journal's bytes."},
    {"path", (PyCFunction)writer_path, METH_NOARGS, "The journal's path, as bytes."},
    {NULL, NULL, 0, NULL},
};

/* Writer(classify, declare, flatten, reported) */
static PyObject *writer_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    PyObject *classify, *declare, *flatten, *reported;
    Writer *w;
    if (named != NULL && PyDict_GET_SIZE(named) > 0) return PyErr_Format(PyExc_TypeError, "no names are taken");
    if (!PyArg_ParseTuple(args, "OOOO", &classify, &declare, &flatten, &reported)) return NULL;
    w = (Writer *)type->tp_alloc(type, 0);
    if (w == NULL) return NULL;
    w->room = 1024;
    w->lines = PyMem_RawCalloc(w->room, sizeof(Line));
    if (w->lines == NULL) {
        Py_DECREF(w);
        return PyErr_NoMemory();
    }
    w->armed = unarmed;
    Py_INCREF(classify);
    w->classify = classify;
    Py_INCREF(declare);
    w->declare = declare;
    Py_INCREF(flatten);
    w->flatten = flatten;
    Py_INCREF(reported);
    w->reported = reported;
    Py_INCREF(w); /* never deallocated: finalizers may close a connection when all else is gone */
    return (PyObject *)w;
}

static PyTypeObject WriterType = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "forkscope_accelerator.Writer",
    .tp_basicsize = sizeof(Writer),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = writer_methods,
    .tp_new = writer_new,
};

/* The hooks: of methods, and of functions of os. */
#include "hooks.h"
#include "calls.h"

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "forkscope_accelerator",
                                    .m_doc = "The hot paths of Forkscope's runtime.", .m_size = -1};

PyMODINIT_FUNC PyInit_forkscope_accelerator(void) {
    PyObject *made;
    str_uid = PyUnicode_InternFromString("uid");
    str_fork_loc = PyUnicode_InternFromString("fork_loc");
    str_gid = PyUnicode_InternFromString("_forkscope_gid");
    str_tell = PyUnicode_InternFromString("tell");
    str_getvalue = PyUnicode_InternFromString("getvalue");
    str_getbuffer = PyUnicode_InternFromString("getbuffer");
    if (str_uid == NULL || str_fork_loc == NULL || str_gid == NULL || str_tell == NULL || str_getvalue == NULL || str_getbuffer == NULL)
        return NULL;
    if (PyType_Ready(&WriterType) < 0 || PyType_Ready(&HookType) < 0 || PyType_Ready(&CallType) < 0) return NULL;
    made = PyModule_Create(&module);
    if (made == NULL) return NULL;
    Py_INCREF(&WriterType);
    Py_INCREF(&HookType);
    Py_INCREF(&CallType);
    if (PyModule_AddObject(made, "Writer", (PyObject *)&WriterType) < 0 || PyModule_AddObject(made, "Hook", (PyObject *)&HookType) < 0 ||
        PyModule_AddObject(made, "Call", (PyObject *)&CallType) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
