/* A forked child's journal, made without the Python of the runtime. Included by accelerator.c.
 *
 * Each page of the parent's that the child writes to is copied, and Python writes to whatever it looks at (it counts references).
 * So the child's file is made here, from what the parent has prepared at its start; the objects in Python that look after
 * a journal (ring.py, cells.py) are made when they are first needed. Where anything is not as expected, Python makes
 * the journal as ever. */

enum { MOST_RECORD = 3500, MOST_PATH = 1024 };

struct Heritage {
    char *folder, *template, *described; /* PyMem_Raw */
    size_t template_length, described_length;
    uint64_t size, meta_at, meta_slots, ring_at, ring_slots, ring_limit, device, inode;
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

/* The child's record of itself. Its length; 0: Python has to write it. */
static size_t describe(const Heritage *h, unsigned long loc, uint64_t begun, char *into, size_t room) {
    char cwd[MOST_PATH];
    int length;
    if (getcwd(cwd, sizeof cwd) == NULL) {
        if (errno == ERANGE) return 0;
        cwd[0] = 0;
    }
    if (!is_simple(cwd, strlen(cwd))) return 0;
    memcpy(into, h->described, h->described_length);
    length = snprintf(into + h->described_length, room - h->described_length, ",\"cwd\":\"%s\",\"loc\":%lu,\"t\":%llu,\"type\":\"process\"}", cwd,
                      loc, (unsigned long long)begun);
    if (length < 0 || (size_t)length >= room - h->described_length) return 0;
    return h->described_length + (size_t)length;
}

static int write_at(int fd, const void *data, size_t length, uint64_t offset) {
    return pwrite(fd, data, length, (off_t)offset) == (ssize_t)length;
}

/* Writes and maps the file; NULL: it is not there, whatever was begun. `parts`: how many slots the record has taken. */
static uint8_t *make_file(const Heritage *h, const char *path, uint32_t uid, uint32_t parent, uint64_t begun, const char *record, size_t length,
                          uint64_t *parts) {
    uint8_t header[HEADER_AT_CELLS_OFFSET], slots[(MOST_RECORD + MOST_PATH + 200) / META_DATA_SIZE * SLOT_SIZE + SLOT_SIZE];
    struct timespec wall;
    size_t index;
    void *mapped = MAP_FAILED;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return NULL;
    *parts = (length + META_DATA_SIZE - 1) / META_DATA_SIZE;
    for (index = 0; index < *parts; index++) {
        uint8_t *at = slots + index * SLOT_SIZE;
        fill_slot(at, record + index * META_DATA_SIZE, part_of(index, length), index, 0, index);
        at[META_AT_KIND] = index == *parts - 1 ? META_KIND_LAST : META_KIND_PART;
    }
    clock_gettime(CLOCK_REALTIME, &wall);
    memcpy(header, h->template, sizeof header); /* its magic is written last */
    put32(header + HEADER_AT_PID, (uint32_t)getpid());
    put32(header + HEADER_AT_PPID, (uint32_t)getppid());
    put32(header + HEADER_AT_UID, uid);
    put32(header + HEADER_AT_PARENT_UID, parent);
    put64(header + HEADER_AT_CREATED_MONO, begun);
    put64(header + HEADER_AT_CREATED_WALL, (uint64_t)wall.tv_sec * 1000000000u + (uint64_t)wall.tv_nsec);
    if (ftruncate(fd, (off_t)h->size) == 0 && write_at(fd, h->template, h->template_length, 0) &&
        write_zeros(fd, (off_t)h->ring_at, RING_FIRST * SLOT_SIZE) && write_at(fd, header, sizeof header, 0) &&
        write_at(fd, slots, *parts * SLOT_SIZE, h->meta_at))
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

/* 1: this child has its journal. 0: nothing has changed. Never leaves an error. */
static int begin_child(Writer *w) {
    const Heritage *h = w->heritage;
    char record[MOST_RECORD + MOST_PATH + 200], path[MOST_PATH], *kept = NULL;
    uint32_t uid = 0;
    uint64_t parts, begun = now(); /* no record is older than its journal */
    size_t length;
    unsigned long loc = (unsigned long)fork_line;
    PyObject *number = NULL;
    uint8_t *base = NULL;
    if (!is_ours(h) || !random_uid(&uid)) return 0;
    if ((size_t)snprintf(path, sizeof path, "%s/%d-%08x%s", h->folder, (int)getpid(), uid, JOURNAL_SUFFIX) >= sizeof path) return 0;
    if (fork_line < 0) { /* the wrapper in Python has left it there */
        PyObject *found = PyObject_GetAttr(h->runtime, str_fork_loc);
        loc = found == NULL ? 0 : PyLong_AsUnsignedLongMask(found);
        Py_XDECREF(found);
        PyErr_Clear();
    }
    length = describe(h, loc, begun, record, sizeof record);
    if (length > 0 && (number = PyLong_FromUnsignedLong(uid)) != NULL && (kept = PyMem_RawMalloc(strlen(path) + 1)) != NULL) {
        strcpy(kept, path);
        base = make_file(h, path, uid, w->uid, begun, record, length, &parts);
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
    return 1;
}

/* after_fork(): for os.register_at_fork. Raises nothing that is ours. */
static PyObject *writer_after_fork(Writer *w, PyObject *nothing) {
    PyObject *done;
    (void)nothing;
    if (!w->active || w->heritage == NULL) Py_RETURN_NONE;
    if (begin_child(w)) Py_RETURN_NONE;
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

/* inherit(runtime, folder, template, described, size, meta_at, meta_slots, ring_at, ring_slots, ring_limit, device, inode, rebuild, slow): once.
 * Children are made like this from now on; see heirs.py. */
static PyObject *writer_inherit(Writer *w, PyObject *args) {
    Heritage given, *h;
    const char *folder, *template, *described;
    Py_ssize_t folder_length, template_length, described_length;
    unsigned long long n[8];
    memset(&given, 0, sizeof given);
    if (!PyArg_ParseTuple(args, "Oy#y#y#KKKKKKKKOO", &given.runtime, &folder, &folder_length, &template, &template_length, &described, &described_length,
                          &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &n[6], &n[7], &given.rebuild, &given.slow))
        return NULL;
    if (w->heritage != NULL || described_length > MOST_RECORD || template_length < HEADER_AT_CELLS_OFFSET || (uint64_t)template_length > n[0] ||
        n[1] + n[2] * SLOT_SIZE > n[0] || n[3] + n[4] * SLOT_SIZE > n[0] || n[4] < RING_FIRST || n[2] < META_FIRST)
        return PyErr_Format(PyExc_ValueError, "this cannot be inherited");
    given.size = n[0], given.meta_at = n[1], given.meta_slots = n[2], given.ring_at = n[3];
    given.ring_slots = n[4], given.ring_limit = n[5], given.device = n[6], given.inode = n[7];
    given.template_length = (size_t)template_length;
    given.described_length = (size_t)described_length;
    given.folder = copy_of(folder, (size_t)folder_length);
    given.template = copy_of(template, (size_t)template_length);
    given.described = copy_of(described, (size_t)described_length);
    h = PyMem_RawMalloc(sizeof *h);
    if (h == NULL || given.folder == NULL || given.template == NULL || given.described == NULL) {
        PyMem_RawFree(h);
        PyMem_RawFree(given.folder);
        PyMem_RawFree(given.template);
        PyMem_RawFree(given.described);
        return PyErr_NoMemory();
    }
    *h = given;
    Py_INCREF(h->runtime);
    Py_INCREF(h->rebuild);
    Py_INCREF(h->slow);
    w->heritage = h; /* as long as the writer: for ever */
    Py_RETURN_NONE;
}

/* The journal's part in Python is needed. 0: it is there; -1: error. */
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

/* rebind(make_room, unwritten, new_cell): what looks after the journal that after_fork has made; the first one counts. */
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
