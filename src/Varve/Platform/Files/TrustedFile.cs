using System.Text;
using Varve.Model;

namespace Varve.Platform.Files;

/// <summary>
/// A file that decides who can read the backups, or what the program does: a key, a password, a configuration. What others than root and
/// the user of this process can write, or put in its place, is not opened for use; what they can read is told. Not thread-safe.
/// </summary>
internal sealed class TrustedFile : IDisposable
{
    private SafeFd _file;

    private TrustedFile(int errno) => Errno = errno;

    /// <summary>0, or why it cannot be opened; then there is nothing else to ask.</summary>
    internal int Errno { get; private set; }

    /// <summary>Why it must not be used, as a sentence without a full stop; null if it may.</summary>
    internal string? Problem { get; private set; }

    /// <summary>Why it is no secret, or not this user's alone, in the same form; null if it is.</summary>
    internal string? Remark { get; private set; }

    /// <summary>Its descriptor, open for reading.</summary>
    internal int Fd => _file.Value;

    /// <summary>Opens it and looks at it. Pipes will do: a shell's <c>&lt;(command)</c>.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="isSecret">
    /// A key or password, which root may have of the user whose files he works on: that user could change them, which is remarked. Else
    /// a configuration, which is to be root's or the user's own and may be read by all.
    /// </param>
    internal static TrustedFile Open(string path, bool isSecret)
    {
        string full = Path.GetFullPath(path);
        int errno = Posix.OpenAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(full), Posix.O_RDONLY | Posix.O_NOCTTY, out SafeFd file);
        EntryStat stat = default;
        if (errno == 0) { errno = Posix.Stat(file.Value, out stat); }
        if (errno == 0 && stat.Kind == EntryKind.Directory) { errno = Platform.Errno.EISDIR; }
        var opened = new TrustedFile(errno) { _file = file };
        if (errno != 0)
        {
            opened.Dispose();
            return opened;
        }

        bool isOwn = IsOwn(stat.Uid), mayBeAnothers = isSecret && Posix.EffectiveUser() == 0;
        string Owner() => "it belongs to " + UserText.Of(stat.Uid); // asks the account database, so only if it is told
        opened.Problem = !isOwn && !mayBeAnothers ? Owner()
            : (stat.Mode & Modes.WritableByOthers) != 0 && stat.Kind == EntryKind.File ? "others than its owner may write to it"
            : ProblemOfPlace(full, isOwn ? null : stat.Uid);
        opened.Remark = !isSecret || stat.Kind != EntryKind.File ? null
            : (stat.Mode & Modes.ReadableByOthers) != 0 ? "others than its owner may read it"
            : isOwn ? null : Owner() + ", who can change it";
        return opened;
    }

    /// <summary>
    /// Why others could put another file in the place of this one, in the same form; null if they could not. A directory where anybody may
    /// make files is such a place even if it is sticky. <paramref name="alsoOf"/>: a user who may have it besides root and this one.
    /// </summary>
    internal static string? ProblemOfPlace(string file, uint? alsoOf = null)
    {
        string folder = Path.GetDirectoryName(Real(Path.GetFullPath(file)))!;
        if (Posix.StatAt(Posix.AT_FDCWD, Encoding.UTF8.GetBytes(folder), out EntryStat stat, 0) != 0) { return null; }
        if ((stat.Mode & Modes.WritableByOthers) != 0) { return $"others may write to {folder}, where it lies"; }
        return !IsOwn(stat.Uid) && stat.Uid != alsoOf ? $"{folder}, where it lies, belongs to {UserText.Of(stat.Uid)}"
            : TrustedPath.Problem(Path.GetFullPath(file), alsoOf);
    }

    /// <summary>
    /// Reads it from where it stands, but no more than fills <paramref name="destination"/>: 0 or an error number.
    /// </summary>
    internal int Read(Span<byte> destination, out int length)
    {
        length = 0;
        while (length < destination.Length)
        {
            int errno = Posix.Read(Fd, destination[length..], out int read);
            if (errno != 0 || read == 0) { return errno; }
            length += read;
        }

        return 0;
    }

    private static bool IsOwn(uint owner) => owner == 0 || owner == Posix.EffectiveUser() || owner == UserNamespace.Unmapped;

    private static string Real(string file)
    {
        try { return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file; }
        catch (IOException) { return file; }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Close();
        _file = default;
    }
}
