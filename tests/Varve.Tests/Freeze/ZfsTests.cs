using System.Diagnostics;
using System.Text.Json;
using Varve.Platform;
using Varve.Tests.Kit;
using Varve.Tests.Kit.Processes;
using Varve.Tests.Kit.Vaults;

namespace Varve.Tests.Freeze;

/// <summary>
/// ZFS without a kernel that has it: a 'zfs' that keeps snapshots as copies and writes down what it was asked, and a table of mounts that
/// says that a directory is a dataset. What is real: how the program finds the dataset, what it runs, where it reads, and what it does
/// after a kill. What is not: ZFS itself.
/// </summary>
[Trait("Does", "race")]
[Trait("Needs", "root")]
public sealed class ZfsTests : IDisposable
{
    private readonly Desk _desk = new();
    private readonly string _dataset;

    public ZfsTests()
    {
        _dataset = _desk["pool/home"];
        Directory.CreateDirectory(_dataset + "/docs");
        File.WriteAllText(_dataset + "/docs/letter", "Dear Charles");
        Directory.CreateDirectory(_desk["bin"]);
        Script("bin/zfs", $"""
            echo "$*" >>{_desk["asked"]}
            at={_desk["pool/home"]}/.zfs/snapshot
            case $1 in
                snapshot) mkdir -p $at/$(echo "$2" | cut -d@ -f2); cp -a {_dataset}/docs $at/$(echo "$2" | cut -d@ -f2)/ ;;
                list) for name in $(ls $at 2>/dev/null); do echo "pool/home@$name"; done ;;
                destroy) [ -d $at/$(echo "$2" | cut -d@ -f2) ] && rm -r $at/$(echo "$2" | cut -d@ -f2) ;;
                *) exit 2 ;;
            esac
            """);
        // The process is the program's own, so the table that is laid over its mountinfo is what it reads.
        Script("varve-with-zfs", $"""
            [ -e /proc/$$/ns/mnt ] || exit 9
            if [ -z "$INSIDE" ]; then INSIDE=1 exec unshare --mount "$0" "$@"; fi
            printf '900 %s 0:77 / %s rw - zfs pool/home rw\n' $(findmnt -no ID --target {_dataset} | tail -n 1) {_dataset} | cat /proc/$$/mountinfo - >{_desk["mounts"]}
            mount --bind {_desk["mounts"]} /proc/$$/mountinfo
            exec {VarveProcess.Program} "$@"
            """);
        Varve = new VarveProcess(_desk["home"]) { Copy = _desk["varve-with-zfs"] };
        Varve.Environment["PATH"] = _desk["bin"] + ":" + Environment.GetEnvironmentVariable("PATH");
    }

    private VarveProcess Varve { get; }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_dataset_is_read_from_a_snapshot_that_is_destroyed_afterwards()
    {
        JsonElement json = Varve.Succeed("backup", "--json", "--fs-snapshot", "zfs", _dataset + "/docs").Json[^1];
        Assert.Equal((1, 0, _dataset + "/docs"),
            (json.GetProperty("files").GetInt32(), json.GetProperty("notes").GetArrayLength(),
            json.GetProperty("canonicalRoot").GetString()));
        string[] asked = File.ReadAllLines(_desk["asked"]);
        Assert.Equal(3, asked.Length);
        Assert.Matches("^snapshot pool/home@varve-snapshot-[0-9]+-[0-9a-f]{8}-[0-9a-f]{16}$", asked[0]);
        string name = asked[0]["snapshot ".Length..];
        Assert.Equal(["list -H -t snapshot -o name -d 1 pool/home", "destroy " + name], asked[1..]);
        Assert.Equal("Dear Charles", Varve.Succeed("dump", "latest", "letter").Text);
        Assert.Empty(Directory.GetDirectories(_dataset + "/.zfs/snapshot"));
        Assert.Empty(Directory.GetFileSystemEntries(_desk["home/.cache/varve/fs-snapshots"]));
        Assert.Empty(Varve.Succeed("backup", "--json", "--fs-snapshot", "auto", _dataset + "/docs").Json[^1].GetProperty("notes")
            .EnumerateArray());
    }

    [Fact]
    public void After_a_kill_the_next_run_destroys_the_snapshot_and_no_other()
    {
        Directory.CreateDirectory(_dataset + "/.zfs/snapshot/mine/docs");
        Varve.Succeed("backup", _desk.Source());
        using var gates = new Gates(Gate.Frozen);
        using Process process = Varve.StartHeld(gates, "backup", "--workers", "1", "--fs-snapshot", "zfs", _dataset + "/docs");
        gates.Await(Gate.Frozen, process);
        process.Kill();
        VarveProcess.Finish(process);
        Assert.Equal(2, Snapshots());
        Assert.Contains("which a backup that was killed had left", Varve.Succeed("backup", _desk.Source()).Error, StringComparison.Ordinal);
        Assert.Equal("mine", Path.GetFileName(Assert.Single(Directory.GetDirectories(_dataset + "/.zfs/snapshot"))));
        Assert.Empty(Directory.GetFileSystemEntries(_desk["home/.cache/varve/fs-snapshots"]));
    }

    [Fact]
    public void A_zfs_that_fails_is_an_error_and_auto_reads_live()
    {
        Script("bin/zfs", "[ $1 = list ] || { echo 'cannot create snapshot: out of space' >&2; exit 1; }");
        Varve.Succeed("backup", _desk.Source());
        Assert.Contains("zfs: cannot create snapshot: out of space",
            Varve.Run("backup", "--fs-snapshot", "zfs", _dataset + "/docs").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("read live, without a snapshot", Varve.Succeed("backup", "--fs-snapshot", "auto", _dataset + "/docs").Error,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_desk["home/.cache/varve/fs-snapshots"]));
    }

    private int Snapshots() => Directory.GetDirectories(_dataset + "/.zfs/snapshot").Length;

    private void Script(string name, string text)
    {
        File.WriteAllText(_desk[name], "#!/bin/sh\n" + text + "\n");
        Programs.Run("chmod", "+x", _desk[name]);
    }
}
