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

    internal static string Pack(ObjectName name)
    {
        string hex = name.ToString();
        return $"{Packs}{hex.AsSpan(0, 2)}/{hex}";
    }

    internal static string Run(ObjectName name) => Index + name;

    internal static string Snapshot(ObjectName name) => Snapshots + name;

    internal static string KeySlot(ObjectName name) => Keys + name;

    /// <summary>The name at the end of a key, or false: a foreign object.</summary>
    internal static bool TryName(string key, out ObjectName name)
    {
        bool ok = Bytes32.TryParseHex(key.AsSpan(key.LastIndexOf('/') + 1), out Bytes32 value);
        name = new ObjectName(value);
        return ok;
    }
}
