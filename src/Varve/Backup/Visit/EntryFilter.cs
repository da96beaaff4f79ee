using Varve.Backup.Passes;
using Varve.Backup.Rules;
using Varve.Backup.Run;
using Varve.Backup.Sources;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Model.Snapshots;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Backup.Visit;

/// <summary>
/// What a listing does not keep, beyond what its names tell: by tags that a directory holds, by ignore files of the tree, by what entries
/// are. Nothing of it counts that no option or configuration asks for, and what a rule of those includes it leaves alone. Where nothing
/// was asked for it costs nothing. Thread-safe.
/// </summary>
internal sealed class EntryFilter(BackupPass pass, RulePaths paths)
{
    private const int MostBytes = 1 << 20;

    private readonly EntryRules _rules = pass.Rules.Entries;
    private readonly bool _hasIncludes = pass.Rules.Excludes.Rules.Any(static r => r.IsIncluding);

    /// <summary>Whether there is anything to do.</summary>
    internal bool IsEmpty => _rules.IsEmpty;

    /// <summary>Takes in the ignore files of a directory that was listed.</summary>
    internal void ReadIgnoreFiles(DirectoryNode node, DirectoryHandle? handle, EntryTable listing)
    {
        if (handle is null) { return; }
        foreach (byte[] name in _rules.IgnoreFiles)
        {
            if (!Has(node, listing, name, EntryKind.File)) { continue; }
            byte[]? text = Read(handle, name, MostBytes + 1);
            byte[] path = node.Path(name);
            if (text is null) { continue; } // it fails when it is saved, and leaves nothing out
            if (text.Length > MostBytes)
            {
                pass.Tally.Note(new Notice(Subject.Path(path), "does not count: an ignore file has 1 MiB at most"));
                continue;
            }

            node.Ignore = IgnoreRules.Read(text, PathText.Of(path), node.Path(), node.Ignore);
        }
    }

    /// <summary>
    /// Whether a tag says that nothing is to be kept of a directory but <paramref name="tag"/>, an entry of its listing, or -1. The mark is
    /// made, but of the root, which has none: then that of each entry is the caller's.
    /// </summary>
    internal EntryRule? FindTag(DirectoryNode node, DirectoryHandle? handle, EntryTable listing, out int tag)
    {
        tag = -1;
        if (handle is null || _rules.Tags.Length == 0) { return null; }
        foreach (EntryRule rule in _rules.Tags)
        {
            bool isCache = rule.Kind == EntryRuleKind.CacheTag;
            if (!Has(node, listing, rule.Name, isCache ? EntryKind.File : EntryKind.None, out bool isListed)) { continue; }
            if (!isListed && Posix.StatAt(handle.Fd, rule.Name, out _) != 0) { continue; }
            ReadOnlySpan<byte> signature = EntryRules.CacheSignature;
            if (isCache && Read(handle, rule.Name, signature.Length)?.AsSpan().SequenceEqual(signature) != true) { continue; }
            byte[] path = node.Path();
            if (path.Length > 0 && IsIncluded(path, isDirectory: true)) { return null; }
            tag = listing.Find(rule.Name);
            if (path.Length > 0) { pass.LeftOut.Tag(node, path, rule.Rule); }
            return rule;
        }

        return null;
    }

    /// <summary>Why an entry of a listing is not kept; null if it is.</summary>
    internal (LeftOutReason Reason, ExcludeRule Rule)? Drops(
        DirectoryNode node, DirectoryHandle? handle, EntryTable listing, int i, EntryPath paths)
    {
        ref EntryStat stat = ref listing.Stat(i);
        bool isDirectory = stat.Kind == EntryKind.Directory;
        ReadOnlySpan<byte> path = paths.Of(listing.Name(i));
        PathRule? ignored = node.Ignore?.Find(path, isDirectory);
        bool isIgnored = ignored is { IsIncluding: false };
        if (isIgnored) { return IsIncluded(path, isDirectory) ? null : (LeftOutReason.Ignored, ignored!.Rule); }

        foreach (EntryRule rule in _rules.ByEntry)
        {
            bool drops = rule.Kind == EntryRuleKind.Xattr ? HasXattr(handle, listing.Name(i), isDirectory, rule) : rule.Drops(in stat);
            if (drops) { return IsIncluded(path, isDirectory) ? null : (LeftOutReason.Property, rule.Rule); }
        }

        return null;
    }

    private bool Has(DirectoryNode node, EntryTable listing, byte[] name, EntryKind kind) => Has(node, listing, name, kind, out _);

    /// <summary>Whether a directory has an entry of that name: one that rules leave out counts too, as far as it may be there.</summary>
    private bool Has(DirectoryNode node, EntryTable listing, byte[] name, EntryKind kind, out bool isListed)
    {
        int i = listing.Find(name);
        isListed = i >= 0;
        if (isListed) { return kind == EntryKind.None || listing.Stat(i).Kind == kind; }
        return !pass.Rules.IncludesAll && !pass.Rules.Includes(node.Path(name), EntryKind.File, paths);
    }

    private bool IsIncluded(ReadOnlySpan<byte> path, bool isDirectory)
    {
        if (!_hasIncludes) { return false; }
        int rule = pass.Rules.Excludes.Find(path, isDirectory, paths);
        return rule >= 0 && pass.Rules.Excludes.Rules[rule].IsIncluding;
    }

    private static bool HasXattr(DirectoryHandle? handle, ReadOnlySpan<byte> name, bool isDirectory, EntryRule rule)
    {
        if (handle is null) { return false; }
        Span<byte> value = stackalloc byte[1024];
        int errno = Posix.GetXattrAt(handle.Fd, name, rule.Name, value, out int length);
        if (rule.Value is null) { return errno is 0 or Errno.ERANGE; }
        return errno == 0 && value[..length].SequenceEqual(rule.Value);
    }

    /// <summary>The first bytes of a regular file; null if it cannot be read.</summary>
    private static byte[]? Read(DirectoryHandle handle, byte[] name, int most)
    {
        if (EntryReader.OpenFile(handle.Fd, name, out SafeFd file) != 0) { return null; }
        try
        {
            if (Posix.Stat(file.Value, out EntryStat stat) != 0 || stat.Kind != EntryKind.File) { return null; }
            var bytes = new byte[Math.Min(most, Math.Max(0, stat.Size))];
            int errno = Posix.ReadAt(file.Value, bytes, 0, out int length);
            return errno != 0 ? null : bytes[..length];
        }
        finally { file.Close(); }
    }
}
