# Backups from snapshots of logical volumes on a loop device. Runs in a kernel of its own (Kit/Processes/OtherKernel.cs); LvmTests reads the lines "name: value" it prints.
# $VARVE is the program.
set -eu
export LVM_SYSTEM_DIR=/tmp/lvm HOME=/tmp/home LC_ALL=C
mkdir -p $LVM_SYSTEM_DIR $HOME /tmp/m /run/lock/lvm
cat >$LVM_SYSTEM_DIR/lvm.conf <<END
activation { udev_sync=0 udev_rules=0 monitoring=0 }
devices { use_devicesfile=0 obtain_device_list_from_udev=0 external_device_info_source="none" filter=["a|^/dev/loop|","r|.*|"] }
backup { backup=0 archive=0 }
END
dmsetup targets | grep -q snapshot

say() { echo "$1: $2"; }
member() { grep -o "\"$1\":[^,}]*" | head -n 1 | cut -d: -f2 | tr -d '" '; }
snapshots() { lvs --noheadings -o lv_name vg | grep -c varve-snapshot || true; }
left() { ls $HOME/.cache/varve/fs-snapshots | wc -l; }
backup() { $VARVE backup --json "$@" | tail -n 1; }
# Starts a backup of /tmp/m in the background and holds it at its gate (docs/decisions/0028) when its snapshot is mounted and nothing is read.
gates=/tmp/gates
start() {
    rm -rf $gates
    mkdir $gates
    mkfifo $gates/frozen.reached $gates/frozen.go $gates/interrupted.reached $gates/interrupted.go
    # Both ends at once, so that opening waits for nobody.
    exec 3<>$gates/frozen.reached 4<>$gates/frozen.go 5<>$gates/interrupted.reached 6<>$gates/interrupted.go
    VARVE_GATES=$gates $VARVE backup --json --workers 1 --fs-snapshot lvm /tmp/m >/tmp/out 2>/tmp/err 3>&- 4>&- 5>&- 6>&- &
    pid=$!
    until read -t 1 -u 3; do kill -0 $pid; done
}
go_on() { echo >&4; }

truncate -s 900M /tmp/disk
losetup /dev/loop0 /tmp/disk
pvcreate -q /dev/loop0 >/dev/null
vgcreate -q vg /dev/loop0 >/dev/null

# Thick, with ext4.
lvcreate -q -y -L 160M -n thick vg >/dev/null
mkfs.ext4 -q /dev/vg/thick 2>/dev/null
mount /dev/vg/thick /tmp/m
mkdir /tmp/m/docs
echo letter >/tmp/m/docs/letter
head -c 40M /dev/urandom >/tmp/m/large
sleep 0.5
backup /tmp/m/docs >/dev/null
say ext4-shares $(backup --fs-snapshot lvm /tmp/m/docs | member nothingChanged)
say ext4-snapshots-after $(snapshots)
say ext4-left-after $(left)

start
say running-snapshots $(snapshots)
# Another repository: the one that is held may hold the catalog.
$VARVE init -r /tmp/other --key-file $HOME/.config/varve/key >/dev/null
backup -r /tmp/other /tmp/m/docs >/dev/null
say running-snapshots-after-another-run $(snapshots)
echo changed >/tmp/m/docs/letter
rm /tmp/m/large
go_on
wait $pid
say frozen-letter "$($VARVE dump --source m latest docs/letter)"
say frozen-large-bytes $($VARVE dump --source m latest large | wc -c)
say finished-snapshots $(snapshots)

head -c 40M /dev/urandom >/tmp/m/large
lvcreate -q -y -l 1 -n varve-snapshot-1-0123abcd-0123456789abcdef vg >/dev/null
start
kill -KILL $pid
wait $pid || say killed-code $?
say killed-snapshots $(snapshots)
say killed-note "$(backup /tmp/m/docs | grep -o 'which a backup that was killed had left')"
say cleaned-snapshots $(snapshots)
say cleaned-left $(left)
lvremove -q -y vg/varve-snapshot-1-0123abcd-0123456789abcdef >/dev/null

start
kill -TERM $pid
until read -t 1 -u 5; do kill -0 $pid; done
echo >&6
go_on
wait $pid || say interrupted-code $?
say interrupted-snapshots $(snapshots)
say interrupted-left $(left)
say still-mounted $(grep -c fs-snapshots /proc/mounts || true)
umount /tmp/m

# A snapshot that is too small for what changes meanwhile: what is not read yet fails, and the run says why.
lvcreate -q -y -l 100%FREE -n rest vg >/dev/null
lvresize -q -y -L -12M vg/rest >/dev/null 2>&1
mount /dev/vg/thick /tmp/m
head -c 30M /dev/urandom >/tmp/m/zz-large
sync
start
head -c 60M /dev/urandom >/tmp/m/large2
sync
echo 3 >/proc/sys/vm/drop_caches
go_on
wait $pid && say overflow-failed no || say overflow-failed yes
say overflow-warning "$(grep -o 'ran full and broke while the backup ran' /tmp/err)"
say overflow-snapshots $(snapshots)
umount /tmp/m
lvremove -q -y vg/rest >/dev/null

# No space left in the group.
lvcreate -q -y -l 100%FREE -n rest vg >/dev/null
mount /dev/vg/thick /tmp/m
$VARVE backup --fs-snapshot lvm /tmp/m/docs 2>/tmp/err && say full-code 0 || say full-code $?
say full-hint "$(grep -o vgextend /tmp/err)"
say full-auto "$(backup --fs-snapshot auto /tmp/m/docs | grep -o 'read live, without a snapshot')"
umount /tmp/m
lvremove -q -y vg/rest vg/thick >/dev/null

# Thin, with XFS, whose second copy has the same id.
lvcreate -q -y --type thin-pool -L 700M -n pool vg >/dev/null 2>&1
lvcreate -q -y -V 400M --thin -n thin vg/pool >/dev/null 2>&1
mkfs.xfs -q /dev/vg/thin 2>/dev/null
mount /dev/vg/thin /tmp/m
mkdir /tmp/m/docs
echo letter >/tmp/m/docs/thin
sleep 0.5
backup --fs-snapshot auto /tmp/m >/dev/null
say xfs-thin-shares $(backup /tmp/m | member nothingChanged)
say xfs-thin-notes "$(backup --fs-snapshot lvm /tmp/m | grep -o '"notes":.*')"
say xfs-thin-snapshots $(snapshots)
say xfs-thin-left $(left)
umount /tmp/m
vgchange -q -an vg >/dev/null
