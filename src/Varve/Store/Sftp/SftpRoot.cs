using System.Text;
using Varve.Model;
using Varve.Store.Wire;

namespace Varve.Store.Sftp;

/// <summary>Where a store lies on a server of SFTP, and errors of objects there. Thread-safe.</summary>
/// <param name="path">Its directory, bytes.</param>
/// <param name="description">The store, for messages.</param>
internal sealed class SftpRoot(byte[] path, string description)
{
    private const string NotFollowed = "it is a symbolic link, and none is followed inside a repository";

    /// <summary>Its directory.</summary>
    internal byte[] Path => path;

    /// <summary>The path of a key, or of a directory of keys; of nothing the root itself.</summary>
    internal byte[] PathOf(ReadOnlySpan<char> key)
    {
        if (key.IsEmpty) { return path; }
        var bytes = new byte[path.Length + 1 + key.Length];
        path.CopyTo(bytes, 0);
        bytes[path.Length] = (byte)'/';
        Encoding.ASCII.GetBytes(key, bytes.AsSpan(path.Length + 1));
        return bytes;
    }

    internal Subject Named(string key) => Subject.Object(key, description);

    /// <summary>The store failed when something was <paramref name="done"/> to a key.</summary>
    internal VarveException Error(SftpException e, string done, string key) => new(ErrorKind.Storage, Named(key),
        $"cannot be {done}: the server says '{e.Said}'", e.Status == SftpStatus.PermissionDenied ? Advice.CheckOwner : Advice.None, e);

    /// <summary>The store failed when a key was written: of a full disk a server says no more than of anything else.</summary>
    internal async Task<VarveException> NotWritten(SftpFiles files, SftpException e, string key)
    {
        long? free = null;
        try { free = await files.Free(path).ConfigureAwait(false); }
        catch (SftpException) { /* then nobody knows */ }
        return e.Status == SftpStatus.Failure && free < 1 << 20
            ? new VarveException(ErrorKind.Storage, Named(key), "cannot be written: no space left on the server", Advice.FreeStore, e)
            : Error(e, "written", key);
    }

    /// <summary>One object cannot be read, or one directory listed: damage of that, if the store itself is there.</summary>
    internal async Task<VarveException> Unreadable(SftpFiles files, SftpException e, string done, string key)
    {
        await RequireThere(files).ConfigureAwait(false);
        return new VarveException(ErrorKind.Damaged, Named(key), $"it cannot be {done}: the server says '{e.Said}'",
            e.Status == SftpStatus.PermissionDenied ? Advice.CheckOwner : Advice.CheckRepository, e);
    }

    /// <summary>Throws unless the store's directory is there: what is missing with all the rest is not absent.</summary>
    internal async Task RequireThere(SftpFiles files)
    {
        try
        {
            if ((await files.Stat(path).ConfigureAwait(false)).IsDirectory) { return; }
        }
        catch (SftpException e)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Repository(description),
                $"is not there any more: the server says '{e.Said}'", Advice.CheckMount, e);
        }

        throw new VarveException(ErrorKind.Storage, Subject.Repository(description), "is no directory any more", Advice.CheckMount);
    }

    /// <summary>Throws unless it is a regular file.</summary>
    internal void RequireFile(string key, in SftpAttributes attributes)
    {
        if (attributes.IsLink) { throw new VarveException(ErrorKind.Damaged, Named(key), NotFollowed, Advice.MendLink); }
        if (!attributes.IsFile) { throw VarveException.Damaged(Named(key), "it is not a regular file"); }
    }

    /// <summary>A symlink stands where a directory of the store should.</summary>
    internal VarveException LinkError(string key, ErrorKind kind) =>
        new(kind, Named(key), kind == ErrorKind.Damaged ? NotFollowed : NotFollowed[3..], Advice.MendLink);

    internal VarveException Truncated(string key, long needed) =>
        VarveException.Damaged(Named(key), $"it is truncated: it ends before byte {needed}");
}
