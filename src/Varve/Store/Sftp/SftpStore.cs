using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Store.Lines;
using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>
/// A store in a directory of another machine, whose server of SFTP is all that runs there. A key is a path below the root, as in
/// <see cref="LocalStore"/>: either opens what the other made. Thread-safe; callers wait on their own threads.
/// </summary>
/// <remarks>
/// Of a put that is repeated because the line was lost nobody knows whether the earlier one was carried out. It returns false then, as if
/// another had put the object; for mutable objects, whose makers must know whose stands, the bytes are compared.
/// </remarks>
internal sealed class SftpStore : IStore, IDisposable
{
    private const int AtOnce = 64; // objects that are removed without waiting for each
    private const uint AgeOfLeftovers = 7 * 24 * 3600; // seconds, by the server's clock

    private readonly SftpLine _line;
    private readonly SftpRoot _root;
    private readonly SftpWriter _writer;
    private readonly SftpLister _lister;
    private readonly SftpHandles _handles = new();
    private readonly string? _spool;

    private SftpStore(SftpLine line, byte[] path, string? spool)
    {
        (_line, _spool, _root) = (line, spool, new SftpRoot(path, line.Store));
        _writer = new SftpWriter(_root);
        _lister = new SftpLister(line, _root);
    }

    /// <inheritdoc/>
    public string Description => _line.Store;

    /// <inheritdoc/>
    public bool EndsWithCaller => false;

    /// <summary>Opens the store at the other end of a line, or makes it.</summary>
    /// <param name="line">Leads to a server of SFTP.</param>
    /// <param name="path">The directory there.</param>
    /// <param name="description">Where it is, for messages.</param>
    /// <param name="spool">Directory of this user alone for objects that wait for their names; null keeps them in memory.</param>
    /// <param name="create">Makes the directory there if it is missing.</param>
    /// <param name="time">Counts pauses.</param>
    /// <param name="retrying">How long a lost line is tried again.</param>
    /// <exception cref="VarveException">NoRepository, Storage, Unsupported: the server cannot do what a store takes.</exception>
    internal static SftpStore Open(IStoreLine line, byte[] path, string description, string? spool, bool create, TimeProvider time,
        Retrying retrying = default)
    {
        var store = new SftpStore(new SftpLine(line, description, time, retrying), path, spool);
        try
        {
            store._line.Do((files, _) => store.Begin(files, create));
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGetLength(string key, out long length)
    {
        StoreKey.Check(key);
        long? found = _line.Do(async (files, _) =>
        {
            SftpAttributes? there = await Look(files, key).ConfigureAwait(false);
            return there?.Length;
        });
        length = found ?? 0;
        return found is not null;
    }

    /// <inheritdoc/>
    public bool Put(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.Check(key);
        byte[] copy = bytes.ToArray();
        return _line.Do(async (files, failed) =>
            await _writer.Write(files, key, (f, handle) => f.Write(handle, copy), replace: false).ConfigureAwait(false)
            || (failed > 0 && StoreKey.IsMutable(key) && await Read(files, key, copy.Length).ConfigureAwait(false) is { } there
                && there.AsSpan().SequenceEqual(copy)));
    }

    /// <inheritdoc/>
    public void Replace(string key, ReadOnlySpan<byte> bytes)
    {
        StoreKey.CheckMutable(key);
        byte[] copy = bytes.ToArray();
        _line.Do((files, _) => _writer.Write(files, key, (f, handle) => f.Write(handle, copy), replace: true));
        _handles.Remove(key);
    }

    /// <inheritdoc/>
    public IStagedObject Stage() => _spool is null ? new BufferedObject(this) : new SpooledObject(_spool, Put);

    /// <inheritdoc/>
    public byte[]? Get(string key, long maxLength)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength);
        return _line.Do((files, _) => Read(files, key, maxLength));
    }

    /// <inheritdoc/>
    public int GetRange(string key, long offset, Span<byte> destination)
    {
        StoreKey.Check(key);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (offset > long.MaxValue - destination.Length) { throw _root.Truncated(key, long.MaxValue); }
        int length = destination.Length;
        byte[] into = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        try
        {
            _line.Do((files, _) => Read(files, key, offset, into.AsMemory(0, length)));
            into.AsSpan(0, length).CopyTo(destination);
            return length;
        }
        finally { ArrayPool<byte>.Shared.Return(into); }
    }

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix) => _lister.List(prefix, unreadable: null);

    /// <inheritdoc/>
    public IEnumerable<StoreObject> List(string prefix, Action<VarveException> unreadable) => _lister.List(prefix, unreadable);

    /// <inheritdoc/>
    public bool Delete(string key)
    {
        StoreKey.Check(key);
        _handles.Remove(key);
        // One that was removed by a request that nobody answered was there.
        return _line.Do(async (files, failed) => await Remove(files, key).ConfigureAwait(false) || failed > 0);
    }

    /// <inheritdoc/>
    public int Delete(IReadOnlyCollection<string> keys)
    {
        var done = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (string key in keys)
        {
            StoreKey.Check(key);
            _handles.Remove(key);
        }

        string[] all = [.. keys.Distinct(StringComparer.Ordinal)];
        for (int begin = 0; begin < all.Length; begin += AtOnce)
        {
            string[] some = all[begin..Math.Min(begin + AtOnce, all.Length)];
            _line.Do(async (files, failed) =>
            {
                bool[] removed = await Task.WhenAll(some.Select(async key =>
                    done.ContainsKey(key) || await Remove(files, key).ConfigureAwait(false) || failed > 0)).ConfigureAwait(false);
                for (int i = 0; i < some.Length; i++) { done.TryAdd(some[i], removed[i]); }
                return true;
            });
        }

        if (keys.Count > 0)
        {
            _line.Do(async (files, _) =>
            {
                await _writer.Settle(files).ConfigureAwait(false);
                return true;
            });
        }

        return done.Values.Count(static d => d);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// SFTP knows no locks: a file of a writer that is gone is told by its age, a week without a write. A writer that stood still for that
    /// long finds its file gone, and writes it anew.
    /// </remarks>
    public int CleanUp() => _line.Do(async (files, _) =>
    {
        List<(byte[] Name, SftpAttributes Attributes)> entries;
        try { entries = await files.List(_root.PathOf(StoreKey.TemporaryDirectory)).ConfigureAwait(false); }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile) { return 0; }
        catch (SftpException e) { throw _root.Error(e, "listed", StoreKey.TemporaryDirectory); }
        int removed = 0;
        if (entries.Count == 0) { return 0; }
        uint now = await Now(files).ConfigureAwait(false);
        foreach ((byte[] name, SftpAttributes attributes) in entries)
        {
            bool isLeft = attributes is { Mode: not null, IsFile: true, Modified: { } modified } && SftpWriter.IsTemporary(name)
                && modified < now && now - modified > AgeOfLeftovers;
            if (!isLeft) { continue; }
            try
            {
                await files.Remove([.. _root.PathOf(StoreKey.TemporaryDirectory), (byte)'/', .. name]).ConfigureAwait(false);
                removed++;
            }
            catch (SftpException) { /* another was faster */ }
        }

        return removed;
    });

    /// <inheritdoc/>
    public long? FreeBytes() => _line.Do(async (files, _) =>
    {
        try { return await files.Free(_root.Path).ConfigureAwait(false); }
        catch (SftpException) { return null; }
    });

    /// <summary>Ends the line. No other call may run or follow.</summary>
    public void Dispose() => _line.Dispose();

    private bool Put(string key, SafeFileHandle file, long length) =>
        _line.Do((files, _) => _writer.Write(files, key, (f, handle) => f.Write(handle, file, length), replace: false));

    private async Task<bool> Begin(SftpFiles files, bool create)
    {
        if (!files.CanReplace)
        {
            throw new VarveException(ErrorKind.Unsupported, Subject.Repository(Description),
                "cannot be on this server: no file can take another's place there in one step (posix-rename@openssh.com)",
                Advice.InstallThere);
        }

        try
        {
            if (create) { await Make(files).ConfigureAwait(false); }
            if ((await files.Stat(_root.Path).ConfigureAwait(false)).IsDirectory) { return true; }
        }
        catch (SftpException e) when (e.Status != SftpStatus.NoSuchFile || create)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Repository(Description),
                $"cannot be {(create ? "made" : "opened")}: the server says '{e.Said}'",
                e.Status == SftpStatus.PermissionDenied ? Advice.CheckOwner : Advice.None, e);
        }
        catch (SftpException) { /* it is not there */ }

        throw new VarveException(ErrorKind.NoRepository, Subject.Repository(Description), "that is no directory", Advice.CheckMount);
    }

    private async Task Make(SftpFiles files)
    {
        byte[] path = _root.Path;
        for (int end = 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] != (byte)'/') { continue; }
            byte[] directory = path[..end];
            try { await files.Stat(directory).ConfigureAwait(false); }
            catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile)
            {
                try { await files.MakeDirectory(directory, Modes.PrivateDirectory).ConfigureAwait(false); }
                catch (SftpException)
                {
                    // Another may have been faster.
                    if (!(await files.Stat(directory).ConfigureAwait(false)).IsDirectory) { throw; }
                }
            }
        }
    }

    /// <summary>What is at a key; null if nothing is.</summary>
    private async Task<SftpAttributes?> Look(SftpFiles files, string key)
    {
        try
        {
            SftpAttributes there = await files.LinkStat(_root.PathOf(key)).ConfigureAwait(false);
            _root.RequireFile(key, in there);
            return there;
        }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile)
        {
            await _root.RequireThere(files).ConfigureAwait(false);
            return null;
        }
        catch (SftpException e) { throw await _root.Unreadable(files, e, "looked for", key).ConfigureAwait(false); }
    }

    private async Task<byte[]?> Read(SftpFiles files, string key, long maxLength)
    {
        if (await OpenToRead(files, key).ConfigureAwait(false) is not { } handle) { return null; }
        try
        {
            SftpAttributes stat = await files.FileStat(handle).ConfigureAwait(false);
            _root.RequireFile(key, in stat);
            if (stat.Length > Math.Min(maxLength, Array.MaxLength))
            {
                throw VarveException.Damaged(_root.Named(key), $"it has {stat.Length} bytes, at most {maxLength} are expected");
            }

            var bytes = new byte[stat.Length];
            if (await files.Read(handle, 0, bytes).ConfigureAwait(false) < bytes.Length) { throw _root.Truncated(key, bytes.Length); }
            return bytes;
        }
        catch (SftpException e) { throw await _root.Unreadable(files, e, "read", key).ConfigureAwait(false); }
        finally { _ = SftpFiles.Quietly(files.Close(handle)); }
    }

    private async Task<bool> Read(SftpFiles files, string key, long offset, Memory<byte> into)
    {
        SftpHandles.Entry? entry = _handles.TryAcquire(key, files);
        if (entry is null)
        {
            byte[] handle = await OpenToRead(files, key).ConfigureAwait(false)
                ?? throw new VarveException(ErrorKind.NotFound, _root.Named(key), "does not exist");
            entry = _handles.Add(key, files, handle);
        }

        try
        {
            if (await files.Read(entry.Handle, offset, into).ConfigureAwait(false) < into.Length)
            {
                throw _root.Truncated(key, offset + into.Length);
            }

            return true;
        }
        catch (SftpException e)
        {
            _handles.Remove(key);
            throw await _root.Unreadable(files, e, "read", key).ConfigureAwait(false);
        }
        finally
        {
            _handles.Release(entry);
            if (StoreKey.IsMutable(key)) { _handles.Remove(key); } // the name may stand for another file next time
        }
    }

    /// <summary>Opens an object, and looks in the same round trip that its name is no symlink; null if there is none.</summary>
    private async Task<byte[]?> OpenToRead(SftpFiles files, string key)
    {
        byte[] path = _root.PathOf(key);
        Task<byte[]> opening = files.Open(path, SftpFiles.ForReading);
        try
        {
            if (await Look(files, key).ConfigureAwait(false) is not null) { return await opening.ConfigureAwait(false); }
        }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile) { return null; } // removed meanwhile
        catch (SftpException e) { throw await _root.Unreadable(files, e, "opened", key).ConfigureAwait(false); }
        catch
        {
            _ = Drop();
            throw;
        }

        _ = Drop();
        return null;

        async Task Drop()
        {
            try { await files.Close(await opening.ConfigureAwait(false)).ConfigureAwait(false); }
            catch (Exception e) when (e is IOException or SftpException) { /* it was not opened */ }
        }
    }

    private async Task<bool> Remove(SftpFiles files, string key)
    {
        try
        {
            await files.Remove(_root.PathOf(key)).ConfigureAwait(false);
            return true;
        }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile)
        {
            await _root.RequireThere(files).ConfigureAwait(false);
            return false;
        }
        catch (SftpException e) { throw _root.Error(e, "deleted", key); }
    }

    /// <summary>The server's clock, as it stamps a file; 0 where it does not tell.</summary>
    private async Task<uint> Now(SftpFiles files)
    {
        byte[] path = _root.PathOf(StoreKey.TemporaryDirectory + "/now-" + Guid.NewGuid().ToString("n"));
        try
        {
            byte[] handle = await files.Open(path, SftpFiles.ForWriting | SftpFiles.Make | SftpFiles.MustBeNew, Modes.PrivateFile)
                .ConfigureAwait(false);
            try { return (await files.FileStat(handle).ConfigureAwait(false)).Modified ?? 0; }
            finally
            {
                await SftpFiles.Quietly(files.Close(handle)).ConfigureAwait(false);
                await SftpFiles.Quietly(files.Remove(path)).ConfigureAwait(false);
            }
        }
        catch (SftpException) { return 0; }
    }
}
