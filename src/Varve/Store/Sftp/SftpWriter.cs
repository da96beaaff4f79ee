using System.Buffers;
using System.Security.Cryptography;
using Varve.Model;
using Varve.Platform.Files;
using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>
/// Writes objects on a server of SFTP: to a temporary file, made durable, then given its name in one step. SFTP cannot make names durable.
/// The file is made durable once more when it has its name, which has the file systems of Linux write names down that are older than that.
/// Thread-safe.
/// </summary>
internal sealed class SftpWriter(SftpRoot root)
{
    private const int NameLength = 32;
    private const uint ReadOnly = 0x100; // 0400

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("0123456789abcdef"u8);

    private readonly HashSet<string> _directories = new(StringComparer.Ordinal); // that are there; guarded by itself

    /// <summary>Writes a file's content to its handle.</summary>
    internal delegate Task Content(SftpFiles files, byte[] handle);

    /// <summary>Writes an object; false if one of that key is there and is not to be replaced.</summary>
    internal async Task<bool> Write(SftpFiles files, string key, Content content, bool replace)
    {
        byte[] path = root.PathOf(key), temporary = NewTemporary();
        // A full disk must not keep a writer from finding out that the object is there.
        if (!replace && await IsThere(files, key, path).ConfigureAwait(false)) { return false; }
        byte[]? handle = null;
        try
        {
            await MakeDirectories(files, key).ConfigureAwait(false);
            handle = await files.Open(temporary, SftpFiles.ForWriting | SftpFiles.Make | SftpFiles.MustBeNew, ReadOnly).ConfigureAwait(false);
            await content(files, handle).ConfigureAwait(false);
            await files.MakeDurable(handle).ConfigureAwait(false);
            bool isNamed = replace ? await Exchange(files, temporary, path).ConfigureAwait(false)
                : await Publish(files, key, temporary, path).ConfigureAwait(false);
            if (isNamed) { await files.MakeDurable(handle).ConfigureAwait(false); }
            return isNamed;
        }
        catch (SftpException e)
        {
            // Somebody may have removed directories that were there.
            lock (_directories) { _directories.Clear(); }
            throw await root.NotWritten(files, e, key).ConfigureAwait(false);
        }
        finally
        {
            if (handle is not null)
            {
                _ = SftpFiles.Quietly(files.Close(handle));
                await SftpFiles.Quietly(files.Remove(temporary)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// Has the server write names down that were taken away, as far as that goes: what is made durable now is younger than those. Best
    /// effort.
    /// </summary>
    internal async Task Settle(SftpFiles files)
    {
        byte[] temporary = NewTemporary();
        try
        {
            await MakeDirectory(files, StoreKey.TemporaryDirectory).ConfigureAwait(false);
            byte[] handle = await files.Open(temporary, SftpFiles.ForWriting | SftpFiles.Make | SftpFiles.MustBeNew, ReadOnly)
                .ConfigureAwait(false);
            await SftpFiles.Quietly(files.MakeDurable(handle)).ConfigureAwait(false);
            _ = SftpFiles.Quietly(files.Close(handle));
            await SftpFiles.Quietly(files.Remove(temporary)).ConfigureAwait(false);
        }
        catch (SftpException) { /* a full disk, say: they are gone all the same */ }
    }

    /// <summary>Whether this is the name of a temporary file that is made here.</summary>
    internal static bool IsTemporary(ReadOnlySpan<byte> name) =>
        name.Length == NameLength && !name.ContainsAnyExcept(s_digits);

    private byte[] NewTemporary() =>
        root.PathOf(StoreKey.TemporaryDirectory + "/" + RandomNumberGenerator.GetHexString(NameLength, lowercase: true));

    private async Task MakeDirectories(SftpFiles files, string key)
    {
        await MakeDirectory(files, StoreKey.TemporaryDirectory).ConfigureAwait(false);
        for (int end = key.IndexOf('/', StringComparison.Ordinal); end > 0; end = key.IndexOf('/', end + 1))
        {
            await MakeDirectory(files, key[..end]).ConfigureAwait(false);
        }
    }

    private async Task MakeDirectory(SftpFiles files, string directory)
    {
        lock (_directories)
        {
            if (_directories.Contains(directory)) { return; }
        }

        byte[] path = root.PathOf(directory);
        try { await files.MakeDirectory(path, Modes.PrivateDirectory).ConfigureAwait(false); }
        catch (SftpException) when (directory.Length > 0)
        {
            // That it is there is said no otherwise than that it cannot be made.
            SftpAttributes there = await files.LinkStat(path).ConfigureAwait(false);
            if (there.IsLink) { throw root.LinkError(directory, ErrorKind.Storage); }
            if (!there.IsDirectory) { throw; }
        }

        lock (_directories) { _directories.Add(directory); }
    }

    private async Task<bool> IsThere(SftpFiles files, string key, byte[] path)
    {
        try
        {
            root.RequireFile(key, await files.LinkStat(path).ConfigureAwait(false));
            return true;
        }
        catch (SftpException e) when (e.Status == SftpStatus.NoSuchFile) { return false; }
    }

    private static async Task<bool> Exchange(SftpFiles files, byte[] temporary, byte[] path)
    {
        await files.Exchange(temporary, path).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> Publish(SftpFiles files, string key, byte[] temporary, byte[] path)
    {
        try
        {
            await files.Publish(temporary, path).ConfigureAwait(false);
            return true;
        }
        catch (SftpException)
        {
            if (await IsThere(files, key, path).ConfigureAwait(false)) { return false; }
        }

        // A file system that knows no second names. The rename of version 3 replaces nothing either.
        try
        {
            await files.Rename(temporary, path).ConfigureAwait(false);
            return true;
        }
        catch (SftpException)
        {
            if (await IsThere(files, key, path).ConfigureAwait(false)) { return false; }
            throw;
        }
    }
}
