# SPDX-License-Identifier: GPL-3.0-only
# The engine as one internal library; the programs and the unit tests link it.
noinst_LTLIBRARIES += core/libmsmv.la
core_libmsmv_la_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(INIH_CFLAGS) \
	$(YAML_CFLAGS)
core_libmsmv_la_LIBADD = $(CRYPTO_LIBS) $(JANSSON_LIBS) $(INIH_LIBS) $(YAML_LIBS)
core_libmsmv_la_CPPFLAGS = $(AM_CPPFLAGS) \
	-DMSMV_PLUGINDIR='"$(plugindir)"' -DMSMV_LIBEXECDIR='"$(msmvlibexecdir)"' \
	-DMSMV_SHAREDIR='"$(msmvdatadir)"' -DMSMV_SYSCONFDIR='"$(sysconfdir)"'
core_libmsmv_la_SOURCES = \
	core/base/err.c core/base/err.h \
	core/base/fs.c core/base/fs.h \
	core/base/fs_look.c \
	core/base/identity.c core/base/identity.h \
	core/base/map.c core/base/map.h \
	core/base/mem.c core/base/mem.h \
	core/base/path.c core/base/path.h \
	core/base/record.c core/base/record.h \
	core/base/sha256.c core/base/sha256.h \
	core/base/str.c core/base/str.h \
	core/base/suggest.c core/base/suggest.h \
	core/base/sum.c core/base/sum.h \
	core/base/syncs.c core/base/syncs.h \
	core/base/text_file.c core/base/text_file.h \
	core/base/vec.h \
	core/base/witness.c core/base/witness.h \
	core/base/witness_hold.c \
	core/catalog/catalog.c core/catalog/catalog.h \
	core/catalog/describe.c \
	core/graph/check.c \
	core/graph/graph.c core/graph/graph.h \
	core/graph/heap.c core/graph/heap.h \
	core/graph/ready.c \
	core/graph/stage.c core/graph/stage.h \
	core/recipe/conf.c core/recipe/conf.h \
	core/recipe/diag.c core/recipe/diag.h \
	core/recipe/diag_text.c \
	core/recipe/edit.c core/recipe/edit.h core/recipe/edit_part.h \
	core/recipe/edit_toml.c \
	core/recipe/edit_toml_add.c \
	core/recipe/lock.c core/recipe/lock.h \
	core/recipe/lock_text.c \
	core/recipe/edit_yaml.c \
	core/recipe/lower.c core/recipe/lower.h \
	core/recipe/lower_app.c \
	core/recipe/lower_boot.c \
	core/recipe/lower_general.c \
	core/recipe/lower_image.c \
	core/recipe/lower_kernel.c \
	core/recipe/lower_make.c \
	core/recipe/lower_files.c \
	core/recipe/lower_network.c \
	core/recipe/lower_rootfs.c \
	core/recipe/lower_section.c \
	core/recipe/lower_set.c \
	core/recipe/lower_stages.c \
	core/recipe/matrix.c core/recipe/matrix.h \
	core/recipe/overlays.c core/recipe/overlays.h \
	core/recipe/read.c core/recipe/read.h \
	core/recipe/notes.c core/recipe/notes.h \
	core/recipe/notes_yaml.c \
	core/recipe/schema.c core/recipe/schema.h \
	core/recipe/schema_path.c core/recipe/schema_path.h \
	core/recipe/schema_type.c core/recipe/schema_type.h \
	core/recipe/sections.c core/recipe/sections.h \
	core/recipe/lower_parts.h \
	core/recipe/toml.c core/recipe/toml.h \
	core/recipe/toml_date.c \
	core/recipe/toml_key.c core/recipe/toml_key.h \
	core/recipe/toml_document.c core/recipe/toml_document.h \
	core/recipe/toml_format.c core/recipe/toml_format.h \
	core/recipe/toml_layout.c core/recipe/toml_layout.h \
	core/recipe/toml_scalar.c \
	core/recipe/toml_scan.c core/recipe/toml_scan.h \
	core/recipe/toml_string.c \
	core/recipe/toml_table.c core/recipe/toml_table.h \
	core/recipe/toml_write.c core/recipe/toml_write.h \
	core/recipe/variables.c core/recipe/variables.h \
	core/recipe/variant.c core/recipe/variant.h \
	core/recipe/yaml.c core/recipe/yaml.h \
	core/recipe/yaml_alias.c \
	core/recipe/yaml_document.c core/recipe/yaml_document.h \
	core/recipe/yaml_parts.h \
	core/recipe/yaml_place.c \
	core/recipe/yaml_scalar.c \
	core/run/action.c core/run/action.h \
	core/run/again.c core/run/again.h \
	core/run/ask.c core/run/ask.h \
	core/run/capture.c core/run/capture.h \
	core/run/closure.c core/run/closure.h \
	core/run/context.h \
	core/run/facts.c core/run/facts.h \
	core/run/group.c core/run/group.h \
	core/run/inputs.c core/run/inputs.h \
	core/run/job.c core/run/job.h \
	core/run/jobserver.c core/run/jobserver.h \
	core/run/limits.c core/run/limits.h \
	core/run/loan.c core/run/loan.h \
	core/run/local.c core/run/local.h \
	core/run/locked.c core/run/locked.h \
	core/run/loop.c core/run/loop.h \
	core/run/offline.c core/run/offline.h \
	core/run/pressure.c core/run/pressure.h \
	core/run/problem.c core/run/problem.h \
	core/run/publish.c \
	core/run/registry.c core/run/registry.h \
	core/run/resolve.c core/run/resolve.h \
	core/run/run_end.c \
	core/run/run_open.c \
	core/run/runner.c core/run/runner.h \
	core/run/sandbox.c core/run/sandbox.h core/run/sandbox_part.h \
	core/run/sandbox_files.c \
	core/run/sandbox_prove.c \
	core/run/sandbox_stage.c \
	core/run/spawn.c core/run/spawn.h \
	core/run/state.c core/run/state.h \
	core/run/verdict.c \
	core/store/batch.c core/store/batch.h \
	core/store/blob.c \
	core/store/claim.c core/store/claim.h \
	core/store/gc.c core/store/gc.h \
	core/store/index.c core/store/index.h \
	core/store/null_run.c core/store/null_run.h \
	core/store/scratch.c core/store/scratch.h \
	core/store/store.c core/store/store.h \
	core/tree/entry.c core/tree/entry.h \
	core/tree/extract.c \
	core/tree/pack.c core/tree/pack.h \
	core/tree/tar.h core/tree/tar_header.h \
	core/tree/tar_read.c core/tree/tar_write.c \
	core/value/source.c core/value/source.h \
	core/value/value.c core/value/value.h \
	core/value/whole.c \
	core/wire/options.c core/wire/options.h \
	core/wire/request.c core/wire/request.h \
	core/wire/wire.c core/wire/wire.h

# Knows nothing of the engine: what boots a machine in a stage and under msmv vm.
vm_sources = \
	core/vm/accel.c core/vm/accel.h \
	core/vm/argv.c core/vm/argv.h \
	core/vm/console.c core/vm/console.h \
	core/vm/forward.c core/vm/forward.h \
	core/vm/guest.c core/vm/guest.h \
	core/vm/guest_devices.c core/vm/guest_line.h \
	core/vm/guest_vmm.c \
	core/vm/kvm.c core/vm/kvm.h \
	core/vm/machine.c core/vm/machine.h \
	core/vm/pvh.c core/vm/pvh.h \
	core/vm/qemu.c core/vm/qemu.h \
	core/vm/qmp.c core/vm/qmp.h \
	core/vm/vsock_ready.c core/vm/vsock_ready.h

# What msmv vm and its supervisor know besides; these use core/base.
vm_host_sources = \
	core/vm/folder.c core/vm/folder.h \
	core/vm/history.c core/vm/history.h \
	core/vm/journal.c core/vm/journal.h \
	core/vm/reserve.c core/vm/reserve.h

bin_PROGRAMS += core/msmv
core_msmv_CPPFLAGS = $(core_libmsmv_la_CPPFLAGS)
core_msmv_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
core_msmv_LDADD = core/libmsmv.la
core_msmv_SOURCES = \
	core/cli/args.c core/cli/cmd.h \
	core/cli/attest.c core/cli/attest.h \
	core/cli/attest_cyclonedx.c \
	core/cli/attest_provenance.c \
	core/cli/attest_spdx.c \
	core/cli/cmd_clean.c \
	core/cli/cmd_kconfig.c \
	core/cli/cmd_lock.c \
	core/cli/cmd_log.c \
	core/cli/cmd_plan.c \
	core/cli/cmd_plugins.c \
	core/cli/cmd_recipe.c \
	core/cli/cmd_store.c core/cli/store.h \
	core/cli/cmd_verify.c \
	core/cli/cmd_why.c \
	core/cli/store_export.c \
	core/cli/store_gc.c \
	core/cli/store_import.c \
	core/cli/store_ls.c \
	core/cli/store_verify.c \
	core/cli/cmd_run.c \
	core/cli/dotconfig.c core/cli/dotconfig.h \
	core/cli/export.c core/cli/export.h \
	core/cli/export_copy.c core/cli/export_copy.h \
	core/cli/json.c core/cli/json.h \
	core/cli/kconfig_check.c \
	core/cli/kconfig_diff.c \
	core/cli/kconfig_edit.c \
	core/cli/kconfig_fix.c \
	core/cli/kconfig_menuconfig.c \
	core/cli/kconfig_part.h \
	core/cli/kconfig_report.c \
	core/cli/kconfig_run.c \
	core/cli/line_diff.c core/cli/line_diff.h \
	core/cli/main.c \
	core/cli/niceness.c core/cli/niceness.h \
	core/cli/null_run.c core/cli/null_run.h \
	core/cli/relay.c core/cli/relay.h \
	core/cli/recipe.h \
	core/cli/recipe_check.c \
	core/cli/recipe_convert.c \
	core/cli/recipe_fmt.c \
	core/cli/recipe_new.c \
	core/cli/recipe_schema.c \
	core/cli/session.c core/cli/session.h core/cli/session_lock.c \
	core/cli/session_recipe.c \
	core/cli/session_sandbox.c \
	core/cli/text.c core/cli/text.h \
	core/cli/ui.c core/cli/ui.h \
	core/cli/ui_json.c \
	core/cli/ui_line.c core/cli/ui_part.h \
	core/cli/ui_problem.c \
	core/cli/cmd_vm.c core/cli/vm.h \
	core/cli/vm_common.c \
	core/cli/vm_connect.c \
	core/cli/vm_console.c \
	core/cli/vm_devices.c \
	core/cli/vm_lines.c core/cli/vm_lines.h \
	core/cli/vm_logs.c \
	core/cli/vm_folder.c \
	core/cli/vm_hardware.c \
	core/cli/vm_machine.c \
	core/cli/vm_network.c \
	core/cli/vm_plan.c core/cli/vm_plan.h \
	core/cli/vm_disk.c \
	core/cli/vm_nic.c \
	core/cli/vm_plug.c core/cli/vm_plug.h \
	core/cli/vm_kill.c \
	core/cli/vm_rm.c \
	core/cli/vm_screendump.c \
	core/cli/vm_share.c \
	core/cli/vm_snapshot.c \
	core/cli/vm_socket.c \
	core/cli/vm_source.c \
	core/cli/vm_launch.c \
	core/cli/vm_new.c \
	core/cli/vm_start.c \
	core/cli/vm_status.c \
	core/cli/vm_stop.c \
	core/cli/vm_stream.c core/cli/vm_stream.h \
	core/cli/vm_supervise.c \
	core/cli/vm_wait.c \
	core/vm/accel.c core/vm/accel.h \
	core/vm/argv.c core/vm/argv.h \
	core/vm/forward.c core/vm/forward.h \
	core/vm/guest.c core/vm/guest.h \
	core/vm/guest_devices.c core/vm/guest_line.h \
	core/vm/image.c core/vm/image.h \
	core/vm/kvm.c core/vm/kvm.h \
	core/vm/link.c core/vm/link.h \
	core/vm/local_socket.c core/vm/local_socket.h \
	core/vm/machine.c core/vm/machine.h \
	core/vm/pvh.c core/vm/pvh.h \
	core/vm/qmp.c core/vm/qmp.h \
	core/vm/vsock.c core/vm/vsock.h \
	$(vm_host_sources)

# Beside each VM that msmv vm starts.
msmvlibexec_PROGRAMS = core/msmv-supervisor
core_msmv_supervisor_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
core_msmv_supervisor_LDADD = core/libmsmv.la $(JANSSON_LIBS)
core_msmv_supervisor_SOURCES = \
	core/supervisor/host.c \
	core/supervisor/machine.c \
	core/supervisor/main.c \
	core/supervisor/share.c \
	core/supervisor/server.c core/supervisor/supervisor.h \
	core/supervisor/state.c \
	core/supervisor/stop.c \
	core/supervisor/streams.c \
	core/supervisor/viewers.c \
	core/supervisor/waiters.c \
	core/vm/argv.c core/vm/argv.h \
	core/vm/console.c core/vm/console.h \
	core/vm/forward.c core/vm/forward.h \
	core/vm/life.c core/vm/life.h \
	core/vm/life_state.c core/vm/life_part.h \
	core/vm/local_socket.c core/vm/local_socket.h \
	core/vm/qemu.c core/vm/qemu.h \
	core/vm/qmp.c core/vm/qmp.h \
	core/vm/ring.c core/vm/ring.h \
	core/vm/vsock.c core/vm/vsock.h \
	core/vm/vsock_ready.c core/vm/vsock_ready.h \
	$(vm_host_sources)

msmvlibexec_PROGRAMS += core/msmv-worker core/msmv-unpack
core_msmv_worker_LDADD = core/libmsmv.la
core_msmv_worker_SOURCES = \
	core/worker/host_command.c \
	core/worker/host_data.c \
	core/worker/host_fact.c \
	core/worker/host_place.c \
	core/worker/host_report.c \
	core/worker/host_tree.c \
	core/worker/load.c \
	core/worker/main.c \
	core/worker/prove.c \
	core/worker/worker.h
core_msmv_unpack_CFLAGS = $(AM_CFLAGS) $(ARCHIVE_CFLAGS)
core_msmv_unpack_LDADD = core/libmsmv.la $(ARCHIVE_LIBS)
core_msmv_unpack_SOURCES = core/worker/unpack.c core/worker/unpack.h \
	core/worker/unpack_check.c

msmvlibexec_PROGRAMS += core/msmv-differ
core_msmv_differ_CFLAGS = $(AM_CFLAGS) $(ARCHIVE_CFLAGS) $(ELF_CFLAGS)
core_msmv_differ_LDADD = core/libmsmv.la $(ARCHIVE_LIBS) $(ELF_LIBS)
core_msmv_differ_SOURCES = \
	core/differ/archive.c \
	core/differ/differ.c core/differ/differ.h \
	core/differ/elf.c \
	core/differ/main.c \
	core/differ/pe.c \
	core/differ/qcow2.c

# Preloaded into what msmv verify builds again.
msmvlibexec_LTLIBRARIES = core/worker/msmv-elsewhere.la
core_worker_msmv_elsewhere_la_SOURCES = core/worker/elsewhere.c
core_worker_msmv_elsewhere_la_CFLAGS = $(MSMV_CFLAGS)
core_worker_msmv_elsewhere_la_LDFLAGS = -module -avoid-version -shared

msmvinclude_HEADERS = core/include/msmv/plugin.h
msmvincludedir = $(includedir)/msmv
pkgconfig_DATA += core/include/msmv.pc
EXTRA_DIST += core/vm/README.md core/HACKING.md core/msmv-dev.in
