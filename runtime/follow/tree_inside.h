/*
 * tree_inside.h - the inside of a tree, for its own files: tree.c (what is where, and what follows from it),
 * places.c (directories, watched and listed), rotation.c (which file was which).
 */
#ifndef TRAIL_TREE_INSIDE_H
#define TRAIL_TREE_INSIDE_H

#include <sys/stat.h>

#include "files.h"
#include "tree.h"
#include "watch.h"

struct root {
    const char *path;
    char *directory, *target_directory; /* that it is in; that it leads to */
    const char *name, *target_name;
    char *target;
    int failing; /* errno of what failed last */
    bool seen;
    bool known;      /* the file at its path was, or another one there, in a former run */
    int64_t gone_at; /* steady time: it was there, and is not; 0: it is */
    bool replaced;   /* the file that was there is elsewhere, */
    int64_t since;   /* and was changed last then (ns) */
};

/* A directory that was listed, or (`file`) a file that nothing is told of. */
struct place {
    struct place *next;
    size_t root;
    bool polled, listed, file;
    dev_t device;
    ino_t inode;
    int failing;
    char path[];
};

struct tree {
    struct tree_config config;
    struct root *roots;
    struct files files;
    struct watch *watch;
    struct place *places;
    struct place **last;
    struct table directories; /* by identity */
    bool polls, said_silent, said_limit;
    bool failing; /* something is to be tried again */
    bool missed;
    bool listed; /* once */
    bool is_short;
    int64_t next_poll, next_retry, next_list, next_tidy;
};

/* ---- tree.c ---- */

/* Looks at a path, and does what follows from what is there. */
void tree_look(struct tree *, size_t root, const char *path, bool written);

struct tail *tree_add_file(struct tree *, size_t root, const char *path,
                           const struct stat *); /* NULL: no memory */
void tree_queue(struct tree *, struct tail *);
void tree_forget(struct tree *, struct tail *);  /* a file that nobody will find again */
void tree_changed(struct tree *, struct tail *); /* what is kept of it is no longer so */
void tree_move(struct tree *, struct tail *, const char *path);

void tree_say(struct tree *, const char *path, const char *what);
/* `what` fails with an errno, or (0) does no more; *failing is what was told last. */
void tree_tell_failed(struct tree *, size_t root, const char *path, const char *what, int *failing,
                      int error);
void tree_no_memory(struct tree *);

/* ---- places.c ---- */

/* Whether the directory has to be looked at from time to time. */
bool places_watch(struct tree *, const char *path);
void places_look(struct tree *, size_t root, const char *path, const struct stat *);
/* Lists the directories that were found and not listed yet; lists find more of them. */
void places_list_new(struct tree *);
void places_drop(struct tree *, const char *path); /* a directory is not where it was */
/* What a link in a directory leads to is somewhere else, where nothing is told. */
void places_note_link(struct tree *, size_t root, const char *path, const struct stat *target);

/* ---- rotation.c ---- */

/* A new file that a rotation may have made of one that is known. */
void rotation_find_original(struct tree *, struct tail *);
/* What was in a file and not read may be in copies of it: they go on as it. */
void rotation_hand_down(struct tree *, struct tail *);
void rotation_empty(struct tree *, struct tail *); /* it has been emptied, or written anew */
/* The path of a file leads elsewhere. */
void rotation_lose(struct tree *, size_t root, struct tail *);
/* Several rotations may have passed since the root's path was looked at; or while nobody was looking. */
void rotation_find_missed(struct tree *, size_t root);
void rotation_recall(struct tree *, size_t root);

#endif
