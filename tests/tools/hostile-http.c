/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * An HTTP server that does to a client what real ones do on bad days. It listens on a
 * free loopback port, prints it, and then one line per request:
 *
 *	PORT
 *	/path RANGE IF-RANGE       "-" for a header that was not sent
 *
 * What a path does is in the table at the end; none of it depends on timing except
 * /drip. The good file has FILE_BYTES bytes, and /good serves it honestly.
 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILE_BYTES 200000
#define HALF (FILE_BYTES / 2)

struct request {
	int fd;
	char path[128];
	char range[64], if_range[64];
	long from;    /* of Range: bytes=FROM-, or 0 */
	int asked;    /* a Range was sent */
	unsigned nth; /* how often this path was asked for before */
};

static char file[FILE_BYTES], other[FILE_BYTES];

static void
send_bytes(const struct request *r, const void *data, size_t n)
{
	const char *p = data;

	while (n) {
		ssize_t w = send(r->fd, p, n, MSG_NOSIGNAL);
		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			_exit(0); /* the client has had enough */
		p += w;
		n -= (size_t)w;
	}
}

static void say(const struct request *r, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
say(const struct request *r, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	send_bytes(r, text, (size_t)n);
}

/* Honest headers of the whole file or of its rest; etag may be "". */
static void
say_headers(const struct request *r, long from, const char *etag)
{
	if (from)
		say(r, "HTTP/1.1 206 Partial\r\nContent-Range: bytes %ld-%d/%d\r\n", from,
			FILE_BYTES - 1, FILE_BYTES);
	else
		say(r, "HTTP/1.1 200 OK\r\n");
	if (etag[0])
		say(r, "ETag: \"%s\"\r\n", etag);
	say(r, "Content-Length: %ld\r\n\r\n", FILE_BYTES - from);
}

static void
serve_good(const struct request *r)
{
	say_headers(r, r->from, "v1");
	send_bytes(r, file + r->from, (size_t)(FILE_BYTES - r->from));
}

/* Breaks off in the middle unless it is asked to continue. */
static void
serve_cut(const struct request *r)
{
	if (r->asked) {
		serve_good(r);
		return;
	}
	say_headers(r, 0, "v1");
	send_bytes(r, file, HALF);
}

static void
serve_short(const struct request *r)
{
	say_headers(r, 0, "");
	send_bytes(r, file, HALF);
}

/* Half of one file, then another file: If-Range fails and all of it comes. */
static void
serve_changed(const struct request *r)
{
	if (r->nth == 0) {
		serve_cut(r);
		return;
	}
	say_headers(r, 0, "v2");
	send_bytes(r, other, FILE_BYTES);
}

/* Continues as asked, but another file, and says so in the ETag only. */
static void
serve_swapped(const struct request *r)
{
	if (!r->asked) {
		say_headers(r, 0, r->nth ? "v2" : "v1");
		send_bytes(r, r->nth ? other : file, r->nth ? FILE_BYTES : HALF);
		return;
	}
	say_headers(r, r->from, "v2");
	send_bytes(r, other + r->from, (size_t)(FILE_BYTES - r->from));
}

/* Continues somewhere else than it was asked to. */
static void
serve_range_lie(const struct request *r)
{
	if (!r->asked) {
		if (r->nth)
			serve_good(r);
		else
			serve_cut(r);
		return;
	}
	say(r, "HTTP/1.1 206 Partial\r\nETag: \"v1\"\r\nContent-Range: bytes 10-%d/%d\r\n"
	       "Content-Length: %d\r\n\r\n",
		FILE_BYTES - 1, FILE_BYTES, FILE_BYTES - 10);
	send_bytes(r, file + 10, FILE_BYTES - 10);
}

/* Continues with the right words and the wrong bytes: only a sum can tell. */
static void
serve_bytes_lie(const struct request *r)
{
	if (!r->asked) {
		if (r->nth)
			serve_good(r);
		else
			serve_cut(r);
		return;
	}
	say_headers(r, r->from, "v1");
	send_bytes(r, other + r->from, (size_t)(FILE_BYTES - r->from));
}

static void
serve_unwanted_part(const struct request *r)
{
	say_headers(r, HALF, "v1");
	send_bytes(r, file + HALF, HALF);
}

static void
serve_no_range(const struct request *r)
{
	if (!r->asked) {
		if (r->nth)
			serve_good(r);
		else
			serve_cut(r);
		return;
	}
	say(r, "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */%d\r\n"
	       "Content-Length: 0\r\n\r\n",
		HALF);
}

/* Breaks off, and names nothing that could vouch for the rest. */
static void
serve_nameless(const struct request *r)
{
	say_headers(r, r->from, "");
	send_bytes(r, file + r->from, r->nth || r->from ? (size_t)(FILE_BYTES - r->from) : HALF);
}

static void
serve_two_lengths(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Length: %d\r\n\r\n",
		FILE_BYTES, HALF);
	send_bytes(r, file, FILE_BYTES);
}

static void
serve_too_long(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", HALF);
	send_bytes(r, file, FILE_BYTES);
}

static void
serve_chunk_garbage(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n");
	send_bytes(r, file, 1000);
	say(r, "\r\nthis is no chunk\r\n");
}

static void
serve_chunk_cut(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", HALF);
	send_bytes(r, file, HALF);
	say(r, "\r\n");
}

static void
serve_drip(const struct request *r)
{
	say_headers(r, 0, "");
	for (int i = 0; i < 600; i++) {
		send_bytes(r, file + i, 1);
		usleep(100000);
	}
}

static void
serve_loop(const struct request *r)
{
	say(r, "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
		strcmp(r->path, "/loop") ? "/loop" : "/loop2");
}

static void
serve_maze(const struct request *r)
{
	say(r, "HTTP/1.1 302 Found\r\nLocation: /maze%ld\r\nContent-Length: 0\r\n\r\n",
		strtol(r->path + strlen("/maze"), NULL, 10) + 1);
}

static void
serve_to_file(const struct request *r)
{
	say(r, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
	       "Content-Length: 0\r\n\r\n");
}

static void
serve_to_good(const struct request *r)
{
	say(r, "HTTP/1.1 307 Moved\r\nLocation: good\r\nContent-Length: 5\r\n\r\nmoved");
}

static void
serve_to_nowhere(const struct request *r)
{
	say(r, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
}

static void
serve_empty(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
}

static void
serve_page(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
	       "<!DOCTYPE html>\n<html><body>Please log in</body></html>\n");
}

static void
serve_busy(const struct request *r)
{
	if (r->nth >= 2)
		serve_good(r);
	else
		say(r, "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
}

static void
serve_down(const struct request *r)
{
	say(r, "HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
}

static void
serve_patience(const struct request *r)
{
	if (r->nth)
		serve_good(r);
	else
		say(r, "HTTP/1.1 429 Slow down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
}

/* An error whose page never ends. */
static void
serve_endless_error(const struct request *r)
{
	say(r, "HTTP/1.1 404 Gone fishing\r\n\r\n");
	for (;;)
		send_bytes(r, file, FILE_BYTES);
}

static void
serve_endless_header(const struct request *r)
{
	say(r, "HTTP/1.1 200 OK\r\n");
	for (;;)
		say(r, "X-Filler: %0512d\r\n", 0);
}

static void
serve_nothing(const struct request *r)
{
	(void)r;
}

static const struct row {
	const char *path;
	void (*serve)(const struct request *);
} rows[] = {
	{"/bytes-lie", serve_bytes_lie},
	{"/changed", serve_changed},
	{"/chunk-cut", serve_chunk_cut},
	{"/chunk-garbage", serve_chunk_garbage},
	{"/cut", serve_cut},
	{"/down", serve_down},
	{"/drip", serve_drip},
	{"/empty", serve_empty},
	{"/endless-error", serve_endless_error},
	{"/endless-header", serve_endless_header},
	{"/good", serve_good},
	{"/loop", serve_loop},
	{"/maze", serve_maze},
	{"/busy", serve_busy},
	{"/nameless", serve_nameless},
	{"/no-range", serve_no_range},
	{"/nothing", serve_nothing},
	{"/page", serve_page},
	{"/patience", serve_patience},
	{"/range-lie", serve_range_lie},
	{"/short", serve_short},
	{"/swapped", serve_swapped},
	{"/to-file", serve_to_file},
	{"/to-good", serve_to_good},
	{"/to-nowhere", serve_to_nowhere},
	{"/too-long", serve_too_long},
	{"/two-lengths", serve_two_lengths},
	{"/unwanted-part", serve_unwanted_part},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
header_copy(const char *text, const char *name, char *buf, size_t n)
{
	const char *p = strcasestr(text, name);

	snprintf(buf, n, "-");
	if (p) {
		p += strlen(name);
		snprintf(buf, n, "%.*s", (int)strcspn(p, "\r\n"), p);
	}
}

/* Reads up to the blank line that ends the headers. */
static int
request_read(struct request *r, char *text, size_t room)
{
	size_t n = 0;

	while (n + 1 < room) {
		ssize_t k = recv(r->fd, text + n, room - 1 - n, 0);
		if (k <= 0)
			return -1;
		n += (size_t)k;
		text[n] = '\0';
		if (strstr(text, "\r\n\r\n"))
			return 0;
	}
	return -1;
}

/* The row that the path begins with, digits and suffixes after it ignored; or NULL. */
static const struct row *
row_find(const char *path)
{
	const struct row *best = NULL;

	for (size_t i = 0; i < ROWS; i++)
		if (!strncmp(path, rows[i].path, strlen(rows[i].path)) &&
			(!best || strlen(rows[i].path) > strlen(best->path)))
			best = &rows[i];
	return best;
}

static void
serve(int fd, unsigned *counts)
{
	struct request r = {.fd = fd};
	const struct row *row;
	char text[8192];

	if (request_read(&r, text, sizeof(text)) ||
		sscanf(text, "GET %127s", r.path) != 1)
		return;
	header_copy(text, "\r\nRange: bytes=", r.range, sizeof(r.range));
	header_copy(text, "\r\nIf-Range: ", r.if_range, sizeof(r.if_range));
	r.asked = r.range[0] != '-';
	r.from = r.asked ? strtol(r.range, NULL, 10) : 0;
	if (r.from < 0 || r.from >= FILE_BYTES)
		r.from = 0;
	printf("%s %s %s\n", r.path, r.range, r.if_range);
	fflush(stdout);
	row = row_find(r.path);
	if (!row) {
		say(&r, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
		return;
	}
	r.nth = __atomic_fetch_add(&counts[row - rows], 1, __ATOMIC_SEQ_CST);
	row->serve(&r);
}

/* Incompressible and always the same. */
static void
fill(char *to, unsigned seed)
{
	for (size_t i = 0; i < FILE_BYTES; i++) {
		seed = seed * 1103515245U + 12345U;
		to[i] = (char)(seed >> 16);
	}
}

static int
listen_anywhere(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof(at);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (s < 0 || bind(s, (struct sockaddr *)&at, sizeof(at)) || listen(s, 64) ||
		getsockname(s, (struct sockaddr *)&at, &n))
		return -1;
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return s;
}

/* hostile-http FILE OTHER: writes the two files it serves, then serves. */
int
main(int argc, char **argv)
{
	unsigned *counts = mmap(NULL, ROWS * sizeof(*counts), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *const data[] = {file, other};
	int s;

	fill(file, 1);
	fill(other, 2);
	for (int i = 0; i < 2 && i + 1 < argc; i++) {
		FILE *f = fopen(argv[i + 1], "we");
		if (!f || fwrite(data[i], 1, FILE_BYTES, f) != FILE_BYTES || fclose(f)) {
			perror(argv[i + 1]);
			return 1;
		}
	}
	signal(SIGCHLD, SIG_IGN); /* children reap themselves */
	s = listen_anywhere();
	if (s < 0 || counts == MAP_FAILED) {
		perror("hostile-http");
		return 1;
	}
	for (;;) {
		int fd = accept(s, NULL, NULL);
		if (fd < 0)
			continue;
		if (fork() == 0) {
			close(s);
			serve(fd, counts);
			shutdown(fd, SHUT_WR);
			_exit(0);
		}
		close(fd);
	}
}
