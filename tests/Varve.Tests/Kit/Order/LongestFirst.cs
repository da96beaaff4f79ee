using Varve.Tests.Backup;
using Varve.Tests.Crash;
using Varve.Tests.EndToEnd;
using Varve.Tests.Freeze;
using Varve.Tests.Kit.Order;
using Varve.Tests.Models;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace Varve.Tests.Kit.Order;

/// <summary>
/// What takes longest begins first, then what takes minutes, then the rest in the order of its names' hashes, which mixes rooms. Begun at
/// the end, a class of minutes would run alone, with the other processors idle.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>As measured, the longest first; where one stands costs time only.</summary>
    internal static readonly IReadOnlyList<Type> Longest =
    [
        typeof(LvmTests), typeof(InstallTests), typeof(DatabaseTests), typeof(CrashEnumerationTests), typeof(DaemonTests),
        typeof(KilledBackupTests), typeof(ProtocolModelTests), typeof(PruneBesideTests), typeof(FidelityTests), typeof(SystemdTests),
        typeof(ThrashTests),
    ];

    private static readonly Dictionary<string, int> s_ranks = Longest.Select(static (t, i) => (t.FullName!, i)).ToDictionary();

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(static c => Rank(ClassOf(c.TestCollectionDisplayName))).ThenBy(static c => c.UniqueID)];

    /// <summary>The place of a class among all; null is none, or no class that is known.</summary>
    internal static int Rank(string? name) => name is null ? Longest.Count + 1
        : s_ranks.TryGetValue(name, out int rank) ? rank
        : Takes(typeof(LongestFirst).Assembly.GetType(name)) ? Longest.Count : Longest.Count + 1;

    /// <summary>"Test collection for A.B (id: ...)" is what xunit calls the collection of a class that is in no other.</summary>
    internal static string? ClassOf(string display)
    {
        const string begins = "Test collection for ";
        int end = display.IndexOf(" (", StringComparison.Ordinal);
        return !display.StartsWith(begins, StringComparison.Ordinal) || end < 0 ? null : display[begins.Length..end];
    }

    private static bool Takes(Type? type) => type is not null
        && type.GetCustomAttributes(typeof(TraitAttribute), inherit: false).Cast<TraitAttribute>()
            .Any(static t => t is { Name: "Takes", Value: "minutes" });
}
