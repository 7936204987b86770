/* SPDX-License-Identifier: GPL-3.0-only */
/*
 * The application of tests/system/vm.sh, in place of one that says hello: counts on the first
 * disk how often it was started, answers on TCP port 80, repeats what is typed, ends with
 * the status of a line "quit N", and at "mount TYPE TAG" mounts a folder of the host, says
 * what is in its file "question" and answers in a file "answer".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static void
count(void)
{
	char sector[512] = "";
	int fd = open("/dev/vda", O_RDWR), n;

	if (fd < 0 || pread(fd, sector, sizeof(sector), 0) != (ssize_t)sizeof(sector))
		return;
	n = atoi(sector) + 1;
	memset(sector, 0, sizeof(sector));
	snprintf(sector, sizeof(sector), "%d\n", n);
	if (pwrite(fd, sector, sizeof(sector), 0) == (ssize_t)sizeof(sector) && fsync(fd) == 0)
		printf("started %d times\n", n);
	close(fd);
}

static void
set_address(int fd, unsigned long what, const char *address)
{
	struct ifreq r = { .ifr_name = "eth0" };
	struct sockaddr_in a = { .sin_family = AF_INET };

	inet_pton(AF_INET, address, &a.sin_addr);
	memcpy(&r.ifr_addr, &a, sizeof(a));
	ioctl(fd, what, &r);
}

static int
listen_on(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	struct ifreq r = { .ifr_name = "eth0" };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	set_address(fd, SIOCSIFADDR, "10.0.2.15");
	set_address(fd, SIOCSIFNETMASK, "255.255.255.0");
	r.ifr_flags = IFF_UP | IFF_RUNNING;
	ioctl(fd, SIOCSIFFLAGS, &r);
	if (bind(fd, (const struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 5) < 0)
		perror("listen");
	return fd;
}

static void
mount_folder(const char *type, const char *tag)
{
	const char *options = strcmp(type, "9p") == 0 ? "trans=virtio,version=9p2000.L" : NULL;
	char text[64] = "";
	int fd;

	mkdir("/folder", 0755);
	if (mount(tag, "/folder", type, 0, options) < 0) {
		printf("no %s of %s: %s\n", type, tag, strerror(errno));
		return;
	}
	fd = open("/folder/question", O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		perror("question");
	close(fd);
	fd = open("/folder/answer", O_WRONLY | O_CREAT, 0644);
	if (write(fd, type, strlen(type)) < 0)
		perror("answer");
	close(fd);
	umount("/folder");
	printf("%s asks %s\n", type, text);
}

static void
answer(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd >= 0 && write(fd, "hello from inside\n", 18) == 18)
		shutdown(fd, SHUT_WR);
	close(fd);
}

int
main(void)
{
	int listener, tty = open("/dev/console", O_RDWR | O_NOCTTY);
	char line[256], type[16], tag[16];

	if (tty >= 0)
		dup2(tty, 0);
	setvbuf(stdout, NULL, _IONBF, 0);
	count();
	listener = listen_on(80);
	printf("the application listens\n");
	for (;;) {
		struct pollfd p[] = { { 0, POLLIN, 0 }, { listener, POLLIN, 0 } };
		ssize_t n;

		if (poll(p, 2, -1) < 0)
			continue;
		if (p[1].revents)
			answer(listener);
		if (!p[0].revents || (n = read(0, line, sizeof(line) - 1)) <= 0)
			continue;
		line[n] = '\0';
		if (strncmp(line, "quit ", 5) == 0)
			return atoi(line + 5);
		if (sscanf(line, "mount %15s %15s", type, tag) == 2)
			mount_folder(type, tag);
		printf("you said %s", line);
	}
}
