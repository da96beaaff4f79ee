using System.Buffers;
using Varve.Model;

namespace Varve.Format;

/// <summary>The paths of objects in the store (docs/format.md, 2).</summary>
internal static class ObjectKeys
{
    internal const string Header = "varve";
    internal const string Keys = "keys/";
    internal const string Packs = "packs/";
    internal const string Index = "index/";
    internal const string Snapshots = "snapshots/";
    internal const string Sessions = "sessions/";
    internal const string Condemned = "condemned/";
    internal const string Notes = "notes/";
    internal const string Fences = "fences/";
    internal const string Final = "final/";

    private const int SessionDigits = 32, SourceDigits = 16;

    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789abcdef");

    private static readonly string[] s_directories = [Keys, Packs, Index, Snapshots, Sessions, Condemned, Notes, Fences, Final];

    /// <summary>What is wrong with an object that nothing there is called like.</summary>
    internal const string NoName = "it is not named as what lies there is";

    /// <summary>The directories that all other objects lie in.</summary>
    internal static ReadOnlySpan<string> Directories => s_directories;

    internal static string Pack(ObjectName name)
    {
        string hex = name.ToString();
        return $"{Packs}{hex.AsSpan(0, 2)}/{hex}";
    }

    internal static string Run(ObjectName name) => Index + name;

    /// <summary>Where the snapshots of a source lie, and of others whose ids begin so, if there were any.</summary>
    internal static string SnapshotsOf(Bytes32 source) => $"{Snapshots}{source.ToString().AsSpan(0, SourceDigits)}/";

    internal static string Snapshot(Bytes32 source, ObjectName name) => SnapshotsOf(source) + name;

    /// <summary>Where snapshots lay before they lay by source: they are read there, and none is put there.</summary>
    internal static string OldSnapshot(ObjectName name) => Snapshots + name;

    /// <summary>Whether a snapshot lies where those of its source lie, or where all lay before.</summary>
    internal static bool IsPlaceOf(string key, Bytes32 source) =>
        key.Length == Snapshots.Length + (2 * Bytes32.Size) || key.StartsWith(SnapshotsOf(source), StringComparison.Ordinal);

    internal static string Note(ObjectName name) => Notes + name;

    internal static string KeySlot(ObjectName name) => Keys + name;

    /// <summary>The name of an object that is named by its hash, or false: nothing that lies there is called so.</summary>
    internal static bool TryName(string key, out ObjectName name)
    {
        int slash = key.LastIndexOf('/');
        ReadOnlySpan<char> folder = key.AsSpan(0, slash + 1), hex = key.AsSpan(slash + 1);
        bool ok = Bytes32.TryParseHex(hex, out Bytes32 value) && !hex.ContainsAnyInRange('A', 'F')
            && (folder is Keys or Index or Snapshots or Condemned or Notes or Fences or Final || IsFolderOfPack(folder, hex[..2])
            || IsFolderOfSource(folder));
        name = new ObjectName(value);
        return ok;
    }

    /// <summary>The name of an object that is named by its hash.</summary>
    /// <exception cref="VarveException">Damaged: nothing that lies there is called so.</exception>
    internal static ObjectName Name(string key) =>
        TryName(key, out ObjectName name) ? name : throw VarveException.Damaged(Subject.Object(key), NoName);

    /// <summary>Whether a session can be called so: by 32 lower-case hexadecimal digits.</summary>
    internal static bool IsSession(string key) =>
        key.StartsWith(Sessions, StringComparison.Ordinal) && key.Length == Sessions.Length + SessionDigits
        && !key.AsSpan(Sessions.Length).ContainsAnyExcept(s_digits);

    private static bool IsFolderOfSource(ReadOnlySpan<char> folder) =>
        folder.Length == Snapshots.Length + SourceDigits + 1 && folder.StartsWith(Snapshots)
        && !folder[Snapshots.Length..^1].ContainsAnyExcept(s_digits);

    private static bool IsFolderOfPack(ReadOnlySpan<char> folder, ReadOnlySpan<char> digits) =>
        folder.Length == Packs.Length + 3 && folder.StartsWith(Packs) && folder[Packs.Length..^1].SequenceEqual(digits);
}
