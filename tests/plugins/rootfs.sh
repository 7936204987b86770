#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-only
# The skeleton as a tree, the configuration it holds, and the wishes it refuses.
# Functions are called by name through check and refuse.
# shellcheck disable=SC2317
# shellcheck source=tests/lib.sh
. "${top_srcdir:?}/tests/lib.sh"

# recipe < options: one stage with them.
recipe()
{
	{
		echo '[stage.rootfs]'
		echo 'plugin = "rootfs"'
		cat
	} >r.toml
}

# made: builds it; the tree is in tree/, its listing in list.
made()
{
	rm -rf out tree
	msmv run r.toml >run.log 2>&1 || {
		cat run.log
		return 1
	}
	mkdir tree
	tar -C tree -xf out/root etc &&
		tar --numeric-owner -tvf out/root | awk '{ print $1, $2, $3, $6, $7, $8 }' >list
}

member()
{
	grep -q -e "$1" list || {
		cat list
		false
	}
}

# says FILE: its bytes are those of standard input.
says()
{
	cat >"$T/wanted"
	diff -u "$T/wanted" "tree/$1"
}

# Nothing but its name.
recipe <<'END'
hostname = "My VM & more"
END
check "a skeleton with nothing in it" made
check "device nodes without root" member '^crw------- 0/0 5,1 dev/console'
check "null" member '^crw-rw-rw- 0/0 1,3 dev/null'
check "the serial lines of both machines" member '^crw--w---- 0/5 204,64 dev/ttyAMA0'
check "a sticky /tmp" member '^drwxrwxrwt 0/0 .* tmp/'
check "a private /root" member '^drwx------ 0/0 .* root/'
check "resolv.conf where it can be written" member ' etc/resolv.conf -> /run/resolv.conf'
check "/dev/pts to mount on" member ' dev/pts/'
check "shadow is for root alone" member '^-rw------- 0/0 .* etc/shadow'
expect "no account has an empty password" "" \
	"$(awk -F: '$2 == "" { print $1 }' tree/etc/passwd tree/etc/shadow)"
expect "all are locked" "! !" "$(awk -F: '{ printf "%s%s", s, $2; s = " " }' tree/etc/shadow)"
expect "the host name is one" "My-VM-more" "$(cat tree/etc/hostname)"
says_init()
{
	says etc/msmv/init.ini <<'END'
# Read by msmv-init.
[init]
hostname = My-VM-more
grace_ms = 5000
log = warn
halt = auto
END
}
check "init.ini" says_init

# Everything.
recipe <<'END'
hostname = "all"
app = { one = "/bin/one --a='x y' \"q\\\"\" z", two = "/bin/two" }
app_dir = { two = "/var/two folder" }
app_user = { two = "web", one = "12:34" }
app_on_exit = { two = "restart" }
app_stop_signal = { two = "SIGQUIT" }
tty = "two"
env = { LANG = "C", GREETING = "two words" }
users = { web = "500:600:/srv/web:/bin/false", plain = "501" }
grace_ms = 1500
log = "info"
halt = "reboot"
net_ip_address = "10.0.2.15/23"
net_gateway = "10.0.2.2"
net_dns = ["10.0.2.3", "fe80::1"]
dirs = ["/srv/web", "/data:1777"]
symlinks = { "/bin/sh" = "one" }
END
check "everything at once" made
says_all()
{
	says etc/msmv/init.ini <<'END'
# Read by msmv-init.
[init]
hostname = all
grace_ms = 1500
log = info
halt = reboot
env = LANG=C "GREETING=two words"

[network]
interface = eth0
address = 10.0.2.15
netmask = 255.255.254.0
gateway = 10.0.2.2
dns = 10.0.2.3 fe80::1

[app one]
argv = /bin/one "--a=x y" "q\"" z
uid = 12
gid = 34

[app two]
argv = /bin/two
dir = "/var/two folder"
uid = 500
gid = 600
on_exit = restart
stop_signal = 3
tty = yes
END
}
check "init.ini" says_all
check "passwd" grep -qx 'web:x:500:600:web:/srv/web:/bin/false' tree/etc/passwd
check "an account with defaults" grep -qx 'plain:x:501:501:plain:/:/bin/sh' tree/etc/passwd
check "its group" grep -qx 'plain:x:501:' tree/etc/group
check "hosts" grep -qx '127.0.1.1 all' tree/etc/hosts
check "a folder of its own mode" member '^drwxrwxrwt 0/0 .* data/'
check "a symbolic link" member ' bin/sh -> one'
cp out/root first
mv "$MSMV_STORE" "$T/other-store"
check "made again from nothing" made
check "it has the same bytes" cmp first out/root

# Applications among each other, mounts, settings.
recipe <<'END'
app = { db = "/bin/db", init = "/bin/initdb", web = "/bin/web" }
app_type = { init = "task" }
app_after = { db = "init", web = "db init" }
app_ready = { db = "line 'is ready'", web = "tcp 80" }
app_ready_ms = { db = 500 }
app_restart = { db = "on-failure", web = "always" }
app_groups = { db = "tty web 44" }
app_environment = { db = "A=1 'B=two words'" }
users = { web = "500:600" }
mounts = { "/data" = "ext4 /dev/vdb noatime,data=journal", "/srv/x y" = "9p share ro", "/cache" = "tmpfs size=16m" , "/v" = "virtiofs tag" }
mount_mkfs = { "/data" = "/sbin/mke2fs -q -t ext4 -L 'my data'" }
mount_owner = { "/data" = "web" }
sysctl = { "net.ipv4.ip_forward" = 1, "kernel.core_pattern" = "|/bin/x %p" }
seed = "/data/seed"
network_wait_ms = 500
END
check "services, mounts, settings" made
says_services()
{
	says etc/msmv/init.ini <<'END'
# Read by msmv-init.
[init]
hostname = msmv
grace_ms = 5000
network_wait_ms = 500
log = warn
halt = auto
sysctl = net.ipv4.ip_forward=1 "kernel.core_pattern=|/bin/x %p"
seed = /data/seed

[mount m0]
path = /data
type = ext4
source = /dev/vdb
options = noatime data=journal
mkfs = /sbin/mke2fs -q -t ext4 -L "my data"
uid = 500
gid = 600

[mount m1]
path = "/srv/x y"
type = 9p
source = share
options = trans=virtio version=9p2000.L ro

[mount m2]
path = /cache
type = tmpfs
source = tmpfs
options = size=16m

[mount m3]
path = /v
type = virtiofs
source = tag

[app db]
argv = /bin/db
env = A=1 "B=two words"
groups = 5 600 44
after = init
ready = line "is ready"
ready_ms = 500
restart = on-failure

[app init]
argv = /bin/initdb
type = task

[app web]
argv = /bin/web
after = db init
ready = tcp 80
restart = always
END
}
check "init.ini" says_services

# One application has the console, unless told otherwise.
recipe <<'END'
app = { one = "/bin/one" }
END
made
check "the only application has the console" grep -qx 'tty = yes' tree/etc/msmv/init.ini
recipe <<'END'
app = { one = "/bin/one" }
tty = "none"
END
made
expect "unless nobody shall" "" "$(grep tty tree/etc/msmv/init.ini)"
recipe <<'END'
net_enable = false
net_ip_address = "10.0.2.15/24"
END
made
expect "or not at all" "" "$(grep network tree/etc/msmv/init.ini)"

# A network of more than one static address is msmv-net's: it has a file of its own.
helper=$top_builddir/tests/net/msmv-net-asan
# taken: msmv-net reads it, as it says nothing of the file.
taken()
{
	unshare --user --map-root-user --net "$helper" tree/etc/msmv/net.ini "$T/run" \
		2>"$T/said" 3>"$T/ready" &
	taker=$!
	tries=0
	until [ -d "$T/run/msmv/net" ] || [ "$tries" -ge 200 ]; do
		tries=$((tries + 1))
		sleep 0.05
	done
	kill "$taker"
	wait "$taker" 2>/dev/null
	! grep "net.ini" "$T/said" && rm -r "$T/run"
}
says_net()
{
	says etc/msmv/net.ini
}
recipe <<'END'
net_helper = true
net_enable = true
END
check "DHCP and IPv6 without a word" made
expect "init leaves it to msmv-net" "network_wait_ms = 6000" \
	"$(grep network tree/etc/msmv/init.ini)"
check "for every interface" says_net <<'END'
# Read by msmv-net.
[net]
log = warn

[others]
dhcp4 = yes
router6 = yes
END
recipe <<'END'
log = "info"
net_helper = true
net_ip_address = "10.0.2.15/24 fd00::2/64 10.9.0.1/32"
net_gateway = "10.0.2.2 fe80::1"
net_dns = ["10.0.2.3", "fd00::3"]
net_search = ["a.example", "b"]
net_mtu = 1400
net_metric = 7
net_wait_ms = 12000
net_wait_for = "each"
net_lease_hostname = true
nic_method = { eth1 = "auto", eth3 = "dhcp" }
nic_ipv6 = { eth2 = "false", eth1 = "true" }
nic_ip_address = { eth2 = "192.0.2.7/32", eth1 = "fd01::1/64" }
nic_gateway = { eth2 = "169.254.0.1" }
nic_delegation = { eth1 = "true" }
nic_mtu = { eth2 = "9000" }
nic_metric = { wan = "5" }
END
check "everything of it" made
check "net.ini" says_net <<'END'
# Read by msmv-net.
[net]
log = info
wait_ms = 12000
wait_for = each
lease_hostname = yes
dns = 10.0.2.3 fd00::3
search = a.example b

[interface eth0]
address = 10.0.2.15/24 fd00::2/64 10.9.0.1/32
gateway = 10.0.2.2 fe80::1
mtu = 1400
metric = 7

[interface eth1]
address = fd01::1/64
dhcp4 = yes
router6 = yes
delegation = yes

[interface eth3]
dhcp4 = yes

[interface eth2]
address = 192.0.2.7/32
gateway = 169.254.0.1
no_ipv6 = yes
mtu = 9000

[interface wan]
dhcp4 = yes
router6 = yes
metric = 5
END
if unshare --user --map-root-user --net true 2>/dev/null; then
	check "which msmv-net takes as it is" taken
else
	ok "which msmv-net takes as it is # SKIP there are no namespaces"
fi
expect "init waits longer than msmv-net" "network_wait_ms = 13000" \
	"$(grep network tree/etc/msmv/init.ini)"
recipe <<'END'
net_helper = true
net_method = "dhcp"
net_interface = "eth1"
net_ip_address = "10.0.2.15"
net_netmask = "255.255.240.0"
END
made
check "an address with a netmask, beside DHCP" says_net <<'END'
# Read by msmv-net.
[net]
log = warn

[interface eth1]
address = 10.0.2.15/20
dhcp4 = yes
END
check "nothing of it without a network" made
recipe <<'END'
net_helper = true
net_enable = false
END
made
check "no net.ini with the network off" test ! -e tree/etc/msmv/net.ini

# Files of the recipe's own.
echo "from beside" >side.txt
chmod 600 side.txt
recipe <<'END'
users = { web = "500:600" }
file_source = { "/etc/side" = "side.txt", "/srv/run.sh" = "side.txt" }
file_text = { "/etc/motd" = "two\nlines\n", "/etc/hosts" = "127.0.0.1 here\n" }
file_link = { "/bin/sh" = "busybox", "/etc/mtab" = "other" }
file_dir = { "/srv/web" = true, "/root" = true }
file_node = { "/dev/fuse" = "c 10 229", "/dev/null" = "c 1 3", "/dev/vda" = "b 254 0", "/run/in" = "p" }
file_mode = { "/srv/run.sh" = "0755", "/srv/web" = "0750", "/dev/fuse" = "0666", "/root" = "0755" }
file_owner = { "/srv/web" = "web", "/etc/side" = "12:34", "/dev/vda" = "nobody" }
END
check "files of the recipe" made
check "a file from beside it, of an owner, whatever its mode is here" \
	member '^-rw-r--r-- 12/34 12 etc/side'
expect "what is in it" "from beside" "$(cat tree/etc/side)"
check "a program" member '^-rwxr-xr-x 0/0 .* srv/run.sh'
expect "text" "two lines" "$(tr '\n' ' ' <tree/etc/motd | sed 's/ $//')"
expect "in place of the skeleton's" "127.0.0.1 here" "$(cat tree/etc/hosts)"
check "a link" member ' bin/sh -> busybox'
check "a link in place of the skeleton's" member ' etc/mtab -> other'
check "a folder of a user" member '^drwxr-x--- 500/600 .* srv/web/'
check "a folder in place of the skeleton's" member '^drwxr-xr-x 0/0 .* root/'
check "a device" member '^crw-rw-rw- 0/0 10,229 dev/fuse'
check "a disk" member '^brw------- 65534/65534 254,0 dev/vda'
check "a pipe" member '^prw------- 0/0 .* run/in'
check "nothing is to be made again" sh -c "$MSMV plan r.toml | grep -q '^ *cached *rootfs'"
echo "changed" >side.txt
check "a file that changed is" sh -c "$MSMV plan r.toml | grep -q '^ *run *rootfs.*file_source'"

mkdir folder
# What is refused before anything runs: options, and a part of the sentence.
while IFS='~' read -r option text; do
	echo "$option" | sed 's/; /\n/g' | recipe
	refuse "$option" "$text" msmv plan r.toml
done <<'END'
app = { x = "bin/x" }~does not begin with the program's path
app = { x = "" }~does not begin with the program's path
app = { x = "/bin/x | y" }~no shell reads it
app = { x = "/bin/x 'y" }~a ' is not closed
app = { "a b" = "/bin/x" }~is no name for an application
app_dir = { x = "/" }~there is no application "x"
app = { x = "/x" }; app_dir = { x = "y" }~not an absolute path
app = { x = "/x" }; app_user = { x = "joe" }~there is no user "joe"
app = { x = "/x" }; app_user = { x = "4294967295" }~no user
app = { x = "/x" }; app_on_exit = { x = "explode" }~none of poweroff, reboot
app = { x = "/x" }; app_stop_signal = { x = "KILL" }~none of HUP INT
app = { x = "/x" }; app_type = { x = "job" }~neither service nor task
app = { x = "/x" }; app_type = { x = "task" }; app_ready = { x = "started" }~a task is ready when it has ended
app = { x = "/x" }; app_type = { x = "task" }; app_restart = { x = "always" }~a task that has ended with 0 is done
app = { x = "/x" }; app_restart = { x = "often" }~none of never, on-failure, always
app = { x = "/x" }; app_restart = { x = "never" }; app_on_exit = { x = "restart" }~stands beside on_exit
app = { x = "/x" }; app_ready = { x = "tcp 0" }~is none that init knows
app = { x = "/x" }; app_ready = { x = "tcp 80x" }~is none that init knows
app = { x = "/x" }; app_ready = { x = "line" }~is none that init knows
app = { x = "/x" }; app_ready = { x = "line a b" }~is none that init knows
app = { x = "/x" }; app_ready = { x = "file run/x" }~is none that init knows
app = { x = "/x" }; app_ready = { x = "line 'a" }~is not closed
app = { x = "/x" }; app_ready_ms = { x = "1s" }~not a number of milliseconds
app = { x = "/x" }; app_ready_ms = { x = 3600001 }~not a number of milliseconds
app = { x = "/x" }; app_after = { x = "y" }~there is no application "y"
app = { x = "/x" }; app_after = { x = "x" }~leads in a circle
app = { x = "/x", y = "/y", z = "/z" }; app_after = { x = "z", y = "x", z = "y" }~after of x leads in a circle
app = { x = "/x" }; app_groups = { x = "wheel" }~there is no group "wheel"
app = { x = "/x" }; app_groups = { x = "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17" }~init has room for 16
app = { x = "/x" }; app_environment = { x = "A=1 B" }~is not NAME=VALUE
mounts = { "data" = "tmpfs" }~mounts: "data" is not an absolute path
mounts = { "/data" = "ext4" }~is not a type, a device or tag
mounts = { "/data" = "tmpfs a b" }~is not a type, with or without options
mounts = { "/data" = "" }~is not a type
mounts = { "/data" = "tmpfs" }; mount_mkfs = { "/data" = "/m" }~is no disk
mounts = { "/data" = "ext4 /dev/vdb" }; mount_mkfs = { "/data" = "mke2fs" }~does not begin with a program's path
mount_mkfs = { "/data" = "/m" }~nothing is mounted at "/data"
mount_owner = { "/data" = "nobody" }~nothing is mounted at "/data"
mounts = { "/data" = "tmpfs" }; mount_owner = { "/data" = "joe" }~there is no user "joe"
sysctl = { "a b" = "1" }~not the name of a setting
sysctl = { "a/../b" = "1" }~not the name of a setting
seed = "x"~not an absolute path
tty = "x"~there is no application "x"
users = { root = "0" }~is in every guest already
users = { joe = "x" }~is no account
users = { joe = "1:2:home" }~is no account
users = { "a:b" = "1" }~is no account
env = { "A=B" = "c" }~not the name of a variable
net_ip_address = "10.0.0.300/24"~not an IPv4 address
net_ip_address = "10.0.0.3/33"~not an IPv4 address
net_ip_address = "10.0.0.3"~ip_address needs a netmask
net_enable = true~enable needs msmv-net in the image
net_enable = true; net_method = "dhcp"~method needs msmv-net in the image
net_ip_address = "10.0.0.3/24"; net_wait_ms = 100~wait_ms needs msmv-net in the image
net_helper = true; net_netmask = "255.0.0.0"~netmask: "255.0.0.0" needs an ip_address
net_helper = true; net_gateway = "10.0.0.1"~gateway: "10.0.0.1" needs an ip_address of its family
net_helper = true; net_method = "static"~method: "static" needs an ip_address
net_helper = true; net_method = "slaac"~method
net_helper = true; net_ip_address = "10.0.0.3"~ip_address: "10.0.0.3" has no prefix
net_helper = true; net_ip_address = "10.0.0.3/33"~ip_address: "10.0.0.3/33" is not an address
net_helper = true; net_ip_address = "fe80::1/64"~is not an address that a machine can have
net_helper = true; net_ip_address = "::ffff:10.0.0.1/120"~is not an address that a machine can have
net_helper = true; net_ip_address = "127.0.0.1/8"~is not an address that a machine can have
net_helper = true; net_ip_address = "1.0.0.1/8 1.0.0.2/8 1.0.0.3/8 1.0.0.4/8 1.0.0.5/8"~"1.0.0.5/8" is not
net_helper = true; net_ip_address = "10.0.0.3/24"; net_gateway = "10.0.1.1"~is outside of ip_address's network
net_helper = true; net_ip_address = "10.0.0.3/24"; net_gateway = "fe80::1"~needs an ip_address of its family
net_helper = true; net_ip_address = "10.0.0.3/24"; net_gateway = "10.0.0.1 10.0.0.2"~is a second one of its family
net_helper = true; net_ip_address = "10.0.0.3/24"; net_gateway = " "~is empty
net_helper = true; net_ip_address = "fd00::1/64"; net_ipv6 = false~leaves no room for the IPv6 address
net_helper = true; net_method = "dhcp"; net_delegation = true~delegation: "true" needs IPv6 routers
net_helper = true; net_interface = "a/b"~not the name of an interface
net_helper = true; net_interface = "lo"~not the name of an interface
net_helper = true; net_search = ["a b"]~search: "a b" is not a domain
net_helper = true; net_dns = ["one"]~not the address of a name server
net_helper = true; net_dns = ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4", "1.1.1.5", "1.1.1.6", "1.1.1.7", "1.1.1.8", "1.1.1.9"]~more than 8
net_helper = true; net_mtu = 20~mtu
net_helper = true; nic_mtu = { eth0 = "20" }~mtu: "20" is not a number in its range
net_helper = true; net_ipv6 = true; net_mtu = 1279~mtu: "1279" is not a number in its range
net_helper = true; nic_metric = { eth0 = "x" }~metric: "x" is not a number in its range
net_helper = true; nic_metric = { eth0 = "5", eth1 = "5" }~metric: 5 is another interface's, too
net_helper = true; net_metric = 5; nic_metric = { eth1 = "5" }~metric: 5 is another interface's, too
net_helper = true; nic_ipv6 = { eth0 = "maybe" }~ipv6: "maybe" is neither true nor false
net_helper = true; nic_method = { "a b" = "auto" }~is not the name of an interface
net_helper = true; net_interface = "eth1"; nic_method = { eth1 = "auto" }~interface eth1 is that of
net_ip_address = "10.0.0.3"; net_netmask = "255.0.255.0"~netmask: 255.0.255.0 is not ones and then zeros
net_ip_address = "10.0.0.3"; net_netmask = "0.0.0.0"~not ones and then zeros
net_ip_address = "10.0.0.3/24"; net_netmask = "255.255.0.0"~another than the /24 of ip_address
net_ip_address = "10.0.0.3/24"; net_gateway = "10.0.1.2"~no way to 10.0.1.2, which is outside
net_ip_address = "10.0.0.3/24"; net_dns = ["one.one"]~not the address of a name server
net_ip_address = "10.0.0.3/24"; net_interface = "a/b"~not the name of an interface
dirs = ["srv"]~not an absolute path
dirs = ["/srv/../x"]~not an absolute path
dirs = ["/srv:999"]~not an absolute path
symlinks = { "/a/" = "b" }~needs an absolute path
symlinks = { "/a" = "" }~needs an absolute path
log = "loud"~loud
file_text = { "etc/x" = "y" }~not an absolute path in the guest
file_text = { "/etc/../x" = "y" }~not an absolute path in the guest
file_source = { "/etc/x" = "absent" }~absent, which is not there
file_source = { "/etc/x" = "folder" }~is not a regular file
file_text = { "/x" = "y" }; file_link = { "/x" = "z" }~is two things: text and link
file_text = { "/a" = "x", "/a/b" = "y" }~/a/b lies below /a, which is a file
file_text = { "/a/b/c" = "y", "/a-" = "z" }; file_link = { "/a" = "/etc" }~/a/b/c lies below /a, which is a link
file_text = { "/a/b" = "x" }; symlinks = { "/a" = "/etc" }~/a/b lies below /a, which is a link
file_text = { "/a" = "x" }; dirs = ["/a/b:0700"]~/a/b lies below /a, which is a file
file_text = { "/a" = "x" }; dirs = ["/a:0700"]~/a is two things: text and dirs
file_text = { "/var/run/x" = "x" }~/var/run/x lies below /var/run, which is a link of every guest
file_link = { "/var/log" = "/tmp" }~/var/log is two things: a folder of every guest and link
file_link = { "/sbin" = "bin" }~init's own /sbin/init lies below /sbin, which is a link
file_text = { "/etc/msmv/init.ini" = "x" }~/etc/msmv/init.ini is init's own
file_text = { "/init" = "x" }~/init is init's own
symlinks = { "/sbin/init" = "x" }~/sbin/init is init's own
file_link = { "/x" = "" }~has no target
file_dir = { "/x" = false }~write dir = true
file_node = { "/x" = "c 1" }~is no node
file_node = { "/x" = "c 5000 1" }~is no node
file_node = { "/x" = "c -1 1" }~is no node
file_node = { "/x" = "c 1 3 4" }~is no node
file_text = { "/x" = "y" }; file_mode = { "/x" = "755" }~not octal with 0 in front
file_text = { "/x" = "y" }; file_mode = { "/x" = 0o755 }~write mode = "0755" as text
file_text = { "/x" = "y" }; file_mode = { "/x" = "0999" }~is no mode for it
file_link = { "/x" = "y" }; file_mode = { "/x" = "0755" }~a link has no mode
file_mode = { "/x" = "0755" }~what is /x
file_owner = { "/x" = "nobody" }~what is /x
file_text = { "/x" = "y" }; file_owner = { "/x" = "joe" }~there is no user "joe"
END

# All of it at once, each with its place and in the recipe's words.
cat >all.toml <<'END'
[general]
name = "all"
target_arch = "x86_64"
[kernel]
version = "6.1.2"
[boot.network]
ip_address = "300.1.1.1"
gateway = "x"
dns = ["nope"]
[files]
"/etc/a" = { text = "x", mode = 0o755 }
"/etc/b" = { text = "x", owner = "joe" }
[applications.hello]
url = "https://example.org/hello.tar.gz"
output_executable_path = "/bin/hello"
user = "eve"
END
msmv recipe check all.toml >all.got 2>&1
expect "all problems at once" 'all.toml:7:1: error: [boot.network] ip_address: "300.1.1.1" is not an IPv4 address
all.toml:8:1: error: [boot.network] gateway: "x" is not an IPv4 address
all.toml:9:8: error: [boot.network] dns: "nope" is not the address of a name server
all.toml:11:26: error: [files] /etc/a: its mode is not octal with 0 in front
all.toml:12:26: error: [files] /etc/b: there is no user "joe"
all.toml:16:1: error: [applications.hello] hello: there is no user "eve"' \
	"$(grep -o '^all.toml:[0-9].*' all.got | sort -t: -k2n)"

many=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do many="$many a$i = \"/x\","; done
echo "app = { ${many%,} }" | recipe
refuse "more applications than init has room for" "17 applications to start" msmv plan r.toml

# What init's own reader would not take at boot.
words=$(seq -s ' ' 1100)
echo "app = { w = \"/x $words\", x = \"/x $words\" }" | recipe
refuse "more words than init has room for" "init.ini:[0-9]*: more words than init can keep: argv" msmv plan r.toml
{
	echo 'app = { x = "/x" }'
	echo "sysctl = { a = \"$(printf '%070000d' 0)\" }"
} | recipe
refuse "more bytes" "init.ini has 70[0-9]* bytes, and init has room for 65536" msmv plan r.toml
echo "mounts = { \"/x\" = \"tmpfs $(printf '%01100d' 0)\" }" | recipe
refuse "longer options" "options longer than init can keep: /x" msmv plan r.toml

# Whatever their order in the recipe, a folder is mounted before those in it.
recipe <<'END'
mounts = { "/data/db/log" = "tmpfs", "/a" = "tmpfs", "/data/db" = "ext4 /dev/vdb", "/data" = "ext4 /dev/vda", "/database" = "tmpfs" }
END
check "mounts in mounts" made
expect "are behind them" "/a /data /data/db /data/db/log /database" \
	"$(sed -n 's/^path = //p' tree/etc/msmv/init.ini | tr '\n' ' ' | sed 's/ $//')"

# Two who say how long to wait for the network.
recipe <<'END'
net_helper = true
net_enable = true
net_wait_ms = 2000
network_wait_ms = 7000
END
check "both waits" made
expect "init's own is init's" "network_wait_ms = 7000" "$(grep network tree/etc/msmv/init.ini)"
check "and msmv-net has the other" grep -qx 'wait_ms = 2000' tree/etc/msmv/net.ini
finish
