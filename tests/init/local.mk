# SPDX-License-Identifier: GPL-3.0-only
# init as process 1 of namespaces: with sanitizers always, as it is small; and static
# without them, as guests get it.
check_PROGRAMS += tests/init/msmv-init-asan tests/init/msmv-init-static \
	tests/init/msmv-init-fake tests/init/guest-tool

tests_init_msmv_init_asan_SOURCES = $(init_sources)
tests_init_msmv_init_asan_CFLAGS = $(MSMV_CFLAGS) -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
tests_init_msmv_init_asan_LDFLAGS = -fsanitize=address,undefined

tests_init_msmv_init_static_SOURCES = $(init_sources)
tests_init_msmv_init_static_CFLAGS = $(MSMV_CFLAGS)
tests_init_msmv_init_static_LDFLAGS = -all-static

# With devices of its own in place of the machine's.
tests_init_msmv_init_fake_SOURCES = $(init_sources) tests/init/fake.c
tests_init_msmv_init_fake_CFLAGS = $(tests_init_msmv_init_asan_CFLAGS)
tests_init_msmv_init_fake_LDFLAGS = $(tests_init_msmv_init_asan_LDFLAGS) \
	-Wl,--wrap=socket,--wrap=bind,--wrap=connect,--wrap=accept4,--wrap=file_open \
	-Wl,--wrap=mount,--wrap=ioctl,--wrap=clock_gettime,--wrap=clock_settime

tests_init_guest_tool_SOURCES = tests/init/guest-tool.c
tests_init_guest_tool_CFLAGS = $(MSMV_CFLAGS)
tests_init_guest_tool_LDFLAGS =

init_tests = tests/init/control.sh tests/init/local.sh tests/init/network.sh \
	tests/init/services.sh tests/init/start.sh tests/init/stop.sh \
	tests/init/system.sh tests/init/volumes.sh
TESTS += $(init_tests)
EXTRA_DIST += tests/init/guest.sh $(init_tests)

if HAVE_CHECK
check_PROGRAMS += tests/init/unit
TESTS += tests/init/unit
tests_init_unit_CFLAGS = $(AM_CFLAGS) $(CHECK_CFLAGS)
tests_init_unit_LDADD = $(CHECK_LIBS)
tests_init_unit_SOURCES = \
	tests/init/unit.c tests/init/unit.h \
	tests/init/unit_clock.c \
	tests/init/unit_config.c \
	tests/init/unit_ini.c \
	tests/init/unit_line.c \
	tests/init/unit_output.c \
	tests/init/unit_words.c \
	init/clock.c init/config.c init/console.c init/file.c init/ini.c init/keys.c init/line.c \
	init/output.c init/probe.c init/wait.c init/words.c \
	plugins/rootfs/text.c plugins/rootfs/words.c
endif
