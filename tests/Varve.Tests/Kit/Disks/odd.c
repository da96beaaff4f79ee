/* A file system in which files are not what their stat says (FUSE 3). Every argument after the mount point is an entry of its root:
 *
 *     NAME,STAT-SIZE,SIZE,FLAGS
 *
 * SIZE -1: it never ends. FLAGS: i open() is interrupted by a signal each time; l its attributes cannot be listed; v of its attributes
 * user.bad cannot be read, and user.good is "good"; d it is a directory with one file, "inside"; o it is a directory that contains itself
 * as "again"; s it contains itself, too, but each level has an inode number of its own; c other content each time it is read.
 * A file "NAME.clear" in the directory that CONTROL names takes an entry's flags away. Used by OddFileSystem.cs. */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fuse.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct entry { char name[128]; long said, real; char flags[16]; };
static struct entry entries[64];
static int count;
static long reads;

static struct entry *find(const char *path, const char **rest)
{
    for (int i = 0; i < count; i++) {
        size_t n = strlen(entries[i].name);
        if (strncmp(path + 1, entries[i].name, n) == 0 && (path[1 + n] == 0 || path[1 + n] == '/')) {
            *rest = path + 1 + n;
            return entries + i;
        }
    }
    return 0;
}

static int has(const struct entry *e, char flag)
{
    char path[PATH_MAX];
    if (!strchr(e->flags, flag)) return 0;
    if (strchr("dos", flag)) return 1;
    snprintf(path, sizeof path, "%s/%s.clear", getenv("CONTROL"), e->name);
    return access(path, F_OK) != 0;
}

static int is_directory(const struct entry *e) { return has(e, 'd') || has(e, 'o') || has(e, 's'); }

/* A path in a directory that contains itself is again and again, and then perhaps a file. */
static int is_again(const char *rest)
{
    while (strncmp(rest, "/again", 6) == 0) rest += 6;
    return *rest == 0;
}

static int get_attributes(const char *path, struct stat *st, struct fuse_file_info *unused)
{
    const char *rest;
    (void)unused;
    memset(st, 0, sizeof *st);
    st->st_nlink = 1;
    st->st_mtime = st->st_ctime = 1600000000;
    if (strcmp(path, "/") == 0) { st->st_mode = S_IFDIR | 0755; st->st_ino = 1; return 0; }
    struct entry *e = find(path, &rest);
    if (!e) return -ENOENT;
    st->st_ino = 100 + (e - entries);
    if (is_directory(e)) {
        int directory = *rest == 0 || (!has(e, 'd') && is_again(rest));
        if (!directory && strcmp(strrchr(rest, '/'), "/inside") != 0) return -ENOENT;
        if (!directory) st->st_ino += 1000;
        else if (has(e, 's')) st->st_ino += 10000 + strlen(rest);
        st->st_mode = directory ? S_IFDIR | 0755 : S_IFREG | 0644;
        st->st_size = directory ? 0 : 6;
    } else {
        if (*rest) return -ENOENT;
        st->st_mode = S_IFREG | 0644;
        st->st_size = e->said;
    }
    st->st_blocks = (st->st_size + 511) / 512;
    return 0;
}

static int list(const char *path, void *into, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *fi, enum fuse_readdir_flags flags)
{
    const char *rest;
    (void)offset; (void)fi; (void)flags;
    fill(into, ".", 0, 0, 0);
    fill(into, "..", 0, 0, 0);
    if (strcmp(path, "/") == 0) {
        for (int i = 0; i < count; i++) fill(into, entries[i].name, 0, 0, 0);
        return 0;
    }
    struct entry *e = find(path, &rest);
    if (!e) return -ENOENT;
    fill(into, "inside", 0, 0, 0);
    if (!has(e, 'd')) fill(into, "again", 0, 0, 0);
    return 0;
}

static int open_file(const char *path, struct fuse_file_info *fi)
{
    const char *rest;
    struct entry *e = find(path, &rest);
    fi->direct_io = 1; /* otherwise the kernel reads no further than the stat says */
    return e && has(e, 'i') ? -EINTR : 0;
}

static int read_file(const char *path, char *to, size_t size, off_t at, struct fuse_file_info *fi)
{
    const char *rest;
    struct entry *e = find(path, &rest);
    (void)fi;
    long real = e && *rest == 0 ? e->real : 6;
    if (real >= 0 && at >= real) return 0;
    if (real >= 0 && at + (off_t)size > real) size = real - at;
    char shift = e && has(e, 'c') ? reads++ % 26 : 0;
    for (size_t i = 0; i < size; i++) to[i] = 'A' + (at + i + (at + i) / 26 + shift) % 26;
    return size;
}

static int list_xattrs(const char *path, char *to, size_t size)
{
    const char *rest, names[] = "user.bad\0user.good";
    struct entry *e = find(path, &rest);
    if (e && *rest == 0 && has(e, 'l')) return -EIO;
    if (!e || *rest || !strchr(e->flags, 'v')) return 0;
    if (size == 0) return sizeof names;
    if (size < sizeof names) return -ERANGE;
    memcpy(to, names, sizeof names);
    return sizeof names;
}

static int get_xattr(const char *path, const char *name, char *to, size_t size)
{
    const char *rest;
    struct entry *e = find(path, &rest);
    if (!e || *rest || !strchr(e->flags, 'v') || strncmp(name, "user.", 5) != 0) return -ENODATA;
    if (strcmp(name, "user.bad") == 0 && has(e, 'v')) return -EIO;
    const char *value = strcmp(name, "user.bad") == 0 ? "bad" : "good";
    if (size == 0) return strlen(value);
    if (size < strlen(value)) return -ERANGE;
    memcpy(to, value, strlen(value));
    return strlen(value);
}

static void *start(struct fuse_conn_info *connection, struct fuse_config *config)
{
    (void)connection;
    config->use_ino = 1;
    config->attr_timeout = config->entry_timeout = config->negative_timeout = 0;
    config->direct_io = 1;
    return 0;
}

static const struct fuse_operations operations = {
    .init = start, .getattr = get_attributes, .readdir = list, .open = open_file, .read = read_file, .listxattr = list_xattrs,
    .getxattr = get_xattr,
};

int main(int argc, char **argv)
{
    char *arguments[] = { argv[0], "-f", "-s", argv[1], 0 };
    for (int i = 2; i < argc && count < 64; i++) {
        struct entry *e = entries + count++;
        if (sscanf(argv[i], "%127[^,],%ld,%ld,%15s", e->name, &e->said, &e->real, e->flags) < 3) return 2;
    }
    return fuse_main(4, arguments, &operations, 0);
}
