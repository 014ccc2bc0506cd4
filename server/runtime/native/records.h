/* Records: JSON in the slots of the meta area, the same as json_text.py and records.py write. Included by accelerator.c.
 *
 * The text is complete first. No Python code runs between a record's first slot and its last one, so no lock is needed. */

typedef struct {
    char *data;
    size_t used, room;
    char inside[1000]; /* enough for nearly every record */
} Text;

static void text_begin(Text *text) {
    text->data = text->inside;
    text->used = 0;
    text->room = sizeof text->inside;
}

static void text_end(Text *text) {
    if (text->data != text->inside) PyMem_RawFree(text->data);
}

/* 0, or -1 with MemoryError set. */
static int text_add(Text *text, const char *data, size_t length) {
    if (length > text->room - text->used) {
        size_t room = text->room * 2 > text->used + length ? text->room * 2 : text->used + length;
        char *larger = PyMem_RawMalloc(room);
        if (larger == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        memcpy(larger, text->data, text->used);
        text_end(text);
        text->data = larger;
        text->room = room;
    }
    memcpy(text->data + text->used, data, length);
    text->used += length;
    return 0;
}

/* Whether JSON needs no escapes for these characters. */
static int is_simple(const char *data, size_t length) {
    size_t i;
    for (i = 0; i < length; i++)
        if ((unsigned char)data[i] < 32 || (unsigned char)data[i] > 126 || data[i] == '"' || data[i] == '\\') return 0;
    return 1;
}

/* A path as JSON shows it, in ASCII. Bytes that are not UTF-8 become surrogates, as in Python ("surrogateescape"). 0: not enough room. */
static int escape(const char *path, char *into, size_t room) {
    const unsigned char *at = (const unsigned char *)path;
    size_t used = 0;
    while (*at != 0) {
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        uint32_t code = *at++;
        unsigned more = code >= 0xF0 && code < 0xF8 ? 3 : code >= 0xE0 ? 2 : code >= 0xC0 ? 1 : 0, i;
        if (room - used < 13) return 0;
        if (code < 0x80) {
            char one = (char)code;
            if (is_simple(&one, 1)) into[used++] = one;
            else used += (size_t)snprintf(into + used, room - used, "\\u%04x", (unsigned)code);
            continue;
        }
        if (code < 0xC0 || code >= 0xF8) more = 0;
        if (more > 0) {
            uint32_t whole = code & (0x3Fu >> more);
            for (i = 0; i < more && (at[i] & 0xC0) == 0x80; i++) whole = whole << 6 | (at[i] & 0x3F);
            if (i == more && whole >= least[more] && whole <= 0x10FFFF && (whole < 0xD800 || whole > 0xDFFF)) {
                at += more;
                if (whole >= 0x10000) {
                    used += (size_t)snprintf(into + used, room - used, "\\u%04x", (unsigned)(0xD7C0 + (whole >> 10)));
                    whole = 0xDC00 + (whole & 0x3FF);
                }
                used += (size_t)snprintf(into + used, room - used, "\\u%04x", (unsigned)whole);
                continue;
            }
        }
        used += (size_t)snprintf(into + used, room - used, "\\udc%02x", (unsigned)code);
    }
    into[used] = 0;
    return 1;
}

static int add_simple(Text *text, const char *data, size_t length) {
    return text_add(text, "\"", 1) < 0 || text_add(text, data, length) < 0 || text_add(text, "\"", 1) < 0 ? -1 : 0;
}

/* Python encodes all other values. */
static int add_by_python(Writer *w, Text *text, PyObject *value) {
    PyObject *answer = w->encode == NULL ? NULL : PyObject_CallFunctionObjArgs(w->encode, value, NULL);
    const char *data;
    Py_ssize_t length = 0;
    int done;
    if (answer == NULL) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_RuntimeError, "nothing encodes this");
        return -1;
    }
    data = PyUnicode_AsUTF8AndSize(answer, &length);
    done = data == NULL ? -1 : text_add(text, data, (size_t)length);
    Py_DECREF(answer);
    return done;
}

static int add_value(Writer *w, Text *text, PyObject *value) {
    if (value == Py_None) return text_add(text, "null", 4);
    if (value == Py_True) return text_add(text, "true", 4);
    if (value == Py_False) return text_add(text, "false", 5);
    if (PyUnicode_CheckExact(value) && PyUnicode_IS_COMPACT_ASCII(value)) {
        Py_ssize_t length;
        const char *data = PyUnicode_AsUTF8AndSize(value, &length);
        if (data == NULL) return -1;
        return is_simple(data, (size_t)length) ? add_simple(text, data, (size_t)length) : add_by_python(w, text, value);
    }
    if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        char digits[32];
        if (number == -1 && PyErr_Occurred()) return -1;
        if (overflow) return add_by_python(w, text, value);
        return text_add(text, digits, (size_t)snprintf(digits, sizeof digits, "%lld", number));
    }
    if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
        Py_ssize_t i;
        if (text_add(text, "[", 1) < 0) return -1;
        for (i = 0; i < PySequence_Fast_GET_SIZE(value); i++) {
            PyObject *item = PySequence_Fast_GET_ITEM(value, i);
            int done;
            Py_INCREF(item); /* a signal handler of the program may run while Python encodes */
            done = i > 0 && text_add(text, ",", 1) < 0 ? -1 : add_value(w, text, item);
            Py_DECREF(item);
            if (done < 0) return -1;
        }
        return text_add(text, "]", 1);
    }
    if (PyDict_CheckExact(value)) {
        PyObject *items = PyDict_Items(value);
        Py_ssize_t i;
        int done = items == NULL ? -1 : text_add(text, "{", 1);
        for (i = 0; done == 0 && i < PyList_GET_SIZE(items); i++) {
            PyObject *pair = PyList_GET_ITEM(items, i);
            if (i > 0) done = text_add(text, ",", 1);
            if (done == 0) done = add_value(w, text, PyTuple_GET_ITEM(pair, 0));
            if (done == 0) done = text_add(text, ":", 1);
            if (done == 0) done = add_value(w, text, PyTuple_GET_ITEM(pair, 1));
        }
        Py_XDECREF(items);
        return done < 0 ? -1 : text_add(text, "}", 1);
    }
    return add_by_python(w, text, value);
}

/* One slot of a record. */
static void fill_slot(uint8_t *at, const char *data, size_t length, uint64_t seq, uint64_t record, size_t index) {
    at[META_AT_KIND + 1] = 0;
    put16(at + META_AT_LENGTH, (uint16_t)length);
    put32(at + META_AT_SEQ, (uint32_t)seq);
    put32(at + META_AT_RECORD, (uint32_t)record);
    put32(at + META_AT_INDEX, (uint32_t)index);
    memcpy(at + META_AT_DATA, data, length);
    memset(at + META_AT_DATA + length, 0, META_DATA_SIZE - length);
}

static size_t part_of(size_t index, size_t length) {
    size_t left = length - index * META_DATA_SIZE;
    return left < META_DATA_SIZE ? left : META_DATA_SIZE;
}

/* As in blocks.py: writes zeros, so that a full disk is an error here. 1: written. */
static int write_zeros(int fd, off_t offset, size_t length) {
    static const uint8_t zeros[8192];
    while (length > 0) {
        ssize_t written = pwrite(fd, zeros, length < sizeof zeros ? length : sizeof zeros, offset);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return 0;
        offset += written;
        length -= (size_t)written;
    }
    return 1;
}

/* Whether a file of this size is forbidden: the kernel reports it by a signal, which may run a handler of the program or kill it. */
static int forbidden(uint64_t size) {
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && size > limit.rlim_cur;
}

/* As blocks._populated, for a file that can no longer be opened. */
static int populated(Writer *w, uint64_t offset, uint64_t length) {
#ifdef __linux__
    return w->base != NULL && offset % 4096 == 0 && offset + length <= w->length &&
           madvise(w->base + offset, length, 23 /* MADV_POPULATE_WRITE */) == 0;
#else
    (void)w, (void)offset, (void)length;
    return 0;
#endif
}

static PyObject *writer_populate(Writer *w, PyObject *args) {
    unsigned long long offset, length;
    if (!PyArg_ParseTuple(args, "KK", &offset, &length)) return NULL;
    return PyBool_FromLong(populated(w, offset, length));
}

/* Reserves the record slot `seq`. 1: done; 0: no space. */
static int make_record_room(Writer *w, uint64_t seq) {
    while (seq + MARGIN >= w->meta_reserved) {
        uint64_t more = w->meta_reserved < META_STEP ? w->meta_reserved : META_STEP;
        int fd, done;
        errno = 0;
        if (more > w->meta_slots - w->meta_reserved) more = w->meta_slots - w->meta_reserved;
        fd = more == 0 || w->path == NULL || forbidden(w->meta_at + (w->meta_reserved + more) * SLOT_SIZE)
                 ? -1
                 : open(w->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && more > 0 && (errno == EACCES || errno == EPERM) &&
            populated(w, w->meta_at + w->meta_reserved * SLOT_SIZE, more * SLOT_SIZE)) {
            w->meta_reserved += more;
            continue;
        }
        if (fd < 0) return seq < w->meta_reserved;
        done = write_zeros(fd, (off_t)(w->meta_at + w->meta_reserved * SLOT_SIZE), more * SLOT_SIZE);
        close(fd);
        if (!done) return seq < w->meta_reserved;
        w->meta_reserved += more;
    }
    return 1;
}

static void write_record(Writer *w, const char *data, size_t length) {
    size_t index, parts = (length + META_DATA_SIZE - 1) / META_DATA_SIZE;
    uint64_t record = w->meta_next;
    for (index = 0; index < parts; index++) {
        uint64_t seq = w->meta_next++;
        uint8_t *at;
        if (seq + MARGIN >= w->meta_reserved && !make_record_room(w, seq)) {
            put64(w->base + HEADER_AT_META_DROPPED, ++w->meta_dropped);
            return;
        }
        at = w->base + w->meta_at + seq * SLOT_SIZE;
        fill_slot(at, data + index * META_DATA_SIZE, part_of(index, length), seq, record, index);
        publish(at, index == parts - 1 ? META_KIND_LAST : META_KIND_PART);
    }
}

/* record(type, **fields): as Records.record. */
static PyObject *writer_record(Writer *w, PyObject *const *args, Py_ssize_t count, PyObject *names) {
    Py_ssize_t i, fields = names == NULL ? 0 : PyTuple_GET_SIZE(names);
    uint64_t generation = w->generation;
    Text text;
    int timed = 0, done;
    if (!*here) {
        found_fork(w);
        generation = w->generation;
    }
    if (count != 1) return PyErr_Format(PyExc_TypeError, "record takes a type and fields");
    if (!w->active || w->meta_slots == 0) Py_RETURN_NONE;
    text_begin(&text);
    done = text_add(&text, "{", 1);
    for (i = 0; done == 0 && i < fields; i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        if (PyUnicode_CompareWithASCIIString(name, "t") == 0) timed = 1;
        done = add_value(w, &text, name);
        if (done == 0) done = text_add(&text, ":", 1);
        if (done == 0) done = add_value(w, &text, args[count + i]);
        if (done == 0) done = text_add(&text, ",", 1);
    }
    if (done == 0 && !timed) {
        char time[48];
        done = text_add(&text, time, (size_t)snprintf(time, sizeof time, "\"t\":%llu,", (unsigned long long)now()));
    }
    if (done == 0) done = text_add(&text, "\"type\":", 7);
    if (done == 0) done = add_value(w, &text, args[0]);
    if (done == 0) done = text_add(&text, "}", 1);
    if (done == 0 && w->active && generation == w->generation) write_record(w, text.data, text.used);
    text_end(&text);
    if (done < 0) return NULL;
    Py_RETURN_NONE;
}

/* bind_records(path, offset, slots, reserved, uid, encode): after bind: sets where records and ids of this journal are written. */
static PyObject *writer_bind_records(Writer *w, PyObject *args) {
    const char *path;
    unsigned long long offset, slots, reserved;
    unsigned int uid;
    PyObject *encode;
    char *kept;
    if (!PyArg_ParseTuple(args, "yKKKIO", &path, &offset, &slots, &reserved, &uid, &encode)) return NULL;
    if (reserved > slots || slots > w->length / SLOT_SIZE || offset > w->length - slots * SLOT_SIZE)
        return PyErr_Format(PyExc_ValueError, "the records are larger than the journal");
    kept = PyMem_RawMalloc(strlen(path) + 1);
    if (kept == NULL) return PyErr_NoMemory();
    strcpy(kept, path);
    PyMem_RawFree(w->path);
    w->path = kept;
    w->meta_at = offset;
    w->meta_slots = slots;
    w->meta_reserved = reserved;
    w->meta_next = w->meta_dropped = 0;
    w->next_object = 1;
    w->uid = uid;
    Py_INCREF(encode);
    Py_XSETREF(w->encode, encode);
    Py_RETURN_NONE;
}

static void end_journal(Writer *w) {
    if (!*here || !w->active || w->meta_slots == 0) return;
    put64(w->base + HEADER_AT_ENDED_MONO, now());
    put32(w->base + HEADER_AT_STATE, STATE_ENDED);
}

/* end(): as Journal.end. */
static PyObject *writer_end(Writer *w, PyObject *nothing) {
    (void)nothing;
    end_journal(w);
    Py_RETURN_NONE;
}

static PyObject *writer_next_object(Writer *w, PyObject *nothing) {
    (void)nothing;
    if (!*here) found_fork(w); /* the caller takes the number of its own process after this call */
    return PyLong_FromUnsignedLongLong(w->next_object++);
}
