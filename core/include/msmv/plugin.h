/* SPDX-License-Identifier: 0BSD */
/*
 * msmv plugin interface, version 1.
 *
 * This is the only header a plugin needs. A plugin is a shared object with one
 * exported function, msmv_plugin_entry, which returns a constant description.
 * It has no undefined symbols of msmv's: every service comes through the
 * function table in the stage handle, so a plugin links with -Wl,-z,defs.
 *
 * Life of a stage plugin. Each arrow is a process of its own (msmv-worker):
 *
 *   describe ─▶ entry()                 once per .so, then cached by its digest
 *   plan     ─▶ entry() check() facts() no side effects; cached with the facts
 *   run      ─▶ entry() run()           makes every output port, or fails
 *
 * run() sees the toolchain in /usr, what the stage's inputs and PATHS options are, its work
 * folder, outputs and scratch folders, and nothing else of the machine; the network only if
 * the plugin provides "fetch:...", /dev/kvm and its like only if it provides "run:...".
 *
 * One process runs one stage once, on one thread: a plugin may keep state in
 * static variables. Strings that the host returns live until the process ends.
 * Strings that the plugin passes in are copied. Sizes are bytes. Paths are
 * absolute. Functions that return int give 0 for success and -1 after a
 * failure which the host has already recorded (see fail), so a plugin returns
 * -1 straight away.
 *
 * The interface only grows: structs start with their size, tables carry the
 * size of their rows, enumerations have gaps, nothing is reordered or reused.
 */
#ifndef MSMV_PLUGIN_H
#define MSMV_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MSMV_API_VERSION 1

#if defined(__GNUC__)
#define MSMV_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define MSMV_EXPORT __attribute__((visibility("default")))
#else
#define MSMV_PRINTF(fmt, args)
#define MSMV_EXPORT
#endif

/* Does this host have a service that is younger than the interface? */
#define MSMV_HAS(host, member) \
	((host)->struct_size >= \
		offsetof(struct msmv_host, member) + sizeof((host)->member))

/* ---- Description ---------------------------------------------------- */

enum msmv_kind {
	MSMV_KIND_STAGE = 10, /* makes outputs from inputs */
	MSMV_KIND_ARCH = 20   /* data only: facts about a target architecture */
};

enum msmv_plugin_flags {
	/* The outputs are the same for every target: no architecture in the key, and
	   arch() gives NULL. So what was fetched for one target serves all. */
	MSMV_PLUGIN_ANY_ARCH = 1
};

/* Type of an option's value. Recipe values are checked against it. */
enum msmv_type {
	MSMV_TYPE_STRING = 10, /* text */
	MSMV_TYPE_INT = 20,    /* 64-bit signed */
	MSMV_TYPE_BOOL = 30,
	MSMV_TYPE_SIZE = 40, /* bytes; recipes may write 64, "64K", "32M", "1G" (1024) */
	MSMV_TYPE_LIST = 50, /* texts; one text alone is a list of one */
	MSMV_TYPE_MAP = 60,  /* name -> text, in the recipe's order */
	MSMV_TYPE_PATHS = 70 /* files or folders beside the recipe; the key holds their
	                        content, the plugin gets absolute paths. A table gives
	                        each a name, as in a MAP */
};

enum msmv_option_flags {
	MSMV_OPT_REQUIRED = 1,
	MSMV_OPT_NO_KEY = 2 /* cannot change the outputs' bytes: not in the action key */
};

struct msmv_option {
	const char *name;     /* [a-z0-9_]+ */
	uint32_t type;        /* enum msmv_type */
	uint32_t flags;       /* enum msmv_option_flags */
	const char *fallback; /* default as text, or NULL for none */
	const char *help;     /* one line, no full stop */
	const char *unit;     /* "MiB", "s" ..., or NULL */
	const char *choices;  /* "a|b|c": the only texts allowed, or NULL */
	int64_t min, max;     /* bounds of an INT or SIZE; both 0 for none */
};

enum msmv_port_kind {
	MSMV_PORT_FILE = 10, /* one blob */
	MSMV_PORT_TREE = 20  /* a file tree: one canonical tar */
};

enum msmv_port_flags {
	MSMV_PORT_MANY = 1,     /* input: any number of artifacts */
	MSMV_PORT_OPTIONAL = 2, /* input: may be unconnected; output: may not be made */
	MSMV_PORT_ASIDE = 4, /* output: says something of the result; is not copied out */
	MSMV_PORT_NAMED = 8  /* input: input_file is asked for; the name is part of the key */
};

struct msmv_port {
	const char *name;     /* [a-z0-9_]+; recipes connect ports by name */
	uint32_t kind;        /* enum msmv_port_kind */
	uint32_t flags;       /* enum msmv_port_flags */
	const char *filename; /* outputs: file name in the output folder, or NULL */
	const char *help;
};

struct msmv_pair {
	const char *name;
	const char *value;
};

/* A constant array whose rows may be longer than this header knows. */
struct msmv_table {
	const void *rows;
	uint32_t count;
	uint32_t stride; /* sizeof of one row, as the plugin was compiled */
};

#define MSMV_TABLE(array) \
	{ (array), (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0]) }

struct msmv_stage;

struct msmv_plugin {
	uint32_t struct_size; /* sizeof(struct msmv_plugin) */
	uint32_t api_version; /* MSMV_API_VERSION */
	uint32_t kind;        /* enum msmv_kind */
	uint32_t flags;       /* enum msmv_plugin_flags */
	const char *name;     /* [a-z0-9_-]+, same as the file's name without .so */
	const char *version;
	const char *summary;         /* one line */
	struct msmv_table provides;  /* const char *: "fetch:https", "output:qcow2" ... */
	struct msmv_table options;   /* struct msmv_option */
	struct msmv_table inputs;    /* struct msmv_port */
	struct msmv_table outputs;   /* struct msmv_port */
	struct msmv_table env;       /* const char *: variables let through, part of the key */
	struct msmv_table arch;      /* struct msmv_pair: facts, for MSMV_KIND_ARCH */

	/* Looks at options only; fails with what is wrong. May be NULL. */
	int (*check)(struct msmv_stage *stage);
	/* Adds facts about this machine to the action key. May be NULL. */
	int (*facts)(struct msmv_stage *stage);
	/* Does the work. Required for MSMV_KIND_STAGE. */
	int (*run)(struct msmv_stage *stage);

	/* ---- Later than the first release: read only if struct_size covers it. */

	/* struct msmv_pair: two options that must not both be given (since 0.1) */
	struct msmv_table conflicts;
};

/* The one symbol a plugin exports. host_api is the host's MSMV_API_VERSION. */
MSMV_EXPORT const struct msmv_plugin *msmv_plugin_entry(uint32_t host_api);

/* ---- Services -------------------------------------------------------- */

enum msmv_level {
	MSMV_LOG_ERROR = 10,
	MSMV_LOG_WARNING = 20,
	MSMV_LOG_INFO = 30,
	MSMV_LOG_DEBUG = 40
};

/* Whose fault a failure is; it decides the hint that a person sees. */
enum msmv_fail {
	MSMV_FAIL_RECIPE = 10,  /* what the recipe asks for cannot be */
	MSMV_FAIL_INPUT = 20,   /* an input is damaged or not what was promised */
	MSMV_FAIL_TOOL = 30,    /* a compiler or tool failed or is missing */
	MSMV_FAIL_NETWORK = 40, /* trying again later may help */
	MSMV_FAIL_SYSTEM = 50   /* disk full, out of memory, no permission */
};

/* One member of a file tree. struct_size first: set it with sizeof. */
struct msmv_entry {
	uint32_t struct_size;
	uint32_t mode; /* type and permission bits as in stat(2): S_IFREG | 0755 ... */
	uint32_t uid, gid;
	uint32_t major, minor; /* of a device node */
	const char *path;      /* relative, no leading "./" or "/", no trailing "/" */
	const char *target;    /* symbolic link: its text; hard link: path of the first
	                          name (mode is S_IFREG, size 0); else NULL */
	uint64_t size;         /* of a regular file's data */
	uint64_t offset;       /* reading: where in fd the data starts */
	int fd;                /* reading: the blob, use pread; writing: a file read from
	                          its position 0, or -1 to use data */
	uint32_t reserved;
	const void *data; /* writing: size bytes when fd is -1 */
};

enum msmv_command_flags {
	MSMV_CMD_QUIET = 1 /* a failing exit is not recorded as the stage's failure */
};

/* A child process. Zeroed fields mean: inherit or default. */
struct msmv_command {
	uint32_t struct_size;
	uint32_t flags;           /* enum msmv_command_flags */
	const char *const *argv;  /* NULL-terminated; argv[0] is looked up in PATH */
	const char *dir;          /* working folder; NULL: the stage's work folder */
	const char *const *env;   /* NAME=VALUE added to the stage's environment */
	const char *stdin_path;   /* file for standard input; NULL: /dev/null */
	const char *stdout_path;  /* file that gets standard output; NULL: the log */
	char **output;            /* if set: standard output is captured here, up to 1 MiB,
	                             NUL-terminated, owned by the host; else unused */
	uint32_t timeout_s;       /* 0: none */
	uint32_t reserved;
	/* Called for each line of standard output, which still goes to the log. */
	void (*on_line)(struct msmv_stage *stage, const char *line, void *arg);
	void *on_line_arg;
};

struct msmv_tree; /* an open tree reader or writer */

/*
 * The host's services. Version 1 of the interface has all of them down to
 * input_digest; those below it came later, and a plugin may use one only where
 * MSMV_HAS says that this host has it.
 */
struct msmv_host {
	uint32_t struct_size;
	uint32_t api_version;

	/* Options, after defaults. Unknown names give NULL or 0. */
	const char *(*option)(struct msmv_stage *, const char *name); /* first text or NULL */
	int64_t (*option_int)(struct msmv_stage *, const char *name); /* INT SIZE BOOL */
	size_t (*option_count)(struct msmv_stage *, const char *name);
	const char *(*option_at)(struct msmv_stage *, const char *name, size_t i);
	const char *(*option_key)(struct msmv_stage *, const char *name, size_t i); /* MAP PATHS */

	/* What the target architecture's plugin says, e.g. "kernel.arch"; NULL if unset. */
	const char *(*arch)(struct msmv_stage *, const char *fact);
	/* A variable of the user's environment that the plugin declared; NULL if unset. */
	const char *(*env)(struct msmv_stage *, const char *name);

	/* Inputs. A FILE is at input_path, read-only. A TREE's path is its tar. */
	size_t (*input_count)(struct msmv_stage *, const char *port);
	const char *(*input_path)(struct msmv_stage *, const char *port, size_t i);
	/* The stage that made it, for messages: "hello.build". */
	const char *(*input_name)(struct msmv_stage *, const char *port, size_t i);
	/* Writes a TREE's members under dir, which exists; owners and nodes are skipped. */
	int (*input_extract)(struct msmv_stage *, const char *port, size_t i, const char *dir);
	/*
	 * Unpacks a foreign archive (tar, zip, cpio; gz xz bz2 zst lz4) under dir.
	 * Members with absolute paths or "..", and links that leave dir, are an error.
	 * strip: 1 removes a top folder that all members share.
	 */
	int (*unpack)(struct msmv_stage *, const char *archive, const char *dir, int strip);

	/*
	 * Reads all trees of an input port as one, sorted by path. The same path twice
	 * is an error unless both are folders. tree_next: 1 entry, 0 end, -1 failed;
	 * the entry's strings live until the next call.
	 */
	struct msmv_tree *(*tree_open)(struct msmv_stage *, const char *port);
	int (*tree_next)(struct msmv_tree *, struct msmv_entry *);
	/* Starts a TREE output; entries may come in any order, parents are made 0755. */
	struct msmv_tree *(*tree_create)(struct msmv_stage *, const char *port);
	int (*tree_add)(struct msmv_tree *, const struct msmv_entry *);
	int (*tree_close)(struct msmv_tree *); /* both kinds; a writer's result counts */

	/* Outputs. A FILE is written by the plugin at output_path. */
	const char *(*output_path)(struct msmv_stage *, const char *port);
	/* Packs the folder dir as a TREE: all root:root, modes kept, mtimes clamped. */
	int (*output_tree)(struct msmv_stage *, const char *port, const char *dir);
	/* File name for a person ("bzImage"), instead of the port table's. */
	int (*output_name)(struct msmv_stage *, const char *port, const char *filename);

	/* A private empty folder, removed after the stage. */
	const char *(*workdir)(struct msmv_stage *);
	/*
	 * A folder that survives between runs under a key which the plugin chooses,
	 * locked for this stage. What is in it must never change the outputs' bytes.
	 */
	const char *(*scratch)(struct msmv_stage *, const char *key);

	/* To the stage's log; ERROR and WARNING also reach the person. */
	void (*log)(struct msmv_stage *, int level, const char *fmt, ...) MSMV_PRINTF(3, 4);
	/* total 0: unknown. what: short text or NULL. Cheap: call as often as you like. */
	void (*progress)(struct msmv_stage *, uint64_t done, uint64_t total, const char *what);
	/* One short line shown beside the finished stage: "static, 54 KB". */
	void (*note)(struct msmv_stage *, const char *fmt, ...) MSMV_PRINTF(2, 3);
	/* Records why the stage fails (the first call counts) and returns -1. */
	int (*fail)(struct msmv_stage *, int code, const char *fmt, ...) MSMV_PRINTF(3, 4);
	/* 1 once the person asked to stop. Children are ended by the engine. */
	int (*cancelled)(struct msmv_stage *);

	/*
	 * Runs a program to its end, its output in the log. Returns its exit status,
	 * 128+N if signal N ended it, or -1 if it could not run or timed out (recorded).
	 * A non-zero exit is recorded as the stage's failure too, unless QUIET.
	 */
	int (*run)(struct msmv_stage *, const struct msmv_command *);
	/* Parallel jobs this stage may use at most; make gets its jobserver by itself. */
	int (*jobs)(struct msmv_stage *);

	/* In facts() only: fields of the action key. */
	int (*fact)(struct msmv_stage *, const char *field, const char *value);
	/*
	 * Runs "tool arg" (arg is mostly "--version") and takes the first line of its
	 * output as the value. Remembered until the tool's file changes.
	 */
	int (*fact_tool)(struct msmv_stage *, const char *field, const char *tool, const char *arg);
	/* The SHA-256 of a file on this machine; remembered until the file changes. */
	int (*fact_file)(struct msmv_stage *, const char *field, const char *path);
	/* The facts so far hold only while this path stays as it is (or stays absent). */
	int (*fact_witness)(struct msmv_stage *, const char *path);

	/* Seconds since 1970 that every timestamp in an output must use. */
	int64_t (*epoch)(struct msmv_stage *);
	/* The SHA-256 of an input as 64 hexadecimal digits: a name for its content that
	   costs nothing, for identifiers that must follow it. */
	const char *(*input_digest)(struct msmv_stage *, const char *port, size_t i);

	/* ---- Later than the first release: ask MSMV_HAS(host, member) before use. */

	/*
	 * Like fail with MSMV_FAIL_RECIPE, but says which option is wrong, or which item
	 * of it (a MAP's key; else the item's text), and the person sees it at its place
	 * in the recipe. Unlike fail, every call counts, so all that is wrong can be said
	 * at once. option and item may be NULL; hint too: what to do, one thing a line.
	 */
	int (*problem)(struct msmv_stage *, const char *option, const char *item,
		const char *text, const char *hint);
	/* The value of a MAP's or a PATHS' key, or NULL; as fast for many keys as for few. */
	const char *(*option_get)(struct msmv_stage *, const char *name, const char *key);
	/*
	 * The file name under which a person finds this input in the output folder, e.g.
	 * "initramfs.cpio.xz": the recipe's, or else what its stage calls it. NULL unless
	 * the port has MSMV_PORT_NAMED.
	 */
	const char *(*input_file)(struct msmv_stage *, const char *port, size_t i);
};

/* The handle that every callback gets. What follows host is the host's own. */
struct msmv_stage {
	uint32_t struct_size;
	uint32_t reserved;
	const struct msmv_host *host;
};

#ifdef __cplusplus
}
#endif
#endif
