# SPDX-License-Identifier: GPL-3.0-only
# One program for each file of the core, from the source of the same name.
EXTRA_DIST += tests/unit/missing.sh tests/unit/tmpdir.h tests/unit/tree.h tests/unit/unit.h
unit_tests = \
	tests/unit/action \
	tests/unit/args \
	tests/unit/batch \
	tests/unit/boot_phases \
	tests/unit/catalog \
	tests/unit/claim \
	tests/unit/conf \
	tests/unit/diag \
	tests/unit/dotconfig \
	tests/unit/edit \
	tests/unit/entry \
	tests/unit/err \
	tests/unit/export \
	tests/unit/extract \
	tests/unit/fs \
	tests/unit/gc \
	tests/unit/graph \
	tests/unit/group \
	tests/unit/jobserver \
	tests/unit/load \
	tests/unit/local \
	tests/unit/json \
	tests/unit/line_diff \
	tests/unit/lock \
	tests/unit/lower \
	tests/unit/map \
	tests/unit/matrix \
	tests/unit/mem \
	tests/unit/notes \
	tests/unit/null_run \
	tests/unit/options \
	tests/unit/pack \
	tests/unit/path \
	tests/unit/pressure \
	tests/unit/problem \
	tests/unit/read \
	tests/unit/record \
	tests/unit/request \
	tests/unit/sandbox_prove \
	tests/unit/schema \
	tests/unit/scratch \
	tests/unit/sections \
	tests/unit/sha256 \
	tests/unit/source \
	tests/unit/stage \
	tests/unit/state \
	tests/unit/store \
	tests/unit/str \
	tests/unit/suggest \
	tests/unit/sum \
	tests/unit/syncs \
	tests/unit/tar \
	tests/unit/text_file \
	tests/unit/text \
	tests/unit/toml \
	tests/unit/toml_format \
	tests/unit/toml_layout \
	tests/unit/toml_write \
	tests/unit/ui \
	tests/unit/value \
	tests/unit/variables \
	tests/unit/variant \
	tests/unit/vec \
	tests/unit/vm_accel \
	tests/unit/vm_console \
	tests/unit/vm_folder \
	tests/unit/vm_forward \
	tests/unit/vm_guest \
	tests/unit/vm_history \
	tests/unit/vm_image \
	tests/unit/vm_kvm \
	tests/unit/vm_life \
	tests/unit/vm_local_socket \
	tests/unit/vm_machine \
	tests/unit/vm_qemu \
	tests/unit/vm_qmp \
	tests/unit/vm_reserve \
	tests/unit/vm_ring \
	tests/unit/vm_vsock \
	tests/unit/vm_vsock_ready \
	tests/unit/wire \
	tests/unit/witness \
	tests/unit/yaml

# Also where a program says nothing else.
AM_CPPFLAGS += -I$(top_srcdir)/tests
LDADD = core/libmsmv.la $(CHECK_LIBS)

# What only a program has, compiled once more.
tests_unit_json_SOURCES = tests/unit/json.c core/cli/json.c
tests_unit_args_SOURCES = tests/unit/args.c core/cli/args.c
tests_unit_dotconfig_SOURCES = tests/unit/dotconfig.c core/cli/dotconfig.c
tests_unit_export_SOURCES = tests/unit/export.c core/cli/export.c core/cli/export_copy.c
tests_unit_line_diff_SOURCES = tests/unit/line_diff.c core/cli/line_diff.c core/cli/text.c
tests_unit_load_SOURCES = tests/unit/load.c core/worker/load.c
tests_unit_text_SOURCES = tests/unit/text.c core/cli/text.c
tests_unit_ui_SOURCES = tests/unit/ui.c core/cli/json.c core/cli/text.c core/cli/ui.c \
	core/cli/ui_json.c core/cli/ui_line.c core/cli/ui_problem.c

tests_unit_boot_phases_SOURCES = tests/unit/boot_phases.c plugins/qmp-run/phases.c \
	core/vm/console.c
tests_unit_vm_accel_SOURCES = tests/unit/vm_accel.c core/vm/accel.c
tests_unit_vm_console_SOURCES = tests/unit/vm_console.c core/vm/console.c
tests_unit_vm_qemu_SOURCES = tests/unit/vm_qemu.c core/vm/qemu.c
tests_unit_vm_forward_SOURCES = tests/unit/vm_forward.c core/vm/forward.c
tests_unit_vm_guest_SOURCES = tests/unit/vm_guest.c core/vm/argv.c core/vm/guest.c \
	core/vm/guest_devices.c core/vm/guest_vmm.c core/vm/machine.c
tests_unit_vm_machine_SOURCES = tests/unit/vm_machine.c core/vm/machine.c
tests_unit_vm_folder_SOURCES = tests/unit/vm_folder.c core/vm/folder.c core/vm/reserve.c
tests_unit_vm_history_SOURCES = tests/unit/vm_history.c core/vm/history.c core/vm/journal.c
tests_unit_vm_image_SOURCES = tests/unit/vm_image.c core/vm/image.c
tests_unit_vm_kvm_SOURCES = tests/unit/vm_kvm.c core/vm/kvm.c
tests_unit_vm_life_SOURCES = tests/unit/vm_life.c core/vm/console.c core/vm/life.c \
	core/vm/life_state.c
tests_unit_vm_local_socket_SOURCES = tests/unit/vm_local_socket.c core/vm/local_socket.c
tests_unit_vm_qmp_SOURCES = tests/unit/vm_qmp.c core/vm/qmp.c
tests_unit_vm_reserve_SOURCES = tests/unit/vm_reserve.c core/vm/reserve.c
tests_unit_vm_ring_SOURCES = tests/unit/vm_ring.c core/vm/ring.c
tests_unit_vm_vsock_SOURCES = tests/unit/vm_vsock.c core/vm/vsock.c
tests_unit_vm_vsock_ready_SOURCES = tests/unit/vm_vsock_ready.c core/vm/vsock_ready.c \
	core/vm/console.c

if HAVE_CHECK
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
else
# Fails: tests that nobody runs prove nothing.
TESTS += tests/unit/missing.sh
endif
