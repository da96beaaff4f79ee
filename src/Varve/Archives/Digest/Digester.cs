using Varve.Backup.Sources;
using Varve.Model;
using Varve.Model.Rules;
using Varve.Platform;
using Varve.Platform.Files;
using Varve.Walk;

namespace Varve.Archives.Digest;

/// <summary>
/// One hash over a tree: walk, records, hashes from the bottom up (docs/digest.md). It depends on nothing but what it covers: not on inode
/// numbers, the order of listings, the machine or the number of threads. Stateless, thread-safe.
/// </summary>
internal static class Digester
{
    /// <summary>The digest of a directory or file; a symlink that is given is followed, no other is.</summary>
    /// <exception cref="VarveException">NotFound, Storage: the path itself. Usage: it is neither. Usage: a rule makes no sense.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static TreeDigest Run(byte[] path, DigestOptions options, CancellationToken cancellationToken)
    {
        DirectoryHandle? root = DirectoryHandle.Open(path, out int errno);
        if (root is null) { return errno == Errno.ENOTDIR ? RunFile(path, options) : throw Failed(path, errno); }
        try
        {
            byte[] real = EntryReader.ReadRealPath(root.Fd, out byte[]? told) == 0 ? told! : path;
            var rules = new RuleSet(options.Rules, real);
            var stat = new byte[DigestFormat.FixedLength];
            DigestFormat.Write(stat, [], in root.Stat);
            var tally = new DigestTally(options.Mode, options.Lists, path) { RootStat = stat };
            var tables = new EntryTablePool();
            tally.Count(1, 0);
            using ContentHasher? hasher = options.Mode == DigestMode.Content ? new ContentHasher(options.Threads, tally) : null;
            var visitor = new DigestVisitor(options, rules, new RulePaths(real, real), root.Stat.Device, tally, tables, hasher);
            var node = new DigestNode();
            new Walker<DigestNode>(visitor, tables, new WalkOptions { Threads = options.Threads }).Run(root, node, cancellationToken);
            hasher?.Finish();
            return tally.Result(tally.RootHash is { } hash ? tally.Of(stat, hash) : null);
        }
        finally { root.Release(); }
    }

    private static TreeDigest RunFile(byte[] path, DigestOptions options)
    {
        int errno = Posix.StatAt(Posix.AT_FDCWD, path, out EntryStat stat, 0);
        if (errno != 0) { throw Failed(path, errno); }
        if (stat.Kind != EntryKind.File)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(path), "is neither a directory nor a regular file");
        }

        byte[] real = SourceRoot.TryResolve(path) ?? path; // no symlink
        int slash = real.AsSpan().LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = real.AsSpan(slash + 1);
        DirectoryHandle above = DirectoryHandle.Open(slash < 0 ? "."u8 : slash == 0 ? "/"u8 : real.AsSpan(0, slash), out errno)
            ?? throw Failed(path, errno);
        try
        {
            var node = new DigestNode { Pending = 2 };
            node.Begin(options.Mode, DigestFormat.RecordLength(name.Length, EntryKind.File, options.Mode));
            int place = node.Add(name, in stat, options.Mode);
            var tally = new DigestTally(options.Mode, lists: false, path) { RootStat = [] };
            tally.Count(1, stat.Size);
            if (options.Mode == DigestMode.Metadata) { return tally.Result(tally.Of(node.Records[place..], [])); }

            using var hasher = new ContentHasher(options.Threads, tally);
            var batch = new ContentBatch(node, above);
            batch.Add(place, name, in stat);
            hasher.Put(batch);
            hasher.Finish();
            return tally.Result(tally.Of(node.Records[place..], node.Value(place, name.Length)));
        }
        finally { above.Release(); }
    }

    private static VarveException Failed(byte[] path, int errno) => new(
        errno is Errno.ENOENT or Errno.ENOTDIR ? ErrorKind.NotFound : ErrorKind.Storage, Subject.Path(path),
        errno == Errno.ENOENT ? "does not exist" : $"cannot be opened: {Errno.Message(errno)}", Advice.CheckPath);
}
