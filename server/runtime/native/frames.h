/* Lines read from the interpreter's internal frames, in versions whose layout is known (3.11 to 3.15); included by accelerator.c.
 *
 * Since 3.11 Python creates a frame object on request: two per receive, 0.1 us each. This code only reads tables that the lookup by frame objects
 * has filled. It calls nothing, so nothing changes meanwhile. A line that is not in the tables takes the lookup by frame objects. */

#if PY_VERSION_HEX >= 0x030E0000 && PY_VERSION_HEX < 0x03100000 && __has_include("internal/pycore_interpframe.h")
#define Py_BUILD_CORE 1
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of the header itself */
#include "internal/pycore_interpframe.h"
#pragma GCC diagnostic pop
#define INNER_FRAMES 1
#elif PY_VERSION_HEX >= 0x030B0000 && PY_VERSION_HEX < 0x030E0000 && __has_include("internal/pycore_frame.h")
#define Py_BUILD_CORE 1
#include "internal/pycore_frame.h"
#define INNER_FRAMES 1
#endif

#ifdef INNER_FRAMES

typedef _PyInterpreterFrame Inner;

static Inner *complete(Inner *frame) {
    while (frame != NULL && _PyFrame_IsIncomplete(frame)) frame = frame->previous;
    return frame;
}

static Inner *inner_frame(void) {
#if PY_VERSION_HEX >= 0x030D0000
    return complete(PyThreadState_Get()->current_frame);
#else
    return complete(PyThreadState_Get()->cframe->current_frame);
#endif
}

static PyCodeObject *inner_code(Inner *frame) { /* borrowed */
#if PY_VERSION_HEX >= 0x030D0000
    return _PyFrame_GetCode(frame);
#else
    return frame->f_code;
#endif
}

/* LIBRARY, USER or FEEDER; UNKNOWN: not classified yet. */
static int known_class(Writer *w, PyCodeObject *code) {
    Line *known = line_at(w, code, AT_CLASS);
    return known->code == NULL ? UNKNOWN : (int)known->value;
}

/* Like user_line for the running frame; -1: not known yet. */
static int64_t known_user_line(Writer *w) {
    Inner *frame;
    for (frame = inner_frame(); frame != NULL; frame = complete(frame->previous)) {
        PyCodeObject *code = inner_code(frame);
        int class = known_class(w, code);
        if (class == USER) {
            Line *known = line_at(w, code, (int32_t)(_PyInterpreterFrame_LASTI(frame) * (int)sizeof(_Py_CODEUNIT)));
            return known->code == NULL ? -1 : (int64_t)known->value;
        }
        if (class == UNKNOWN) return -1;
        if (class == FEEDER) return 0;
    }
    return 0;
}
#endif
