/* SPDX-License-Identifier: GPL-3.0-only */
/* The command lines, word by word. */
#include "vm/guest.h"

#include <stdlib.h>

#include "unit/unit.h"
#include "vm/argv.h"

/* A guest with nothing but a kernel. */
static struct guest
plain(void)
{
	return (struct guest){ .form = "kernel", .arch = "x86", .machine = "microvm",
		               .accel = "tcg", .cpu = "max", .bus = "auto",
		               .memory = 128 << 20, .cpus = 1, .kernel = "bzImage",
		               .cmdline = "console=ttyS0 quiet" };
}

#define TCG_MICROVM "-machine microvm,acpi=off,x-option-roms=off -accel tcg -cpu max -m 128M" \
	" -smp 1 -nodefaults -no-user-config -display none -no-reboot"

static void
check_qemu(const struct guest *g, const struct guest_sockets *sockets, const char *want)
{
	char **argv = guest_argv(g, "qemu", sockets);
	char *text = argv_text(argv);

	ck_assert_str_eq(text, want);
	free(text);
	argv_free(argv);
}

START_TEST(kernel)
{
	struct guest g = plain();

	check_qemu(&g, NULL, "qemu " TCG_MICROVM
	           " -serial stdio -kernel bzImage -append 'console=ttyS0 quiet'");
	g.initramfs = "initramfs.cpio";
	g.rng = true;
	g.machine = "q35";
	g.accel = "kvm";
	g.cpu = "host";
	g.cpus = 4;
	check_qemu(&g, NULL, "qemu -machine q35 -accel kvm -cpu host -m 128M -smp 4 -nodefaults"
	           " -no-user-config -display none -no-reboot -serial stdio -kernel bzImage"
	           " -initrd initramfs.cpio -append 'console=ttyS0 quiet'"
	           " -device virtio-rng-pci");
}
END_TEST

/* Of the architecture that the recipe is for, with what its plugin says of the machine. */
START_TEST(other_architectures)
{
	struct guest g = plain();

	g.arch = "arm64";
	g.machine = "virt";
	g.special = "virt,gic-version=max";
	g.kernel = "Image";
	g.rng = true;
	check_qemu(&g, NULL, "qemu -machine virt,gic-version=max -accel tcg -cpu max -m 128M"
	           " -smp 1 -nodefaults -no-user-config -display none -no-reboot -serial stdio"
	           " -kernel Image -append 'console=ttyS0 quiet' -device virtio-rng-device");
	g.arch = "riscv";
	g.special = NULL;
	g.bus = "pci";
	check_qemu(&g, NULL, "qemu -machine virt -accel tcg -cpu max -m 128M"
	           " -smp 1 -nodefaults -no-user-config -display none -no-reboot -serial stdio"
	           " -kernel Image -append 'console=ttyS0 quiet' -device virtio-rng-pci");
	g.arch = "loongarch";
	g.machine = "special-board";
	g.bus = "auto";
	g.rng = false;
	check_qemu(&g, NULL, "qemu -machine special-board -accel tcg -cpu max -m 128M"
	           " -smp 1 -nodefaults -no-user-config -display none -no-reboot -serial stdio"
	           " -kernel Image -append 'console=ttyS0 quiet'");
}
END_TEST

START_TEST(microvm_acpi)
{
	struct guest g = plain();
	char **argv;

	g.acpi = true;
	argv = guest_argv(&g, "qemu", NULL);
	ck_assert_str_eq(argv[2], "microvm,acpi=off,x-option-roms=off");
	argv_free(argv);
	g.accel = "kvm";
	argv = guest_argv(&g, "qemu", NULL);
	ck_assert_str_eq(argv[2], "microvm,acpi=on,x-option-roms=off");
	argv_free(argv);
}
END_TEST

START_TEST(streams)
{
	struct guest g = plain();
	struct guest_sockets s = GUEST_SOCKETS_NONE;

	g.kernel = NULL;
	g.cmdline = NULL;
	s.qmp.fd = 7;
	s.console.path = "/run/vm,1/console.sock";
	s.paused = true;
	check_qemu(&g, &s, "qemu " TCG_MICROVM
	           " -chardev socket,id=qmp,fd=7 -mon chardev=qmp,mode=control"
	           " -chardev socket,id=console,server=on,wait=off,path=/run/vm,,1/console.sock"
	           " -serial chardev:console -S");
	s = (struct guest_sockets)GUEST_SOCKETS_NONE;
	s.console.fd = 8;
	s.console.pipe = true;
	check_qemu(&g, &s, "qemu " TCG_MICROVM " -add-fd fd=8,set=8"
	           " -chardev file,id=console,path=/dev/fdset/8,append=on"
	           " -serial chardev:console");
	s = (struct guest_sockets)GUEST_SOCKETS_NONE;
	s.console.path = "/run/vm,1/console";
	s.console.pipe = true;
	check_qemu(&g, &s, "qemu " TCG_MICROVM
	           " -chardev pipe,id=console,path=/run/vm,,1/console -serial chardev:console");
	s = (struct guest_sockets)GUEST_SOCKETS_NONE;
	s.control.fd = 9;
	check_qemu(&g, &s, "qemu " TCG_MICROVM " -chardev socket,id=control,fd=9"
	           " -device virtio-serial-device"
	           " -device virtserialport,chardev=control,name=msmv.control");
}
END_TEST

START_TEST(disks)
{
	struct guest g = plain();

	g.kernel = NULL;
	g.cmdline = NULL;
	g.uki = "linux.efi";
	g.firmware = "CODE.fd";
	g.vars = "VARS.fd";
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "a,b.qcow2",
		.format = "qcow2", .discard = true };
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "data.img",
		.format = "raw", .serial = "data" };
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "ro.img", .format = "raw",
		.readonly = true, .discard = true };
	check_qemu(&g, NULL, "qemu " TCG_MICROVM " -serial stdio"
	           " -drive if=pflash,unit=0,format=raw,readonly=on,file=CODE.fd"
	           " -drive if=pflash,unit=1,format=raw,snapshot=on,file=VARS.fd"
	           " -kernel linux.efi"
	           " -drive id=disk0,if=none,format=qcow2,snapshot=on,file=a,,b.qcow2"
	           " -device virtio-blk-device,drive=disk0"
	           " -drive id=disk1,if=none,format=raw,file=data.img"
	           " -device virtio-blk-device,drive=disk1,serial=data"
	           " -drive id=disk2,if=none,format=raw,readonly=on,file=ro.img"
	           " -device virtio-blk-device,drive=disk2");
	/* From a disk that the firmware sees: nothing is handed over. */
	g.vars = NULL;
	g.disk_count = 1;
	g.disks[0] = (struct guest_disk){ .path = "esp", .format = "fat" };
	check_qemu(&g, NULL, "qemu " TCG_MICROVM " -serial stdio -bios CODE.fd"
	           " -drive id=disk0,if=none,format=raw,readonly=on,file=fat:esp"
	           " -device virtio-blk-device,drive=disk0");
}
END_TEST

static struct guest
connected(void)
{
	struct guest g = plain();
	struct guest_nic *nic = &g.nics[g.nic_count++];

	g.cmdline = "";
	nic->mac = "52:54:00:00:00:01";
	nic->forwards[nic->forward_count++] = (struct guest_forward){ .host = 8080, .guest = 80 };
	nic->forwards[nic->forward_count++] =
		(struct guest_forward){ .address = "0.0.0.0", .host = 5353, .guest = 53,
		                        .udp = true };
	g.nics[g.nic_count++] = (struct guest_nic){ .tap = "tap7" };
	g.shares[g.share_count++] =
		(struct guest_share){ .tag = "home", .path = "/home", .readonly = true };
	g.shares[g.share_count++] = (struct guest_share){ .tag = "src", .socket = "fs.sock" };
	g.vsock_cid = 42;
	g.vsock_socket = "vsock.sock";
	g.screen = true;
	return g;
}

START_TEST(devices)
{
	struct guest g = connected();

	check_qemu(&g, NULL, "qemu -machine"
	           " microvm,acpi=off,x-option-roms=off,memory-backend=memory -accel tcg"
	           " -cpu max -m 128M -object memory-backend-memfd,id=memory,size=128M,share=on"
	           " -smp 1 -nodefaults -no-user-config -display none"
	           " -global virtio-mmio.force-legacy=false -no-reboot -serial stdio"
	           " -kernel bzImage -netdev user,id=net0,hostfwd=tcp:127.0.0.1:8080-:80,"
	           "hostfwd=udp:0.0.0.0:5353-:53"
	           " -device virtio-net-device,netdev=net0,mac=52:54:00:00:00:01"
	           " -netdev tap,id=net1,ifname=tap7,script=no,downscript=no"
	           " -device virtio-net-device,netdev=net1"
	           " -fsdev local,id=share0,security_model=none,readonly=on,path=/home"
	           " -device virtio-9p-device,fsdev=share0,mount_tag=home"
	           " -chardev socket,id=share1,path=fs.sock"
	           " -device vhost-user-fs-device,chardev=share1,tag=src"
	           " -device vhost-vsock-device,guest-cid=42 -device virtio-gpu-device");
	g.shares[0].fd = 200;
	g.nics[0] = (struct guest_nic){ .vhost_user = "/run/switch,1" };
	g.nic_count = g.share_count = 1;
	g.hugepages = true;
	g.vsock_cid = 0;
	g.machine = "q35";
	g.slots = 2;
	check_qemu(&g, NULL, "qemu -machine q35,memory-backend=memory -accel tcg"
	           " -cpu max -m 128M -object memory-backend-memfd,id=memory,size=128M,share=on,"
	           "hugetlb=on,prealloc=on"
	           " -smp 1 -nodefaults -no-user-config -display none -no-reboot -serial stdio"
	           " -kernel bzImage -chardev socket,id=vhost0,path=/run/switch,,1"
	           " -netdev vhost-user,id=net0,chardev=vhost0"
	           " -device virtio-net-pci,netdev=net0"
	           " -chardev socket,id=share0,fd=200"
	           " -device vhost-user-fs-pci,chardev=share0,tag=home"
	           " -device VGA -device pcie-root-port,id=slot0,bus=pcie.0,chassis=1,slot=1"
	           " -device pcie-root-port,id=slot1,bus=pcie.0,chassis=2,slot=2");
	g = connected();
	g.vsock_fd = 11;
	g.nic_count = g.share_count = 0;
	g.screen = false;
	check_qemu(&g, NULL, "qemu " TCG_MICROVM " -serial stdio -kernel bzImage"
	           " -device vhost-vsock-device,guest-cid=42,vhostfd=11");
}
END_TEST

/* ---- Other monitors -------------------------------------------------------- */

static void
check_cloud(const struct guest *g, const char *api, const char *want)
{
	char **argv = guest_cloud_hypervisor(g, api);
	char *text = argv_text(argv);

	ck_assert_str_eq(text, want);
	free(text);
	argv_free(argv);
}

START_TEST(cloud_hypervisor)
{
	struct guest g = connected();

	g.elf = "vmlinux";
	g.initramfs = "initramfs.cpio";
	g.cmdline = "console=ttyS0 quiet reboot=t";
	g.rng = true;
	g.cpus = 2;
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "a.qcow2", .format = "qcow2" };
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "b.img", .format = "raw",
		.readonly = true };
	check_cloud(&g, "api.sock", "cloud-hypervisor --api-socket api.sock --kernel vmlinux"
	            " --initramfs initramfs.cpio --cmdline 'console=ttyS0 quiet reboot=t'"
	            " --cpus boot=2 --memory size=128M,shared=on --disk path=a.qcow2"
	            " path=b.img,readonly=on --net tap=,mac=52:54:00:00:00:01 tap=tap7"
	            " --fs tag=src,socket=fs.sock --vsock cid=42,socket=vsock.sock"
	            " --rng src=/dev/urandom --serial tty --console off");
	/* On ARM it has no ELF files, and another serial port. */
	g = plain();
	g.arch = "arm64";
	g.kernel = "Image";
	g.elf = "vmlinux";
	check_cloud(&g, NULL, "cloud-hypervisor --kernel Image --cmdline"
	            " 'console=ttyAMA0 quiet' --cpus boot=1 --memory size=128M"
	            " --serial tty --console off");
	/* A UKI is on a disk that its firmware starts from. */
	g = plain();
	g.kernel = NULL;
	g.uki = "linux.efi";
	g.firmware = "CLOUDHV.fd";
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "efi.img", .format = "raw" };
	check_cloud(&g, NULL, "cloud-hypervisor --firmware CLOUDHV.fd --cpus boot=1"
	            " --memory size=128M --disk path=efi.img --serial tty --console off");
	g.arch = "riscv";
	ck_assert_ptr_null(guest_cloud_hypervisor(&g, NULL));
}
END_TEST

static void
check_fire(const struct guest *g, const char *want)
{
	json_t *config = guest_firecracker(g);
	char *text = json_dumps(config, JSON_COMPACT);

	ck_assert_str_eq(text, want);
	free(text);
	json_decref(config);
}

START_TEST(firecracker)
{
	struct guest g = connected();
	char **argv = guest_firecracker_argv("vm.json", NULL);
	char *text = argv_text(argv);

	ck_assert_str_eq(text, "firecracker --no-api --config-file vm.json");
	free(text);
	argv_free(argv);
	g.elf = "vmlinux";
	g.cmdline = "console=ttyS0 root=/dev/vda rw reboot=t panic=-1";
	g.rng = true;
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "disk.img", .format = "raw" };
	check_fire(&g, "{\"boot-source\":{\"kernel_image_path\":\"vmlinux\",\"boot_args\":"
	           "\"console=ttyS0 root=/dev/vda rw reboot=k panic=1 pci=off\"},"
	           "\"drives\":[{\"drive_id\":\"disk0\",\"path_on_host\":\"disk.img\","
	           "\"is_root_device\":false,\"is_read_only\":false}],"
	           "\"machine-config\":{\"vcpu_count\":1,\"mem_size_mib\":128},"
	           "\"network-interfaces\":[{\"iface_id\":\"eth0\",\"host_dev_name\":\"tap0\","
	           "\"guest_mac\":\"52:54:00:00:00:01\"},{\"iface_id\":\"eth1\","
	           "\"host_dev_name\":\"tap7\"}],"
	           "\"vsock\":{\"guest_cid\":42,\"uds_path\":\"vsock.sock\"},\"entropy\":{}}");
	g = plain();
	g.arch = "arm64";
	g.kernel = "Image";
	g.initramfs = "initramfs.cpio";
	g.cmdline = "console=ttyAMA0";
	check_fire(&g, "{\"boot-source\":{\"kernel_image_path\":\"Image\",\"initrd_path\":"
	           "\"initramfs.cpio\",\"boot_args\":"
	           "\"console=ttyS0 reboot=k panic=1 pci=off\"},\"drives\":[],"
	           "\"machine-config\":{\"vcpu_count\":1,\"mem_size_mib\":128},"
	           "\"network-interfaces\":[]}");
}
END_TEST

START_TEST(fits)
{
	struct guest g = plain();
	char why[80];

	ck_assert(guest_fits(&g, "cloud-hypervisor", why, sizeof(why)));
	ck_assert_str_eq(why, "");
	ck_assert(!guest_fits(&g, "firecracker", why, sizeof(why)));
	ck_assert_str_eq(why, "it wants the kernel as ELF file");
	g.elf = "vmlinux";
	ck_assert(guest_fits(&g, "firecracker", why, sizeof(why)));
	g.disks[g.disk_count++] = (struct guest_disk){ .path = "a", .format = "qcow2" };
	ck_assert(guest_fits(&g, "cloud-hypervisor", why, sizeof(why)));
	ck_assert(!guest_fits(&g, "firecracker", why, sizeof(why)));
	ck_assert_str_eq(why, "it reads raw disks only");
	g.arch = "riscv";
	ck_assert(!guest_fits(&g, "cloud-hypervisor", why, sizeof(why)));
	ck_assert_str_eq(why, "it does not run guests of this architecture");
	g = plain();
	g.kernel = NULL;
	g.uki = "linux.efi";
	ck_assert(!guest_fits(&g, "firecracker", why, sizeof(why)));
	ck_assert_str_eq(why, "it does not start UEFI");
	ck_assert(!guest_fits(&g, "cloud-hypervisor", why, sizeof(why)));
	ck_assert_str_eq(why, "its UEFI starts from a disk");
}
END_TEST

START_TEST(shell_text)
{
	struct argv args = { .item = NULL };
	char *text;

	argv_pair(&args, "plain-1.0/x", "two words");
	argv_pair(&args, "it's", "");
	argv_file(&args, "$HOME=", "a,b");
	text = argv_text(argv_done(&args));

	ck_assert_str_eq(text, "plain-1.0/x 'two words' 'it'\\''s' '' '$HOME=a,,b'");
	free(text);
	argv_free(args.item);
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("vm_guest");

	tcase_add_test(t, kernel);
	tcase_add_test(t, other_architectures);
	tcase_add_test(t, microvm_acpi);
	tcase_add_test(t, streams);
	tcase_add_test(t, disks);
	tcase_add_test(t, devices);
	tcase_add_test(t, cloud_hypervisor);
	tcase_add_test(t, firecracker);
	tcase_add_test(t, fits);
	tcase_add_test(t, shell_text);
	return unit_run("vm_guest", t);
}
