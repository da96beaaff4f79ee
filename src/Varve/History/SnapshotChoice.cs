using Varve.Model;
using Varve.Vault;
using Varve.Vault.Snapshots;

namespace Varve.History;

/// <summary>Which snapshot a person means.</summary>
internal static class SnapshotChoice
{
    /// <summary>Finds a snapshot by <c>latest</c> or the first (at least 4) hexadecimal digits of its name.</summary>
    /// <exception cref="VarveException">NotFound; Usage if several match.</exception>
    public static SnapshotInfo Find(Repository repository, string spec, string? source = null)
    {
        IEnumerable<SnapshotInfo> all = repository.Snapshots();
        if (source is not null) { all = all.Where(s => s.Snapshot.Private?.Source == source); }
        if (spec == "latest")
        {
            return all.LastOrDefault() ?? throw new VarveException(
                ErrorKind.NotFound, Subject.Repository(repository.Description), source is null ? "has no snapshot"
                : $"has no snapshot of source '{source}'", Advice.MakeSnapshot);
        }

        if (spec.Length < 4 || !spec.All(char.IsAsciiHexDigit))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), "names no snapshot", Advice.NameSnapshot);
        }

        List<SnapshotInfo> hits = [.. all.Where(s => s.Name.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{spec}'"), "begins the name of no snapshot",
                Advice.ListSnapshots),
            _ => throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), $"fits {hits.Count} snapshots", Advice.MoreDigits),
        };
    }
}
