/* Journals created without the runtime's Python code: a process's first one, and its forked children's. Included by accelerator.c.
 *
 * Each page of the parent that a child writes to is copied, and Python writes to every object that it reads (it counts references).
 * So this code creates the file, from data prepared at the start. The Python objects of a journal (ring.py, cells.py) are created
 * on first use. If anything is not as expected, Python creates the journal as usual. */

enum { MOST_RECORD = 3500, MOST_PATH = 1024, HEADER_USED = HEADER_AT_ENDED_MONO + 8 };

/* ---- whether this process owns the journal ---- */

/* A byte that is 0 in every forked child, however it was forked: the kernel clears its page there. A vfork shares the page, like all memory.
 * Without it (before Linux 4.14, other systems), pthread_atfork reports the forks of the C library. */
static void forget_parent(void) { *here = 0; }

static int watched; /* forks are detected */

static void watch_forks(void) {
    if (watched) return;
    watched = 1;
#if defined(MADV_WIPEONFORK) && defined(MAP_ANONYMOUS)
    {
        size_t size = (size_t)sysconf(_SC_PAGESIZE);
        void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page != MAP_FAILED && madvise(page, size, MADV_WIPEONFORK) == 0) {
            here = page;
            *here = 1;
            return;
        }
        if (page != MAP_FAILED) munmap(page, size);
    }
#endif
    watched = pthread_atfork(NULL, NULL, forget_parent) == 0;
}

struct Heritage {
    char *folder, *described; /* PyMem_Raw */
    size_t described_length;
    uint64_t size, begun, cells_at, cells, meta_at, meta_slots, ring_at, ring_slots, ring_limit, version, device, inode;
    PyObject *runtime, *rebuild, *slow;
};
typedef struct Heritage Heritage;

static int random_uid(uint32_t *uid) {
    ssize_t got = -1;
#ifdef SYS_getrandom
    got = syscall(SYS_getrandom, uid, sizeof *uid, 0);
#endif
    if (got != sizeof *uid) {
        int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
        if (fd < 0) return 0;
        got = read(fd, uid, sizeof *uid);
        close(fd);
    }
    if (*uid == 0) *uid = 1;
    return got == sizeof *uid;
}

/* As folder.ours. */
static int is_ours(const Heritage *h) {
    struct stat found;
    return lstat(h->folder, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid() && (found.st_mode & 022) == 0 &&
           (uint64_t)found.st_dev == h->device && (uint64_t)found.st_ino == h->inode;
}

/* As folder.why_lost. */
static int is_there(const Heritage *h) {
    struct stat found;
    return lstat(h->folder, &found) == 0 || errno != ENOENT;
}

/* The record of a process: the prepared part, more fields, and its end. Returns its length; 0: Python must write it. */
static size_t describe(const char *known, size_t known_length, const char *more, uint64_t begun, char *into, size_t room) {
    int length;
    if (known_length >= room) return 0;
    memcpy(into, known, known_length);
    length = snprintf(into + known_length, room - known_length, "%s,\"t\":%llu,\"type\":\"process\"}", more, (unsigned long long)begun);
    return length < 0 || (size_t)length >= room - known_length ? 0 : known_length + (size_t)length;
}

static size_t describe_child(const Heritage *h, unsigned long loc, uint64_t begun, char *into, size_t room) {
    char cwd[MOST_PATH], text[MOST_PATH], more[MOST_PATH + 64];
    if (getcwd(cwd, sizeof cwd) == NULL) {
        if (errno == ERANGE) return 0;
        cwd[0] = 0;
    }
    if (!escape(cwd, text, sizeof text)) return 0;
    snprintf(more, sizeof more, ",\"cwd\":\"%s\",\"loc\":%lu", text, loc);
    return describe(h->described, h->described_length, more, begun, into, room);
}

static unsigned long line_of_fork(const Heritage *h) {
    PyObject *found;
    unsigned long loc;
    if (fork_line >= 0) return (unsigned long)fork_line;
    found = PyObject_GetAttr(h->runtime, str_fork_loc); /* the wrapper in Python has stored it there */
    loc = found == NULL ? 0 : PyLong_AsUnsignedLongMask(found);
    Py_XDECREF(found);
    PyErr_Clear();
    return loc;
}

static int write_at(int fd, const void *data, size_t length, uint64_t offset) {
    return pwrite(fd, data, length, (off_t)offset) == (ssize_t)length;
}

/* The header without its magic, which is written last. */
static void fill_header(const Heritage *h, uint8_t *at, uint32_t uid, uint32_t parent, uint64_t begun) {
    struct timespec wall;
    clock_gettime(CLOCK_REALTIME, &wall);
    memset(at, 0, HEADER_USED);
    put32(at + HEADER_AT_VERSION, VOCABULARY_VERSION);
    put32(at + HEADER_AT_SLOT_SIZE, SLOT_SIZE);
    put32(at + HEADER_AT_PID, (uint32_t)getpid());
    put32(at + HEADER_AT_PPID, (uint32_t)getppid());
    put32(at + HEADER_AT_UID, uid);
    put32(at + HEADER_AT_PARENT_UID, parent);
    put64(at + HEADER_AT_CREATED_MONO, begun);
    put64(at + HEADER_AT_CREATED_WALL, (uint64_t)wall.tv_sec * 1000000000u + (uint64_t)wall.tv_nsec);
    put64(at + HEADER_AT_CELLS_OFFSET, h->cells_at);
    put32(at + HEADER_AT_CELL_COUNT, (uint32_t)h->cells);
    put32(at + HEADER_AT_CELL_SIZE, CELL_SIZE);
    put64(at + HEADER_AT_META_OFFSET, h->meta_at);
    put64(at + HEADER_AT_META_SLOTS, h->meta_slots);
    put64(at + HEADER_AT_RING_OFFSET, h->ring_at);
    put64(at + HEADER_AT_RING_SLOTS, h->ring_slots);
    put32(at + HEADER_AT_STATE, STATE_RECORDING);
    put32(at + HEADER_AT_PYTHON_VERSION, (uint32_t)h->version);
}

/* Writes and maps the file; NULL: failed, and nothing remains of it. `parts`: number of slots of the record. */
static uint8_t *make_file(const Heritage *h, const char *path, uint32_t uid, uint32_t parent, uint64_t begun, const char *record,
                          size_t length, uint64_t *parts) {
    uint8_t header[HEADER_USED], slots[(MOST_RECORD + MOST_PATH + 200) / META_DATA_SIZE * SLOT_SIZE + SLOT_SIZE];
    size_t index;
    uint64_t used;
    void *mapped = MAP_FAILED;
    int fd = forbidden(h->size) ? -1 : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return NULL;
    *parts = (length + META_DATA_SIZE - 1) / META_DATA_SIZE;
    for (index = 0; index < *parts; index++) {
        uint8_t *at = slots + index * SLOT_SIZE;
        fill_slot(at, record + index * META_DATA_SIZE, part_of(index, length), index, 0, index);
        at[META_AT_KIND] = index == *parts - 1 ? META_KIND_LAST : META_KIND_PART;
    }
    used = h->meta_at + *parts * SLOT_SIZE;
    fill_header(h, header, uid, parent, begun);
    if (ftruncate(fd, (off_t)h->size) == 0 && write_at(fd, header, sizeof header, 0) &&
        write_zeros(fd, HEADER_USED, h->meta_at - HEADER_USED) && write_at(fd, slots, *parts * SLOT_SIZE, h->meta_at) &&
        write_zeros(fd, (off_t)used, h->begun - used) && write_zeros(fd, (off_t)h->ring_at, RING_FIRST * SLOT_SIZE))
        mapped = mmap(NULL, h->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED && !write_at(fd, HEADER_MAGIC_BYTES, 8, HEADER_AT_MAGIC)) {
        munmap(mapped, h->size);
        mapped = MAP_FAILED;
    }
    close(fd);
    if (mapped != MAP_FAILED) return mapped;
    unlink(path);
    return NULL;
}

/* 1: this process has its journal. 0: nothing has changed. Never leaves an error set.
 * `first`: the record, without its end, of a process that is not a recorded fork; NULL: this is a forked child. */
static int begin_journal(Writer *w, const char *first, size_t first_length) {
    const Heritage *h = w->heritage;
    char record[MOST_RECORD + MOST_PATH + 200], path[MOST_PATH], *kept = NULL;
    uint32_t uid = 0;
    uint64_t parts, begun = now(); /* no record is older than its journal */
    size_t length;
    unsigned long loc = first == NULL ? line_of_fork(h) : 0;
    PyObject *number = NULL;
    uint8_t *base = NULL;
    if (!is_ours(h) || !random_uid(&uid)) return 0;
    if ((size_t)snprintf(path, sizeof path, "%s/%d-%08x%s", h->folder, (int)getpid(), uid, JOURNAL_SUFFIX) >= sizeof path) return 0;
    length = first == NULL ? describe_child(h, loc, begun, record, sizeof record)
                           : describe(first, first_length, "", begun, record, sizeof record);
    if (length > 0 && (number = PyLong_FromUnsignedLong(uid)) != NULL && (kept = PyMem_RawMalloc(strlen(path) + 1)) != NULL) {
        strcpy(kept, path);
        base = make_file(h, path, uid, first == NULL ? w->uid : 0, begun, record, length, &parts);
    }
    if (base != NULL && PyObject_SetAttr(h->runtime, str_uid, number) < 0) {
        munmap(base, h->size);
        unlink(path);
        base = NULL;
    }
    Py_XDECREF(number);
    PyErr_Clear();
    if (base == NULL) {
        PyMem_RawFree(kept);
        return 0;
    }
    PyMem_RawFree(w->path);
    w->path = kept;
    w->uid = uid;
    w->base = base;
    w->length = h->size;
    w->ring = base + h->ring_at;
    w->next = w->floor = 0;
    w->limit = h->ring_limit;
    w->slots = h->ring_slots;
    w->meta_at = h->meta_at;
    w->meta_slots = h->meta_slots;
    w->meta_reserved = META_FIRST;
    w->meta_next = parts;
    w->meta_dropped = 0;
    w->next_object = 1;
    w->generation = ++generations;
    w->stale = 1;
    *here = 1;
    if (first == NULL && loc != 0 && fork_line < 0) { /* it belonged to this fork: a fork by C code has no known line */
        number = PyLong_FromLong(0);
        if (number == NULL || PyObject_SetAttr(h->runtime, str_fork_loc, number) < 0) PyErr_Clear();
        Py_XDECREF(number);
    }
    return 1;
}

/* Runs the callback in a child of a fork by C code. Leaves no error of ours set: the callback reports its own. */
static void call_forked(Writer *w, int made) {
    PyObject *done = w->forked == NULL ? NULL : PyObject_CallFunctionObjArgs(w->forked, made ? Py_True : Py_False, NULL);
    if (done == NULL) {
        if (!made) w->active = 0; /* never into the parent's journal */
        PyErr_Clear();
    }
    Py_XDECREF(done);
}

/* C code has forked, and this is the child's first event. Or Python has forked, and an object deallocated early in the child causes an event. */
static void found_fork(Writer *w) {
    PyObject *error;
    int python;
    if (!w->active) return;
    error = take_error();
    python = fork_line >= 0;
    *here = 1; /* the calls below may cause events */
    w->generation = ++generations; /* the parent's cells are not written to */
    if (w->heritage != NULL && begin_journal(w, NULL, 0)) {
        if (!python) call_forked(w, 1);
    } else {
        w->active = 0;
        call_forked(w, 0);
    }
    if (error != NULL) give_error(error);
}

static PyObject *writer_watch(Writer *w, PyObject *forked) {
    watch_forks();
    Py_INCREF(forked);
    Py_XSETREF(w->forked, forked);
    Py_RETURN_NONE;
}

/* after_fork(): for os.register_at_fork. Never raises an error of ours. */
static PyObject *writer_after_fork(Writer *w, PyObject *nothing) {
    PyObject *done;
    (void)nothing;
    if (!w->active || w->heritage == NULL) Py_RETURN_NONE;
    if (watched && *here) Py_RETURN_NONE; /* an object of the parent's other threads caused an event already: see found_fork */
    *here = 1;
    if (begin_journal(w, NULL, 0)) Py_RETURN_NONE;
    if (fork_line >= 0) {
        PyObject *loc = PyLong_FromLongLong(fork_line);
        if (loc == NULL || PyObject_SetAttr(w->heritage->runtime, str_fork_loc, loc) < 0) PyErr_Clear();
        Py_XDECREF(loc);
    }
    done = PyObject_CallFunctionObjArgs(w->heritage->slow, NULL);
    if (done == NULL) w->active = 0; /* never into the parent's journal */
    return done;
}

static char *copy_of(const char *data, size_t length) {
    char *copy = PyMem_RawMalloc(length + 1);
    if (copy == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    memcpy(copy, data, length);
    copy[length] = 0;
    return copy;
}

/* inherit(runtime, folder, described, size, begun, cells_at, cells, meta_at, meta_slots, ring_at, ring_slots, ring_limit, payload, version, device,
 * inode, encode, rebuild, slow): sets how journals are created from now on; see native_journal.py. */
static PyObject *writer_inherit(Writer *w, PyObject *args) {
    Heritage given, *h;
    const char *folder, *described;
    Py_ssize_t folder_length, described_length;
    unsigned long long n[13];
    PyObject *encode;
    memset(&given, 0, sizeof given);
    if (!PyArg_ParseTuple(args, "Oy#y#KKKKKKKKKKKKKOOO", &given.runtime, &folder, &folder_length, &described, &described_length, &n[0],
                          &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &n[8], &n[9], &n[10], &n[11], &n[12], &encode, &given.rebuild,
                          &given.slow))
        return NULL;
    given.size = n[0], given.begun = n[1], given.cells_at = n[2], given.cells = n[3], given.meta_at = n[4], given.meta_slots = n[5];
    given.ring_at = n[6], given.ring_slots = n[7], given.ring_limit = n[8], given.version = n[10], given.device = n[11],
    given.inode = n[12];
    if (described_length > MOST_RECORD || given.size > INT64_MAX / 2 || given.cells > given.size / CELL_SIZE ||
        given.meta_slots > given.size / SLOT_SIZE || given.ring_slots > given.size / SLOT_SIZE || given.cells_at < HEADER_SIZE ||
        given.cells_at + given.cells * CELL_SIZE > given.meta_at || given.meta_at + given.meta_slots * SLOT_SIZE > given.ring_at ||
        given.ring_at + given.ring_slots * SLOT_SIZE > given.size || given.begun != given.meta_at + META_FIRST * SLOT_SIZE ||
        given.ring_slots < RING_FIRST || given.meta_slots < META_FIRST || n[9] > INT32_MAX)
        return PyErr_Format(PyExc_ValueError, "this cannot be inherited");
    given.described_length = (size_t)described_length;
    given.folder = copy_of(folder, (size_t)folder_length);
    given.described = copy_of(described, (size_t)described_length);
    h = PyMem_RawMalloc(sizeof *h);
    if (h == NULL || given.folder == NULL || given.described == NULL) {
        PyMem_RawFree(h);
        PyMem_RawFree(given.folder);
        PyMem_RawFree(given.described);
        return PyErr_NoMemory();
    }
    *h = given;
    Py_INCREF(h->runtime);
    Py_INCREF(h->rebuild);
    Py_INCREF(h->slow);
    Py_INCREF(encode);
    Py_XSETREF(w->encode, encode);
    w->payload_max = (Py_ssize_t)n[9];
    w->heritage =
        h; /* lives as long as the writer: forever. If Python had to create the first journal, a second heritage with its sizes replaces this */
    Py_RETURN_NONE;
}

/* begin(described): creates the first journal, with the process's record. False: Python must create it. */
static PyObject *writer_begin(Writer *w, PyObject *args) {
    const char *described;
    Py_ssize_t length;
    if (!PyArg_ParseTuple(args, "y#", &described, &length)) return NULL;
    if (w->heritage == NULL || w->base != NULL) return PyErr_Format(PyExc_ValueError, "this is not the first journal");
    if (!begin_journal(w, described, (size_t)length)) Py_RETURN_FALSE;
    w->active = 1;
    Py_RETURN_TRUE;
}

/* Ensures that the Python objects of the journal exist. 0: they do; -1: error. */
static int be_fresh(Writer *w) {
    PyObject *done;
    if (!w->stale) return 0;
    done = PyObject_CallFunctionObjArgs(w->heritage->rebuild, NULL);
    if (done == NULL) return -1;
    Py_DECREF(done);
    if (w->stale) {
        PyErr_SetString(PyExc_RuntimeError, "the journal's part in Python was not made");
        return -1;
    }
    return 0;
}

/* rebind(make_room, unwritten, new_cell): the callbacks of the journal that after_fork created; only the first call counts. */
static PyObject *writer_rebind(Writer *w, PyObject *args) {
    PyObject *make_room, *unwritten, *new_cell;
    if (!PyArg_ParseTuple(args, "OOO", &make_room, &unwritten, &new_cell)) return NULL;
    if (w->stale) {
        w->stale = 0;
        Py_INCREF(make_room);
        Py_XSETREF(w->make_room, make_room);
        Py_INCREF(unwritten);
        Py_XSETREF(w->unwritten, unwritten);
        Py_INCREF(new_cell);
        Py_XSETREF(w->new_cell, new_cell);
    }
    Py_RETURN_NONE;
}

static PyObject *writer_view(Writer *w, PyObject *nothing) {
    (void)nothing;
    if (w->base == NULL) return PyErr_Format(PyExc_ValueError, "there is no journal");
    return PyMemoryView_FromMemory((char *)w->base, (Py_ssize_t)w->length, PyBUF_WRITE);
}

static PyObject *writer_path(Writer *w, PyObject *nothing) {
    (void)nothing;
    if (w->path == NULL) return PyErr_Format(PyExc_ValueError, "there is no journal");
    return PyBytes_FromString(w->path);
}
