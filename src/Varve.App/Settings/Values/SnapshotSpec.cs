using System.Globalization;
using Varve.Model;
using Varve.Vault.Snapshots;

namespace Varve.App.Settings.Values;

/// <summary>
/// A snapshot and perhaps a path in it, as typed: <c>NAME[~N][:PATH]</c>, <c>@TIME[~N][:PATH]</c>, or an absolute path alone.
/// </summary>
/// <param name="Snapshot">"latest" or the first digits of a name.</param>
/// <param name="Path">As typed, bytes; null when there is none.</param>
/// <param name="Back">How many snapshots before that.</param>
/// <param name="NotAfter">Of a time: the last snapshot that began by then.</param>
internal sealed record SnapshotSpec(string Snapshot, byte[]? Path, int Back = 0, FileTime? NotAfter = null)
{
    /// <summary>
    /// Parses. Nothing, or nothing before the colon, means the latest snapshot; and so does an absolute path, in which colons are a part of
    /// it. After a time, which has colons itself, the path begins at the first <c>:/</c>; if there is none, at the last colon that has a
    /// time before it and does not belong to it.
    /// </summary>
    /// <exception cref="VarveException">Usage: it is none of these.</exception>
    internal static SnapshotSpec Parse(string? argument, Moments moments)
    {
        if (string.IsNullOrEmpty(argument)) { return new SnapshotSpec(SnapshotQuery.Latest, null); }
        if (argument[0] == '/') { return new SnapshotSpec(SnapshotQuery.Latest, RawArguments.ToBytes(argument)); }
        if (argument[0] == '@') { return ParseTime(argument, moments); }
        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        string snapshot = colon < 0 ? argument : argument[..colon];
        if (snapshot.Contains('/', StringComparison.Ordinal))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{PathText.Of(RawArguments.ToBytes(snapshot))}'"), "is no snapshot",
                Advice.PathAfterColon);
        }

        (snapshot, int back) = Steps(snapshot);
        return new SnapshotSpec(snapshot.Length == 0 ? SnapshotQuery.Latest : RawArguments.Text(snapshot, "the snapshot"),
            PathAt(argument, colon), back);
    }

    /// <summary>A path alone, of the last snapshot that began by then.</summary>
    internal static SnapshotSpec At(FileTime time, byte[]? path) => new(SnapshotQuery.Latest, path, NotAfter: time);

    private static SnapshotSpec ParseTime(string argument, Moments moments)
    {
        int colon = argument.IndexOf(":/", StringComparison.Ordinal);
        if (colon < 0 && Time(argument, moments) is null)
        {
            colon = argument.Length;
            do { colon = argument.LastIndexOf(':', colon - 1); } while (colon > 0 && Time(argument[..colon], moments) is null);
        }

        string typed = colon < 0 ? argument : argument[..colon];
        if (Time(typed, moments) is { } found) { return new SnapshotSpec(SnapshotQuery.Latest, PathAt(argument, colon), found.Back, found.At); }
        throw new VarveException(ErrorKind.Usage, Subject.Request($"'{PathText.Of(RawArguments.ToBytes(typed))}'"),
            $"names no time; after the @ there can be {Moments.Forms}");
    }

    private static (FileTime At, int Back)? Time(string typed, Moments moments)
    {
        (string time, int back) = Steps(typed[1..]);
        return moments.Find(time) is { } at ? (at, back) : null;
    }

    /// <summary>What stands before <c>~N</c>, and N; a single <c>~</c> is one step.</summary>
    private static (string Name, int Back) Steps(string typed)
    {
        int tilde = typed.LastIndexOf('~');
        if (tilde < 0) { return (typed, 0); }
        if (tilde == typed.Length - 1) { return (typed[..tilde], 1); }
        return int.TryParse(typed.AsSpan(tilde + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int back)
            ? (typed[..tilde], back) : (typed, 0);
    }

    private static byte[]? PathAt(string argument, int colon) =>
        colon < 0 || colon == argument.Length - 1 ? null : RawArguments.ToBytes(argument[(colon + 1)..]);
}
