/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * hostile-qmp SOCKET MODE: answers one client after another as no QEMU would. It is there
 * when it prints "listening"; it ends with its standard input.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char greeting[] =
	"{\"QMP\":{\"version\":{\"qemu\":{\"major\":7,\"minor\":2,\"micro\":1}},"
	"\"capabilities\":[]}}\r\n";

static void
say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		return; /* a client that left is what some modes are about */
}

/* The number behind "id": in what the client said; 0: none. */
static int
read_id(int fd)
{
	char text[4096];
	ssize_t n = read(fd, text, sizeof(text) - 1);
	const char *id;

	text[n > 0 ? n : 0] = '\0';
	id = strstr(text, "\"id\":");
	return id ? atoi(id + 5) : 0;
}

static void
answer(int fd, const char *what)
{
	char text[512];

	snprintf(text, sizeof(text), "{%s,\"id\":%d}\r\n", what, read_id(fd));
	say(fd, text);
}

static void
greet(int fd)
{
	say(fd, greeting);
	answer(fd, "\"return\":{}");
}

static void
mute(int fd)
{
	(void)fd;
}

static void
garbage(int fd)
{
	say(fd, "SSH-2.0-OpenSSH_9.2\r\n");
}

static void
half(int fd)
{
	say(fd, "{\"QMP\":{\"ver");
}

static void
endless(int fd)
{
	static const char piece[4096] = "{\"QMP\":";

	for (int i = 0; i < 1024; i++)
		if (send(fd, piece, sizeof(piece), MSG_NOSIGNAL) < 0)
			return;
}

static void
refuse(int fd)
{
	greet(fd);
	answer(fd, "\"error\":{\"class\":\"GenericError\",\"desc\":\"not today\"}");
}

static void
no_reply(int fd)
{
	greet(fd);
}

static void
leave(int fd)
{
	greet(fd);
	read_id(fd);
	shutdown(fd, SHUT_RDWR);
}

/* Events, replies to what nobody asked, and then the right one. */
static void
noise(int fd)
{
	greet(fd);
	for (int i = 0; i < 1000; i++)
		say(fd, "{\"event\":\"RTC_CHANGE\",\"data\":{\"offset\":1}}\r\n"
			"{\"return\":{\"status\":\"wrong\",\"running\":true},\"id\":4711}\r\n");
	answer(fd, "\"return\":{\"status\":\"paused\",\"running\":false}");
}

/* One byte at a time. */
static void
slow(int fd)
{
	for (const char *p = greeting; *p; p++) {
		char one[2] = { *p, '\0' };

		say(fd, one);
		usleep(1000);
	}
	answer(fd, "\"return\":{}");
	answer(fd, "\"return\":{\"status\":\"running\",\"running\":true}");
}

static const struct {
	const char *name;
	void (*serve)(int fd);
} modes[] = {
	{ "mute", mute }, { "garbage", garbage }, { "half", half }, { "endless", endless },
	{ "refuse", refuse }, { "no-reply", no_reply }, { "leave", leave }, { "noise", noise },
	{ "slow", slow },
};

/* Until the client leaves or standard input ends. */
static int
hold(int fd)
{
	struct pollfd p[] = { { fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
	char buffer[4096];

	for (;;) {
		if (poll(p, 2, -1) < 0 || p[1].revents)
			return 0;
		if (read(fd, buffer, sizeof(buffer)) <= 0)
			return 1;
	}
}

static int
serve(int listener, void (*mode)(int))
{
	for (;;) {
		struct pollfd p[] = { { listener, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };
		int fd, on;

		if (poll(p, 2, -1) < 0 || p[1].revents)
			return 0;
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			return 1;
		mode(fd);
		on = hold(fd);
		close(fd);
		if (!on)
			return 0;
	}
}

int
main(int argc, char **argv)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (argc != 3 || strlen(argv[1]) >= sizeof(a.sun_path))
		return 2;
	strcpy(a.sun_path, argv[1]);
	unlink(argv[1]);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 5) < 0)
		return 1;
	puts("listening");
	fflush(stdout);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(modes[i].name, argv[2]) == 0)
			return serve(fd, modes[i].serve);
	return 2;
}
