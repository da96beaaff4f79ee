using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Varve.Format;
using Varve.Store;

namespace Varve.Maintain.Prune;

/// <summary>Everything that a store held at one moment, by name. A part that cannot be listed is an error. Immutable.</summary>
internal sealed class StoreListing
{
    private const int MostUnknown = 100;

    private readonly List<StoreObject> _counted = [];

    internal StoreListing(IStore store)
    {
        foreach (StoreObject item in store.List(""))
        {
            if (item.Key.StartsWith(ObjectKeys.Packs, StringComparison.Ordinal) && ObjectKeys.TryName(item.Key, out ObjectName pack))
            {
                Packs[pack] = item.Length;
            }
            else if (item.Key.StartsWith(ObjectKeys.Index, StringComparison.Ordinal) && ObjectKeys.TryName(item.Key, out ObjectName run))
            {
                Runs[run] = item.Length;
            }
            else if (!ObjectKeys.TryName(item.Key, out _) && !ObjectKeys.IsSession(item.Key) && item.Key != ObjectKeys.Header)
            {
                if (UnknownCount++ < MostUnknown) { Unknown.Add(item.Key); }
            }

            bool isSession = item.Key.StartsWith(ObjectKeys.Sessions, StringComparison.Ordinal);
            HasSessions |= ObjectKeys.IsSession(item.Key);
            bool isCounted = item.Key != ObjectKeys.Header && !isSession && !item.Key.StartsWith(ObjectKeys.Keys, StringComparison.Ordinal);
            if (isCounted) { _counted.Add(item); }
        }
    }

    /// <summary>Whether somebody is at work, or died at it.</summary>
    internal bool HasSessions { get; }

    /// <summary>The packs, with their lengths.</summary>
    internal Dictionary<ObjectName, long> Packs { get; } = [];

    /// <summary>The index runs, with their lengths.</summary>
    internal Dictionary<ObjectName, long> Runs { get; } = [];

    /// <summary>Objects that are none that a repository has, the first of them.</summary>
    internal List<string> Unknown { get; } = [];

    /// <summary>How many of them there are.</summary>
    internal long UnknownCount { get; private set; }

    /// <summary>Stands for all that decides what a prune does: two listings with the same have the same objects.</summary>
    internal string Digest(string options)
    {
        _counted.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(options + "\n"));
        foreach (StoreObject item in _counted)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Length}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
