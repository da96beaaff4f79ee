using Varve.Model;

namespace Varve.App.Settings.Values;

/// <summary>A snapshot and perhaps a path in it, as typed: <c>SNAPSHOT[:PATH]</c>, or an absolute path alone.</summary>
/// <param name="Snapshot">"latest" or the first digits of a name.</param>
/// <param name="Path">As typed, bytes; null when there is none.</param>
internal sealed record SnapshotSpec(string Snapshot, byte[]? Path)
{
    /// <summary>
    /// Parses. Nothing, or nothing before the colon, means the latest snapshot; and so does an absolute path, in which colons are a part of
    /// it.
    /// </summary>
    internal static SnapshotSpec Parse(string? argument)
    {
        if (string.IsNullOrEmpty(argument)) { return new SnapshotSpec(SnapshotQuery.Latest, null); }
        if (argument[0] == '/') { return new SnapshotSpec(SnapshotQuery.Latest, RawArguments.ToBytes(argument)); }

        int colon = argument.IndexOf(':', StringComparison.Ordinal);
        string snapshot = colon < 0 ? argument : argument[..colon];
        string? path = colon < 0 ? null : argument[(colon + 1)..];
        if (snapshot.Contains('/', StringComparison.Ordinal))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{PathText.Of(RawArguments.ToBytes(snapshot))}'"), "is no snapshot",
                Advice.PathAfterColon);
        }

        return new SnapshotSpec(
            snapshot.Length == 0 ? SnapshotQuery.Latest : RawArguments.Text(snapshot, "the snapshot"), string.IsNullOrEmpty(path) ? null
            : RawArguments.ToBytes(path));
    }
}
