/*
 * shim.h - a layer under SQLite that counts what is done with files, and ends the process or fails at one of these
 * steps; and that can lose, at such an end, what was written and not synced.
 *
 * Several threads may take steps; what is lost, and `lose`, are for one connection.
 *
 * The default VFS of the process once shim_install() has run. read() and write() of everybody else count too.
 * A sync is not passed on to the disk: a process that ends loses nothing that it has given to the system, so
 * what a sync is for is shown by shim.lose.
 */
#ifndef SHIM_H
#define SHIM_H

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    long steps;    /* so far */
    long kill_at;  /* the process ends at this one; 0: never */
    long fail_at;  /* this one fails; 0: none */
    bool for_good; /* and so do all behind it */
    int error;     /* SQLITE_FULL, SQLITE_IOERR_WRITE, … */
    bool lose;     /* what is not synced is lost when the process ends */
    unsigned keep; /* seed: some of that is kept; 0: none */
    sqlite3_vfs *real;
    sqlite3_vfs own;
} shim;

/* What was written to a file and not synced. */
struct shim_write {
    struct shim_write *next;
    sqlite3_int64 offset; /* of a write; else the size that it was cut to */
    int n;                /* -1: cut */
    unsigned char bytes[];
};

struct shim_file {
    sqlite3_file base;
    sqlite3_file *real;
    struct shim_write *first, *last;
    sqlite3_int64 size; /* as its users see it; lose only */
    struct shim_file *next;
};

static struct shim_file *shim_files;
static pthread_mutex_t shim_mutex = PTHREAD_MUTEX_INITIALIZER; /* of the list */

static void shim_apply(struct shim_file *f, bool all)
{
    while (f->first) {
        struct shim_write *w = f->first;
        if (all || rand_r(&shim.keep) % 2) {
            if (w->n < 0)
                f->real->pMethods->xTruncate(f->real, w->offset);
            else
                f->real->pMethods->xWrite(f->real, w->bytes, w->n, w->offset);
        }
        f->first = w->next;
        free(w);
    }
    f->last = NULL;
}

static void shim_die(void)
{
    if (shim.keep)
        for (struct shim_file *f = shim_files; f; f = f->next)
            shim_apply(f, false);
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* One step. False: it fails. */
static bool shim_step(void)
{
    long step = __atomic_add_fetch(&shim.steps, 1, __ATOMIC_RELAXED);
    if (shim.kill_at && step == shim.kill_at)
        shim_die();
    return !shim.fail_at || (shim.for_good ? step < shim.fail_at : step != shim.fail_at);
}

/* ---- everybody else's ---- */

ssize_t read(int fd, void *to, size_t n)
{
    shim_step();
    return syscall(SYS_read, fd, to, n);
}

ssize_t write(int fd, const void *from, size_t n)
{
    shim_step();
    return syscall(SYS_write, fd, from, n);
}

/* ---- SQLite's files ---- */

static struct shim_file *shim_of(sqlite3_file *file)
{
    return (struct shim_file *)(void *)file;
}

static int shim_close(sqlite3_file *file)
{
    struct shim_file *f = shim_of(file), **at = &shim_files;
    pthread_mutex_lock(&shim_mutex);
    while (*at && *at != f)
        at = &(*at)->next;
    if (*at)
        *at = f->next;
    pthread_mutex_unlock(&shim_mutex);
    shim_apply(f, true); /* an orderly end is no crash */
    int code = f->real->pMethods ? f->real->pMethods->xClose(f->real) : SQLITE_OK;
    return code;
}

static int shim_read(sqlite3_file *file, void *to, int n, sqlite3_int64 offset)
{
    struct shim_file *f = shim_of(file);
    if (!shim.lose)
        return f->real->pMethods->xRead(f->real, to, n, offset);
    memset(to, 0, (size_t)n);
    int code = f->real->pMethods->xRead(f->real, to, n, offset);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
        return code;
    for (struct shim_write *w = f->first; w; w = w->next) {
        if (w->n < 0) {
            if (w->offset < offset + n)
                memset((char *)to + (w->offset > offset ? w->offset - offset : 0), 0,
                       (size_t)(w->offset > offset ? offset + n - w->offset : n));
            continue;
        }
        sqlite3_int64 from = w->offset > offset ? w->offset : offset;
        sqlite3_int64 end = w->offset + w->n < offset + n ? w->offset + w->n : offset + n;
        if (from < end)
            memcpy((char *)to + (from - offset), w->bytes + (from - w->offset), (size_t)(end - from));
    }
    return f->size < offset + n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int shim_keep(struct shim_file *f, const void *from, int n, sqlite3_int64 offset)
{
    struct shim_write *w = malloc(sizeof *w + (size_t)(n > 0 ? n : 0));
    if (!w)
        return SQLITE_IOERR_NOMEM;
    *w = (struct shim_write){.offset = offset, .n = n};
    if (n > 0)
        memcpy(w->bytes, from, (size_t)n);
    *(f->last ? &f->last->next : &f->first) = w;
    f->last = w;
    f->size = n < 0 ? offset : offset + n > f->size ? offset + n : f->size;
    return SQLITE_OK;
}

static int shim_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 offset)
{
    struct shim_file *f = shim_of(file);
    if (!shim_step())
        return shim.error;
    return shim.lose ? shim_keep(f, from, n, offset) : f->real->pMethods->xWrite(f->real, from, n, offset);
}

static int shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct shim_file *f = shim_of(file);
    if (!shim_step())
        return shim.error;
    return shim.lose ? shim_keep(f, NULL, -1, size) : f->real->pMethods->xTruncate(f->real, size);
}

static int shim_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    if (!shim_step())
        return shim.error == SQLITE_FULL ? SQLITE_IOERR_FSYNC : shim.error;
    shim_apply(shim_of(file), true);
    return SQLITE_OK;
}

static int shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
    struct shim_file *f = shim_of(file);
    if (!shim.lose)
        return f->real->pMethods->xFileSize(f->real, size);
    *size = f->size;
    return SQLITE_OK;
}

#define SHIM_PASS(name, parameters, call)    \
    static int shim_##name parameters        \
    {                                        \
        struct shim_file *f = shim_of(file); \
        return f->real->pMethods->call;      \
    }
SHIM_PASS(lock, (sqlite3_file * file, int lock), xLock(f->real, lock))
SHIM_PASS(unlock, (sqlite3_file * file, int lock), xUnlock(f->real, lock))
SHIM_PASS(reserved, (sqlite3_file * file, int *out), xCheckReservedLock(f->real, out))
SHIM_PASS(control, (sqlite3_file * file, int op, void *p), xFileControl(f->real, op, p))
SHIM_PASS(sector, (sqlite3_file * file), xSectorSize(f->real))
SHIM_PASS(device, (sqlite3_file * file), xDeviceCharacteristics(f->real))
SHIM_PASS(shm_map, (sqlite3_file * file, int page, int size, int extend, void volatile **p),
          xShmMap(f->real, page, size, extend, p))
SHIM_PASS(shm_lock, (sqlite3_file * file, int offset, int n, int flags), xShmLock(f->real, offset, n, flags))
SHIM_PASS(shm_unmap, (sqlite3_file * file, int delete_it), xShmUnmap(f->real, delete_it))

static void shim_shm_barrier(sqlite3_file *file)
{
    struct shim_file *f = shim_of(file);
    f->real->pMethods->xShmBarrier(f->real);
}

static const sqlite3_io_methods shim_methods = {
    2,           shim_close,   shim_read,     shim_write,       shim_truncate,  shim_sync,
    shim_size,   shim_lock,    shim_unlock,   shim_reserved,    shim_control,   shim_sector,
    shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, NULL,
    NULL};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    struct shim_file *f = shim_of(file);
    memset(f, 0, sizeof *f);
    f->real = (sqlite3_file *)(void *)(f + 1);
    if (!shim_step())
        return SQLITE_CANTOPEN;
    int code = shim.real->xOpen(shim.real, name, f->real, flags, out);
    if (code != SQLITE_OK)
        return code;
    f->base.pMethods = &shim_methods;
    pthread_mutex_lock(&shim_mutex);
    f->next = shim_files;
    shim_files = f;
    pthread_mutex_unlock(&shim_mutex);
    return f->real->pMethods->xFileSize(f->real, &f->size);
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    (void)sync;
    if (!shim_step())
        return SQLITE_IOERR_DELETE;
    return shim.real->xDelete(shim.real, name, 0);
}

static inline void shim_install(void)
{
    if (!shim.real)
        shim.real = sqlite3_vfs_find(NULL);
    shim.own = *shim.real;
    shim.own.zName = "shim";
    shim.own.szOsFile = (int)sizeof(struct shim_file) + shim.real->szOsFile;
    shim.own.xOpen = shim_open;
    shim.own.xDelete = shim_delete;
    sqlite3_vfs_register(&shim.own, 1);
}

#endif
