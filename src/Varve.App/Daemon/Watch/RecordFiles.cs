using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Watch;

/// <summary>
/// Records of one kind, a file each, in a directory for their owner alone. Each is replaced in one step and is durable when that returns;
/// what is wrong with one concerns no other.
/// </summary>
internal sealed class RecordFiles<T>(PrivateDirectory directory, JsonTypeInfo<T> shape) where T : class
{
    private const string Ending = ".json";
    private const int Longest = 1 << 20, MostLetters = 100;

    /// <summary>The names of all files that may be records.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal IReadOnlyList<string> List()
    {
        int errno = directory.List(out List<string> names);
        if (errno != 0) { throw Wrong(directory.Path, Errno.Message(errno)); }
        List<string> records = names.FindAll(static n => n.EndsWith(Ending, StringComparison.Ordinal));
        records.Sort(StringComparer.Ordinal);
        return records;
    }

    /// <summary>The record in a file; null if there is none.</summary>
    /// <exception cref="VarveException">Storage: it cannot be read. Damaged: it is none.</exception>
    internal T? Read(string file)
    {
        int errno = Posix.OpenAt(directory.Fd, Encoding.UTF8.GetBytes(file), Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK,
            out SafeFd opened);
        if (errno == Errno.ENOENT) { return null; }
        string path = Path.Combine(directory.Path, file);
        var bytes = new byte[4096];
        int length = 0;
        try
        {
            while (errno == 0)
            {
                if (length == bytes.Length) { Array.Resize(ref bytes, bytes.Length * 4); }
                errno = Posix.Read(opened.Value, bytes.AsSpan(length), out int read);
                length += read;
                if (read == 0 || length > Longest) { break; }
            }
        }
        finally { opened.Close(); }

        if (errno != 0) { throw Wrong(path, "cannot be read: " + Errno.Message(errno)); }
        try
        {
            return (length <= Longest ? JsonSerializer.Deserialize(bytes.AsSpan(0, length), shape) : null)
                ?? throw new VarveException(ErrorKind.Damaged, Subject.Path(path), "is no record", Advice.RemoveRecord);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new VarveException(ErrorKind.Damaged, Subject.Path(path), "is no record", Advice.RemoveRecord, e);
        }
    }

    /// <summary>Puts a record in the place of what is there, durably.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal void Write(string file, T record)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(record, shape);
        try
        {
            directory.Replace(file, stream =>
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            });
            Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(Path.Combine(directory.Path, file), "cannot be written: " + Errno.Message(e), e);
        }
    }

    /// <summary>Removes a record, durably; false if there was none.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal bool Remove(string file)
    {
        int errno = directory.Remove(file);
        if (errno == Errno.ENOENT) { return false; }
        if (errno != 0) { throw Wrong(Path.Combine(directory.Path, file), "cannot be removed: " + Errno.Message(errno)); }
        Sync();
        return true;
    }

    /// <summary>The file of a name: itself as far as it is of letters, digits, '-' and '_', with a hash behind it if it is long.</summary>
    internal static string FileOf(string name) => Plain(name) + Ending;

    /// <summary>The same without its ending.</summary>
    internal static string Plain(string name)
    {
        var text = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_') { text.Append((char)b); }
            else { text.Append('%').Append(Convert.ToHexString([b])); }
        }

        return text.Length <= MostLetters ? text.ToString()
            : $"{text.ToString(0, MostLetters / 2)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..32]}";
    }

    private void Sync()
    {
        int errno = DurableFile.SyncDirectory(directory.Fd);
        if (errno != 0) { throw Wrong(directory.Path, "cannot be made durable: " + Errno.Message(errno)); }
    }

    private static VarveException Wrong(string path, string what, Exception? cause = null) =>
        new(ErrorKind.Storage, Subject.Path(path), what, Advice.CheckDirectory, cause);
}
