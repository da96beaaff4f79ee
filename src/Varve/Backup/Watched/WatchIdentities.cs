using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Backup.Dirty;
using Varve.Backup.Options;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Freeze;
using Varve.Model;
using Varve.Model.Bytes;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Walk;

namespace Varve.Backup.Watched;

/// <summary>
/// Tells what a set of changed directories holds for, and of which sources there can be one at all. Stateless.
/// </summary>
internal static class WatchIdentities
{
    /// <summary>The identity of a source as it is read now; null, with a reason, if everything has to be looked at each time.</summary>
    internal static WatchIdentity? Of(
        BackupOptions options, SourceTree live, IReadOnlyList<(string Path, string What)> own, string catalog, out string reason)
    {
        reason = WhyNot(options, live);
        if (reason.Length > 0) { return null; }
        if (PlaceOf(live.Root.RealPath, options.OneFileSystem, out reason) is not { } place) { return null; }
        int errno = Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(catalog), out EntryStat file);
        if (errno != 0)
        {
            reason = "the catalog is not there";
            return null;
        }

        var writer = new ByteWriter();
        writer.U64(file.Device);
        writer.U64(file.Inode);
        writer.U64((ulong)file.Birth.Seconds);
        writer.U64((ulong)file.Birth.Nanoseconds);
        return new WatchIdentity(place, RulesOf(options, live, own), Hash(writer));
    }

    /// <summary>
    /// Which directory, of which mount, is at a path in this start of the machine, with what is mounted below it; null if that can change
    /// without any event of the file system that it is on.
    /// </summary>
    internal static Bytes32? PlaceOf(byte[] root, bool isOneFileSystem, out string reason)
    {
        DirectoryHandle? handle = DirectoryHandle.Open(root, out int errno);
        if (handle is null)
        {
            reason = Errno.Message(errno);
            return null;
        }

        EntryStat stat = handle.Stat;
        ulong mount = handle.Mount;
        handle.Release();
        try
        {
            MountTable mounts = MountTable.Read();
            MountEntry at = mounts.Of(root);
            var writer = new ByteWriter();
            writer.Text(BootId());
            writer.Bytes(root);
            foreach (ulong part in (ulong[])[stat.Device, stat.Inode, mount]) { writer.U64(part); }
            Write(writer, at);
            foreach (MountEntry below in mounts.Below(root))
            {
                Write(writer, below);
                if (isOneFileSystem && below.Device != at.Device) { continue; }
                reason = $"{PathText.Of(below.Place)} is mounted in it";
                return null;
            }

            reason = "";
            return Hash(writer);
        }
        catch (VarveException e)
        {
            reason = e.Message;
            return null;
        }
    }

    private static string WhyNot(BackupOptions options, SourceTree live)
    {
        if (live.Root.Stat.Kind != EntryKind.Directory) { return "it is one file"; }
        if (live.IsMapped || options.PathMap.Count > 0 || options.FileSystemSnapshot != FreezeMethod.None) { return "it is not read where it lies"; }
        if (options.NewestFirst || options.Budget is not null || options.Force || options.Stream is not null || options.Only is not null)
        {
            return "not all of it is read alike";
        }

        return EntryOptions.RulesOf(options) is { IsEmpty: true, FileSystems.Count: 0 } ? "" : "there are rules about more than names";
    }

    private static Bytes32 RulesOf(BackupOptions options, SourceTree live, IReadOnlyList<(string Path, string What)> own)
    {
        var writer = new ByteWriter();
        writer.Text(ProgramVersion.Text);
        writer.Bytes(live.CanonicalPath);
        foreach ((string path, _) in own) { writer.Text(path); }
        writer.Text(options.SpoolDirectory ?? "");
        writer.VarInt((uint)options.ExcludeRules.Count);
        foreach (ExcludeRule rule in options.ExcludeRules)
        {
            writer.Text(rule.Pattern);
            writer.Text(string.Create(CultureInfo.InvariantCulture, $"{rule.Origin} {rule.Line} {rule.File}"));
        }

        writer.VarInt((uint)options.Groups.Count);
        foreach (string group in options.Groups) { writer.Text(group); }
        writer.Text($"{options.OneFileSystem} {options.IgnoreInode} {options.IgnoreCtime}");
        return Hash(writer);
    }

    private static void Write(ByteWriter writer, MountEntry mount)
    {
        writer.Bytes(mount.Place);
        writer.Bytes(mount.Root);
        writer.Text($"{mount.Type} {mount.Source} {mount.Device}");
    }

    private static Bytes32 Hash(ByteWriter writer) => new(SHA256.HashData(writer.Written));

    private static string BootId()
    {
        try { return File.ReadAllText("/proc/sys/kernel/random/boot_id"); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(
                ErrorKind.Storage, Subject.Path("/proc/sys/kernel/random/boot_id"), "cannot be read", Advice.MountProc, e);
        }
    }
}
