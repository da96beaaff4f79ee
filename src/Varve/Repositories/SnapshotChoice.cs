using Varve.Model;

namespace Varve.Repositories;

/// <summary>Which snapshot a person means.</summary>
public static class SnapshotChoice
{
    /// <summary>Finds a snapshot by <c>latest</c> or the first (at least 4) hexadecimal digits of its name.</summary>
    /// <exception cref="VarveException">NotFound; Usage if several match.</exception>
    public static SnapshotInfo FindSnapshot(this Repository repository, string spec, string? source = null)
    {
        IEnumerable<SnapshotInfo> all = repository.Snapshots();
        if (source is not null) { all = all.Where(s => s.Snapshot.Private?.Source == source); }
        if (spec == "latest")
        {
            return all.LastOrDefault() ?? throw new VarveException(
                ErrorKind.NotFound, source is null ? "the repository has no snapshot" : $"there is no snapshot of source '{source}'", "Make one with: varve backup PATH");
        }

        if (spec.Length < 4 || !spec.All(char.IsAsciiHexDigit))
        {
            throw new VarveException(ErrorKind.Usage, $"'{spec}' names no snapshot", "Give 'latest' or at least 4 digits of a name that 'varve snapshots' shows.");
        }

        List<SnapshotInfo> hits = [.. all.Where(s => s.Name.ToString().StartsWith(spec, StringComparison.OrdinalIgnoreCase))];
        return hits.Count switch
        {
            1 => hits[0],
            0 => throw new VarveException(ErrorKind.NotFound, $"there is no snapshot {spec}", "'varve snapshots' lists them."),
            _ => throw new VarveException(ErrorKind.Usage, $"'{spec}' fits {hits.Count} snapshots", "Give more digits."),
        };
    }
}
