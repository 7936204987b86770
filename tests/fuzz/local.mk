# SPDX-License-Identifier: GPL-3.0-only
# Each target is one parser with what it needs, compiled here once more: with
# --enable-fuzzers and clang as a libFuzzer program, else with a main that replays the
# kept cases, which "make check" does in both builds.
fuzz_targets = tests/fuzz/armor tests/fuzz/console tests/fuzz/image tests/fuzz/phases tests/fuzz/qmp \
	tests/fuzz/dhcp4 tests/fuzz/dhcp6 tests/fuzz/differ \
	tests/fuzz/dotconfig tests/fuzz/edit tests/fuzz/init_ini tests/fuzz/init_lines tests/fuzz/net_ini \
	tests/fuzz/net_life \
	tests/fuzz/ra tests/fuzz/record tests/fuzz/tar tests/fuzz/toml tests/fuzz/wire tests/fuzz/yaml
check_PROGRAMS += $(fuzz_targets)
TESTS += tests/fuzz/replay.sh
EXTRA_DIST += tests/fuzz/README.md tests/fuzz/replay.sh tests/data/fuzz tests/data/toml

if FUZZERS
fuzz_main =
fuzz_flags = -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined
else
fuzz_main = tests/fuzz/replay.c
fuzz_flags = $(SANITIZE)
endif

fuzz_base = \
	core/base/err.c core/base/fs.c core/base/fs_look.c core/base/map.c core/base/mem.c core/base/path.c \
	core/base/identity.c core/base/witness.c core/base/sum.c core/base/record.c core/base/str.c core/base/suggest.c

tests_fuzz_phases_SOURCES = tests/fuzz/phases.c $(fuzz_main) core/vm/console.c \
	plugins/qmp-run/phases.c
tests_fuzz_phases_CFLAGS = $(MSMV_CFLAGS) $(JANSSON_CFLAGS) $(fuzz_flags)
tests_fuzz_phases_LDFLAGS = $(fuzz_flags)
tests_fuzz_phases_LDADD = $(JANSSON_LIBS)

tests_fuzz_console_SOURCES = tests/fuzz/console.c $(fuzz_main) core/vm/console.c
tests_fuzz_console_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_console_LDFLAGS = $(fuzz_flags)
tests_fuzz_console_LDADD =

tests_fuzz_image_SOURCES = tests/fuzz/image.c $(fuzz_main) core/vm/image.c
tests_fuzz_image_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_image_LDFLAGS = $(fuzz_flags)
tests_fuzz_image_LDADD =

tests_fuzz_qmp_SOURCES = tests/fuzz/qmp.c $(fuzz_main) core/vm/qmp.c
tests_fuzz_qmp_CFLAGS = $(MSMV_CFLAGS) $(JANSSON_CFLAGS) $(fuzz_flags)
tests_fuzz_qmp_LDFLAGS = $(fuzz_flags)
tests_fuzz_qmp_LDADD = $(JANSSON_LIBS)

tests_fuzz_record_SOURCES = tests/fuzz/record.c $(fuzz_main) $(fuzz_base)
tests_fuzz_record_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_record_LDFLAGS = $(fuzz_flags)
tests_fuzz_record_LDADD =

tests_fuzz_differ_SOURCES = tests/fuzz/differ.c $(fuzz_main) $(fuzz_base) \
	core/differ/archive.c core/differ/differ.c core/differ/elf.c core/differ/pe.c \
	core/differ/qcow2.c
tests_fuzz_differ_CFLAGS = $(MSMV_CFLAGS) $(ARCHIVE_CFLAGS) $(ELF_CFLAGS) $(fuzz_flags)
tests_fuzz_differ_LDFLAGS = $(fuzz_flags)
tests_fuzz_differ_LDADD = $(ARCHIVE_LIBS) $(ELF_LIBS)

tests_fuzz_toml_SOURCES = tests/fuzz/toml.c $(fuzz_main) $(fuzz_base) \
	core/recipe/diag.c core/recipe/diag_text.c \
	core/base/text_file.c \
	core/recipe/toml.c core/recipe/toml_date.c core/recipe/toml_key.c \
	core/recipe/toml_scalar.c core/recipe/toml_scan.c core/recipe/toml_string.c \
	core/recipe/toml_table.c core/value/source.c core/value/value.c
tests_fuzz_toml_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_toml_LDFLAGS = $(fuzz_flags)
tests_fuzz_toml_LDADD =

tests_fuzz_edit_SOURCES = tests/fuzz/edit.c $(fuzz_main) $(fuzz_base) \
	core/recipe/diag.c core/recipe/diag_text.c \
	core/recipe/edit.c core/recipe/edit_toml.c core/recipe/edit_toml_add.c \
	core/recipe/edit_yaml.c core/recipe/notes.c \
	core/base/text_file.c \
	core/recipe/toml.c core/recipe/toml_date.c core/recipe/toml_key.c \
	core/recipe/toml_layout.c core/recipe/toml_scalar.c core/recipe/toml_scan.c \
	core/recipe/toml_string.c core/recipe/toml_table.c core/recipe/toml_write.c \
	core/recipe/yaml.c core/recipe/yaml_alias.c core/recipe/yaml_document.c \
	core/recipe/yaml_place.c core/recipe/yaml_scalar.c \
	core/value/source.c core/value/value.c core/value/whole.c
tests_fuzz_edit_CFLAGS = $(MSMV_CFLAGS) $(YAML_CFLAGS) $(fuzz_flags)
tests_fuzz_edit_LDFLAGS = $(fuzz_flags)
tests_fuzz_edit_LDADD = $(YAML_LIBS)

tests_fuzz_armor_SOURCES = tests/fuzz/armor.c $(fuzz_main) $(fuzz_base) \
	plugins/fetch-http/armor.c
tests_fuzz_armor_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_armor_LDFLAGS = $(fuzz_flags)
tests_fuzz_armor_LDADD =

tests_fuzz_dotconfig_SOURCES = tests/fuzz/dotconfig.c $(fuzz_main) $(fuzz_base) \
	core/cli/dotconfig.c
tests_fuzz_dotconfig_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_dotconfig_LDFLAGS = $(fuzz_flags)
tests_fuzz_dotconfig_LDADD =

tests_fuzz_init_lines_SOURCES = tests/fuzz/init_lines.c $(fuzz_main) \
	init/button.c init/console.c init/control.c init/file.c init/line.c init/output.c \
	init/port.c init/probe.c init/socket.c init/vsock.c init/wait.c
tests_fuzz_init_lines_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_init_lines_LDFLAGS = $(fuzz_flags)
tests_fuzz_init_lines_LDADD =

tests_fuzz_init_ini_SOURCES = tests/fuzz/init_ini.c $(fuzz_main) \
	init/config.c init/file.c init/ini.c init/keys.c init/line.c init/words.c
tests_fuzz_init_ini_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_init_ini_LDFLAGS = $(fuzz_flags)
tests_fuzz_init_ini_LDADD =

tests_fuzz_dhcp4_SOURCES = tests/fuzz/dhcp4.c $(fuzz_main) \
	init/net/address.c init/net/dhcp4_message.c init/net/frame.c \
	init/net/names.c init/net/out.c
tests_fuzz_dhcp4_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_dhcp4_LDFLAGS = $(fuzz_flags)
tests_fuzz_dhcp4_LDADD =

tests_fuzz_dhcp6_SOURCES = tests/fuzz/dhcp6.c $(fuzz_main) \
	init/net/address.c init/net/dhcp6_build.c \
	init/net/dhcp6_message.c init/net/names.c init/net/out.c
tests_fuzz_dhcp6_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_dhcp6_LDFLAGS = $(fuzz_flags)
tests_fuzz_dhcp6_LDADD =

tests_fuzz_ra_SOURCES = tests/fuzz/ra.c $(fuzz_main) \
	init/net/address.c init/net/names.c init/net/out.c init/net/ra.c
tests_fuzz_ra_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_ra_LDFLAGS = $(fuzz_flags)
tests_fuzz_ra_LDADD =

tests_fuzz_net_ini_SOURCES = tests/fuzz/net_ini.c $(fuzz_main) \
	init/file.c init/ini.c init/net/address.c init/net/config.c init/net/error.c \
	init/net/out.c init/words.c
tests_fuzz_net_ini_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_net_ini_LDFLAGS = $(fuzz_flags)
tests_fuzz_net_ini_LDADD =

tests_fuzz_net_life_SOURCES = tests/fuzz/net_life.c $(fuzz_main) \
	init/net/address.c init/net/dhcp4.c init/net/dhcp4_answer.c init/net/dhcp4_build.c \
	init/net/dhcp4_message.c \
	init/net/dhcp6.c init/net/dhcp6_answer.c init/net/dhcp6_build.c init/net/dhcp6_message.c \
	init/net/names.c init/net/out.c init/net/ra.c init/net/slaac.c init/net/slaac_learn.c
tests_fuzz_net_life_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_net_life_LDFLAGS = $(fuzz_flags)
tests_fuzz_net_life_LDADD =

tests_fuzz_tar_SOURCES = tests/fuzz/tar.c $(fuzz_main) $(fuzz_base) \
	core/tree/entry.c core/tree/tar_read.c core/tree/tar_write.c
tests_fuzz_tar_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_tar_LDFLAGS = $(fuzz_flags)
tests_fuzz_tar_LDADD =

tests_fuzz_wire_SOURCES = tests/fuzz/wire.c $(fuzz_main) $(fuzz_base) \
	core/wire/request.c core/wire/wire.c
tests_fuzz_wire_CFLAGS = $(MSMV_CFLAGS) $(fuzz_flags)
tests_fuzz_wire_LDFLAGS = $(fuzz_flags)
tests_fuzz_wire_LDADD =

tests_fuzz_yaml_SOURCES = tests/fuzz/yaml.c $(fuzz_main) $(fuzz_base) \
	core/recipe/diag.c core/recipe/diag_text.c core/recipe/yaml.c \
	core/recipe/yaml_alias.c core/recipe/yaml_place.c core/recipe/yaml_scalar.c \
	core/value/source.c core/value/value.c core/value/whole.c
tests_fuzz_yaml_CFLAGS = $(MSMV_CFLAGS) $(YAML_CFLAGS) $(fuzz_flags)
tests_fuzz_yaml_LDFLAGS = $(fuzz_flags)
tests_fuzz_yaml_LDADD = $(YAML_LIBS)
