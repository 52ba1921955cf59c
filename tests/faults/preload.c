/* Stands between a program and its disk (LD_PRELOAD): writes down, in order, all that happens to the files below one
 * folder, and can make that folder's disk full.
 *
 * Environment: XB_ROOT the folder (absolute), XB_LOG the log file (left out: nothing is logged).
 * Exported for ctypes: xb_set_room(bytes) - what may still be added below the folder, negative for no limit;
 * xb_room() - what is left. Growth takes room, deleting and shortening give it back.
 * A record of the log: kind (u32), descriptor (i32), number (u64), length (u32), then that many bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPENED = 1, WRITTEN, SIZED, SYNCED, CLOSED, RENAMED, UNLINKED, MADE, REMOVED };
#define DESCRIPTORS 4096

static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char watched[DESCRIPTORS];
static int log_to = -1;
static int64_t room = -1;

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static ssize_t plain_write(int fd, const void *data, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    return real(fd, data, length);
}

static int inside(const char *path) {
    const char *root = getenv("XB_ROOT");
    size_t length = root ? strlen(root) : 0;
    return length && path && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
}

static void put(const void *data, size_t length) {
    const char *from = data;
    while (length) {
        ssize_t done = plain_write(log_to, from, length);
        if (done <= 0) abort();
        from += done;
        length -= (size_t)done;
    }
}

static void note(uint32_t kind, int32_t fd, uint64_t number, const void *data, uint32_t length) {
    if (log_to < 0) {
        const char *name = getenv("XB_LOG");
        if (!name) return;
        REAL(int, open, const char *, int, ...);
        int opened = real(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        log_to = fcntl(opened, F_DUPFD_CLOEXEC, 1000);
        if (log_to < 0) abort();
    }
    char head[20];
    memcpy(head, &kind, 4);
    memcpy(head + 4, &fd, 4);
    memcpy(head + 8, &number, 8);
    memcpy(head + 16, &length, 4);
    put(head, sizeof head);
    put(data, length);
}

static int is_watched(int fd) { return fd >= 0 && fd < DESCRIPTORS && watched[fd]; }

static int64_t size_of(int fd) {
    struct stat facts;
    return fstat(fd, &facts) ? 0 : (int64_t)facts.st_size;
}

static int take_room(int64_t growth) {
    if (room < 0 || growth <= 0) return 1;
    if (growth > room) return 0;
    room -= growth;
    return 1;
}

static void give_room(int64_t freed) {
    if (room >= 0 && freed > 0) room += freed;
}

void xb_set_room(int64_t bytes) { room = bytes; }
int64_t xb_room(void) { return room; }

static int opened(int fd, const char *path, int flags) {
    if (fd >= 0 && fd < DESCRIPTORS) {
        watched[fd] = 1;
        note(OPENED, fd, (uint64_t)flags, path, (uint32_t)strlen(path));
    }
    return fd;
}

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (!inside(path)) return real(path, flags, mode); \
        pthread_mutex_lock(&turn); \
        struct stat facts; \
        int64_t old = (flags & O_TRUNC) && !stat(path, &facts) ? facts.st_size : 0; \
        int fd = real(path, flags, mode); \
        if (fd >= 0) give_room(old); \
        opened(fd, path, flags); \
        pthread_mutex_unlock(&turn); \
        return fd; \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(int, name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        if (!inside(path)) return real(folder, path, flags, mode); \
        pthread_mutex_lock(&turn); \
        int fd = opened(real(folder, path, flags, mode), path, flags); \
        pthread_mutex_unlock(&turn); \
        return fd; \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

#define WRITING_AT(name) \
    ssize_t name(int fd, const void *data, size_t length, off_t at) { \
        REAL(ssize_t, name, int, const void *, size_t, off_t); \
        if (!is_watched(fd)) return real(fd, data, length, at); \
        pthread_mutex_lock(&turn); \
        ssize_t done = -1; \
        if (take_room((int64_t)at + (int64_t)length - size_of(fd))) { \
            done = real(fd, data, length, at); \
            if (done > 0) note(WRITTEN, fd, (uint64_t)at, data, (uint32_t)done); \
        } else { \
            errno = ENOSPC; \
        } \
        pthread_mutex_unlock(&turn); \
        return done; \
    }
WRITING_AT(pwrite)
WRITING_AT(pwrite64)

ssize_t write(int fd, const void *data, size_t length) {
    if (!is_watched(fd)) return plain_write(fd, data, length);
    pthread_mutex_lock(&turn);
    int flags = fcntl(fd, F_GETFL);
    int64_t at = (flags & O_APPEND) ? size_of(fd) : lseek(fd, 0, SEEK_CUR);
    ssize_t done = -1;
    if (take_room(at + (int64_t)length - size_of(fd))) {
        done = plain_write(fd, data, length);
        if (done > 0) note(WRITTEN, fd, (uint64_t)at, data, (uint32_t)done);
    } else {
        errno = ENOSPC;
    }
    pthread_mutex_unlock(&turn);
    return done;
}

#define SIZING(name) \
    int name(int fd, off_t size) { \
        REAL(int, name, int, off_t); \
        if (!is_watched(fd)) return real(fd, size); \
        pthread_mutex_lock(&turn); \
        int64_t old = size_of(fd); \
        int failed = real(fd, size); \
        if (!failed) { \
            give_room(old - (int64_t)size); \
            note(SIZED, fd, (uint64_t)size, "", 0); \
        } \
        pthread_mutex_unlock(&turn); \
        return failed; \
    }
SIZING(ftruncate)
SIZING(ftruncate64)

#define RESERVING(name) \
    int name(int fd, off_t at, off_t length) { \
        REAL(int, name, int, off_t, off_t); \
        if (!is_watched(fd)) return real(fd, at, length); \
        pthread_mutex_lock(&turn); \
        int64_t old = size_of(fd), end = (int64_t)at + (int64_t)length; \
        int failed = take_room(end - old) ? real(fd, at, length) : ENOSPC; \
        if (!failed && end > old) note(SIZED, fd, (uint64_t)end, "", 0); \
        pthread_mutex_unlock(&turn); \
        return failed; \
    }
RESERVING(posix_fallocate)
RESERVING(posix_fallocate64)

#define SYNCING(name) \
    int name(int fd) { \
        REAL(int, name, int); \
        if (!is_watched(fd)) return real(fd); \
        pthread_mutex_lock(&turn); \
        note(SYNCED, fd, 0, "", 0); \
        pthread_mutex_unlock(&turn); \
        return 0; \
    }
SYNCING(fsync)
SYNCING(fdatasync)

int close(int fd) {
    REAL(int, close, int);
    if (!is_watched(fd)) return real(fd);
    pthread_mutex_lock(&turn);
    watched[fd] = 0;
    note(CLOSED, fd, 0, "", 0);
    int failed = real(fd);
    pthread_mutex_unlock(&turn);
    return failed;
}

int rename(const char *old, const char *name) {
    REAL(int, rename, const char *, const char *);
    if (!inside(old) && !inside(name)) return real(old, name);
    pthread_mutex_lock(&turn);
    struct stat facts;
    int64_t freed = stat(name, &facts) ? 0 : facts.st_size;
    int failed = real(old, name);
    if (!failed) {
        give_room(freed);
        char both[8192];
        int length = snprintf(both, sizeof both, "%s%c%s", old, 0, name);
        note(RENAMED, -1, 0, both, (uint32_t)length);
    }
    pthread_mutex_unlock(&turn);
    return failed;
}

int unlink(const char *path) {
    REAL(int, unlink, const char *);
    if (!inside(path)) return real(path);
    pthread_mutex_lock(&turn);
    struct stat facts;
    int64_t freed = stat(path, &facts) ? 0 : facts.st_size;
    int failed = real(path);
    if (!failed) {
        give_room(freed);
        note(UNLINKED, -1, 0, path, (uint32_t)strlen(path));
    }
    pthread_mutex_unlock(&turn);
    return failed;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, const char *, mode_t);
    if (!inside(path)) return real(path, mode);
    pthread_mutex_lock(&turn);
    int failed = real(path, mode);
    if (!failed) note(MADE, -1, 0, path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&turn);
    return failed;
}

int rmdir(const char *path) {
    REAL(int, rmdir, const char *);
    if (!inside(path)) return real(path);
    pthread_mutex_lock(&turn);
    int failed = real(path);
    if (!failed) note(REMOVED, -1, 0, path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&turn);
    return failed;
}

/* Copies inside the system pass us by: callers then copy by hand. */
ssize_t sendfile(int to, int from, off_t *at, size_t count) {
    (void)to; (void)from; (void)at; (void)count;
    errno = ENOTSOCK;
    return -1;
}
ssize_t sendfile64(int to, int from, off_t *at, size_t count) { return sendfile(to, from, at, count); }
